// Usage: npm run vendor-schemas -- [--minor 1.NN[.P]]… [--crds] [--check] [--from FILE] [--out DIR]
// Writes strict JSON Schemas of the kinds in scripts/lib/vendored-kinds.ts: Kubernetes' own into one folder for each minor, from
// the newest patch release that the Go module proxy lists (or the one that --minor names), those of others into crds.
// Without --minor and --crds: the minors that have a folder, and crds.
// --check writes nothing: it generates each folder again from the release that it names, and compares.
// --from reads the OpenAPI document from a file: api/openapi-spec/swagger.json of a source tree.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import {
  type CrdTexts,
  crdFiles,
  downloadCrds,
  downloadSwagger,
  findNewestPatch,
  recordedVersion,
  schemaFiles,
  ToolError,
} from 'chart-harness'
import { minors, root } from '../test/rules/project.ts'
import { type Call, fail, readArgs, runScript } from './lib/cli.ts'
import { crdModules, vendoredKinds } from './lib/vendored-kinds.ts'

interface Target {
  readonly minor: string
  /** The exact release, when the user named one. */
  readonly version: string | undefined
}

/** The files of one folder, and what they are made from. */
interface Made {
  readonly source: string
  readonly files: ReadonlyMap<string, string>
}

/** What `npm run vendor-schemas` does. */
export async function main(call: Call): Promise<void> {
  const { targets, crds, check, from, out } = readOptions(call.args, call.cwd)
  const work = targets.map((target) => {
    const dir = join(out, 'kubernetes', `v${target.minor}`)
    return [dir, () => makeFiles(target, recordedVersion(readFolder(dir)), check, from, call)]
  }) as [string, () => Promise<Made>][]
  if (crds) work.push([join(out, 'crds'), () => makeCrdFiles(call)])
  let stale = 0
  for (const [dir, make] of work) stale += await writeOrCheck(dir, make, check, call)
  if (stale > 0) fail(`vendor-schemas: out-of-date files: ${stale}. Run it without --check.`)
}

/** How many files are out of date; none if they were just written. */
async function writeOrCheck(
  dir: string,
  make: () => Promise<Made>,
  check: boolean,
  { cwd, print }: Call,
): Promise<number> {
  const { source, files } = await make().catch((error: unknown) => {
    if (!(error instanceof ToolError)) throw error
    return fail(`vendor-schemas: ${error.message}`)
  })
  const changes = compareFiles(files, readFolder(dir))
  if (!check) writeFolder(dir, files)
  for (const change of check ? changes : []) print(join(relative(cwd, dir), change))
  const counted = `${changes.length} ${check ? 'stale' : 'changed'}`
  print(`${basename(dir)}: ${source}, ${files.size} files, ${counted}`)
  return check ? changes.length : 0
}

function readOptions(args: readonly string[], cwd: string) {
  const { values } = readArgs(import.meta, args, {
    options: {
      minor: { type: 'string', multiple: true },
      crds: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      from: { type: 'string' },
      out: { type: 'string', default: join(root, 'schema') },
    },
  })
  const all = values.minor === undefined && !values.crds
  const targets = (values.minor ?? (all ? minors : [])).map(readTarget)
  const crds = all || values.crds
  if (values.from !== undefined && (targets.length > 1 || !targets[0]?.version))
    fail('vendor-schemas: --from is one release. Say which, e.g. --minor 1.36.3')
  return { targets, crds, check: values.check, from: values.from, out: resolve(cwd, values.out) }
}

function readTarget(text: string): Target {
  const [, minor, patch] = /^v?(1\.\d+)(\.\d+)?$/.exec(text) ?? []
  if (minor === undefined)
    return fail(`vendor-schemas: --minor "${text}" is not a version. Give one, e.g. 1.36 or 1.36.3`)
  return { minor, version: patch && `v${minor}${patch}` }
}

async function makeFiles(
  { minor, version: named }: Target,
  recorded: string | undefined,
  check: boolean,
  from: string | undefined,
  { cwd, env, warn }: Call,
): Promise<Made> {
  if (check && !named && !recorded)
    fail(`vendor-schemas: v${minor} is not vendored. Run the script without --check.`)
  const known = named ?? (check ? recorded : undefined)
  const version = known ?? (await findNewestPatch(minor, env))
  if (from === undefined) warn(`vendor-schemas: downloading k8s.io/kubernetes@${version}`)
  const swagger = from === undefined ? await downloadSwagger(version, env) : readFile(from, cwd)
  return { source: version, files: schemaFiles(swagger, version, vendoredKinds) }
}

async function makeCrdFiles({ env, warn }: Call): Promise<Made> {
  const texts: CrdTexts[] = []
  for (const one of crdModules) {
    warn(`vendor-schemas: downloading ${one.module}@${one.version}`)
    texts.push(await downloadCrds(one, env))
  }
  return { source: `${texts.length} modules`, files: crdFiles(texts) }
}

function readFile(file: string, cwd: string): string {
  const path = resolve(cwd, file)
  if (existsSync(path)) return readFileSync(path, 'utf8')
  return fail(`vendor-schemas: --from ${file} does not exist. Name a swagger.json file.`)
}

/** The texts of a folder's files by name; none if there is no such folder. */
export function readFolder(dir: string): Map<string, string> {
  const names = existsSync(dir) ? readdirSync(dir) : []
  return new Map(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')]))
}

function writeFolder(dir: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(dir, { recursive: true })
  for (const name of readdirSync(dir)) if (!files.has(name)) rmSync(join(dir, name))
  for (const [name, text] of files) writeFileSync(join(dir, name), text)
}

/** One line for each file that is missing, differs or should not be there. */
function compareFiles(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): string[] {
  const names = [...new Set([...expected.keys(), ...actual.keys()])].sort()
  return names.flatMap((name) => {
    if (!actual.has(name)) return [`${name}: missing`]
    if (!expected.has(name)) return [`${name}: not written by this script`]
    return expected.get(name) === actual.get(name) ? [] : [`${name}: differs`]
  })
}

await runScript(main, import.meta)
