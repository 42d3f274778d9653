// Usage: npm run vendor-schemas -- [--minor 1.NN[.P]]… [--check] [--from FILE] [--out DIR]
// Writes strict JSON Schemas of the kinds that we render, one folder for each Kubernetes minor, from the newest patch release
// that the Go module proxy lists (or the one that --minor names). Without --minor: the minors that have a folder.
// --check writes nothing: it generates each folder again from the release that it names, and compares.
// --from reads the OpenAPI document from a file: api/openapi-spec/swagger.json of a source tree.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import {
  downloadSwagger,
  findNewestPatch,
  recordedVersion,
  type ServedKind,
  schemaFiles,
  ToolError,
} from 'chart-harness'
import { minors, schemaDir } from '../test/rules/project.ts'
import { type Call, fail, readArgs, runScript } from './lib/cli.ts'

const kindsByApi = {
  v1: 'ConfigMap Namespace PersistentVolume PersistentVolumeClaim Pod Secret Service ServiceAccount',
  'apps/v1': 'Deployment StatefulSet',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'batch/v1': 'CronJob Job',
  'networking.k8s.io/v1': 'Ingress NetworkPolicy',
  'policy/v1': 'PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
  'scheduling.k8s.io/v1': 'PriorityClass',
  'storage.k8s.io/v1': 'StorageClass',
}

/** The kinds that a chart of ours renders; each has a file in every folder. */
export const vendoredKinds: readonly ServedKind[] = Object.entries(kindsByApi).flatMap(
  ([apiVersion, kinds]) => kinds.split(' ').map((kind) => ({ apiVersion, kind })),
)

interface Target {
  readonly minor: string
  /** The exact release, when the user named one. */
  readonly version: string | undefined
}

/** What `npm run vendor-schemas` does. */
export async function main(call: Call): Promise<void> {
  const { cwd, print } = call
  const { targets, check, from, out } = readOptions(call.args, cwd)
  let stale = 0
  for (const target of targets) {
    const dir = join(out, `v${target.minor}`)
    const actual = readFolder(dir)
    const { version, files } = await makeFiles(target, recordedVersion(actual), check, from, call)
    const changes = compareFiles(files, actual)
    if (!check) writeFolder(dir, files)
    for (const change of check ? changes : []) print(join(relative(cwd, dir), change))
    if (check) stale += changes.length
    const counted = `${changes.length} ${check ? 'stale' : 'changed'}`
    print(`v${target.minor}: ${version}, ${files.size} files, ${counted}`)
  }
  if (stale > 0) fail(`vendor-schemas: out-of-date files: ${stale}. Run it without --check.`)
}

function readOptions(args: readonly string[], cwd: string) {
  const { values } = readArgs(import.meta, args, {
    options: {
      minor: { type: 'string', multiple: true, default: [...minors] },
      check: { type: 'boolean', default: false },
      from: { type: 'string' },
      out: { type: 'string', default: schemaDir },
    },
  })
  const targets = values.minor.map(readTarget)
  if (values.from !== undefined && (targets.length > 1 || !targets[0]?.version))
    fail('vendor-schemas: --from is one release. Say which, e.g. --minor 1.36.3')
  return { targets, check: values.check, from: values.from, out: resolve(cwd, values.out) }
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
): Promise<{ readonly version: string; readonly files: ReadonlyMap<string, string> }> {
  if (check && !named && !recorded)
    fail(`vendor-schemas: v${minor} is not vendored. Run the script without --check.`)
  try {
    const known = named ?? (check ? recorded : undefined)
    const version = known ?? (await findNewestPatch(minor, env))
    if (from === undefined) warn(`vendor-schemas: downloading k8s.io/kubernetes@${version}`)
    const swagger = from === undefined ? await downloadSwagger(version, env) : readFile(from, cwd)
    return { version, files: schemaFiles(swagger, version, vendoredKinds) }
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    return fail(`vendor-schemas: ${error.message}`)
  }
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
