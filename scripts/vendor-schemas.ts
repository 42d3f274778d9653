// Usage: npx tsx scripts/vendor-schemas.ts [--minor 1.NN[.P]]… [--check] [--from FILE] [--out DIR]
// Writes strict JSON Schemas of the kinds that we render, one folder per Kubernetes minor, from the
// newest patch release that the Go module proxy lists (or the one that --minor names).
// --check writes nothing: it makes each folder again from the release that it names, and compares.
// --from reads the OpenAPI document from a file: api/openapi-spec/swagger.json of a source tree.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { type Call, fail, readArgs, runScript } from './lib/cli.ts'
import {
  compareFiles,
  MINORS,
  recordedVersion,
  schemaFiles,
} from './lib/kubernetes-schema-files.ts'
import { downloadSwagger, listVersions, newestPatch } from './lib/kubernetes-schema-source.ts'

const USAGE =
  'vendor-schemas: npx tsx scripts/vendor-schemas.ts [--minor 1.NN] [--check] [--from FILE] [--out DIR]'
const SCHEMAS = resolve(import.meta.dirname, '../schema/kubernetes')

interface Target {
  readonly minor: string
  /** The exact release, when the user named one. */
  readonly version: string | undefined
}

function readTarget(text: string): Target {
  const [, minor = '', patch] = /^v?(\d+\.\d+)(\.\d+)?$/.exec(text) ?? []
  if (!MINORS.includes(minor)) {
    fail(
      `vendor-schemas: --minor "${text}" is none of ${MINORS.join(', ')}. Give one, e.g. 1.36 or 1.36.3`,
    )
  }
  return { minor, version: patch && `v${minor}${patch}` }
}

interface Options {
  readonly targets: readonly Target[]
  readonly check: boolean
  readonly from: string | undefined
  readonly out: string
}

function readOptions(args: readonly string[], cwd: string): Options {
  const { values } = readArgs(USAGE, {
    args: [...args],
    options: {
      minor: { type: 'string', multiple: true, default: [...MINORS] },
      check: { type: 'boolean', default: false },
      from: { type: 'string' },
      out: { type: 'string', default: SCHEMAS },
    },
  })
  const targets = values.minor.map(readTarget)
  if (values.from !== undefined && (targets.length > 1 || !targets[0]?.version)) {
    fail('vendor-schemas: --from is one release. Say which, e.g. --minor 1.36.3')
  }
  return { targets, check: values.check, from: values.from, out: resolve(cwd, values.out) }
}

async function readFolder(dir: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names) files.set(name, await readFile(join(dir, name), 'utf8'))
  return files
}

async function writeFolder(dir: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const name of await readdir(dir)) if (!files.has(name)) await rm(join(dir, name))
  for (const [name, text] of files) await writeFile(join(dir, name), text)
}

async function chooseVersion(
  target: Target,
  recorded: string | undefined,
  check: boolean,
  env: Call['env'],
): Promise<string> {
  if (target.version) return target.version
  if (check) {
    return (
      recorded ??
      fail(`vendor-schemas: v${target.minor} is not vendored. Run the script without --check.`)
    )
  }
  const newest = newestPatch(await listVersions(env), target.minor)
  return (
    newest ??
    fail(`vendor-schemas: the Go module proxy lists no release of ${target.minor}. Try later.`)
  )
}

async function readSwagger(
  version: string,
  from: string | undefined,
  { cwd, env, warn }: Call,
): Promise<string> {
  if (from === undefined) {
    warn(`vendor-schemas: downloading k8s.io/kubernetes@${version}`)
    return downloadSwagger(version, env)
  }
  return readFile(resolve(cwd, from), 'utf8').catch((error: NodeJS.ErrnoException) =>
    fail(`vendor-schemas: --from ${from} can't be read (${error.code}). Name a swagger.json file.`),
  )
}

/** What `npm run vendor-schemas` does. */
export async function main(call: Call): Promise<void> {
  const { cwd, print } = call
  const { targets, check, from, out } = readOptions(call.args, cwd)
  let stale = 0
  for (const target of targets) {
    const dir = join(out, `v${target.minor}`)
    const actual = await readFolder(dir)
    const version = await chooseVersion(target, recordedVersion(actual), check, call.env)
    const files = schemaFiles(await readSwagger(version, from, call), version)
    const changes = compareFiles(files, actual)
    if (!check) await writeFolder(dir, files)
    for (const change of check ? changes : []) print(join(relative(cwd, dir), change))
    if (check) stale += changes.length
    print(
      `v${target.minor}: ${version}, ${files.size} files, ${changes.length} ${check ? 'stale' : 'changed'}`,
    )
  }
  if (stale > 0)
    fail(
      `vendor-schemas: files that are not what the script writes: ${stale}. Run it without --check.`,
    )
}

await runScript(main, import.meta)
