// Vendors JSON Schemas of Kubernetes' kinds: from the OpenAPI document of a release to the files of a folder v1.NN,
// which createSchemaChecker and kubeconform read.
import { createHash } from 'node:crypto'
import { maxSatisfying } from 'semver'
import { isRecord } from '../objects/manifests.ts'
import { kept } from '../objects/once.ts'
import { listVersions, readModule } from '../tools/go-module.ts'
import type { Environment } from '../tools/run-command.ts'
import { ToolError } from '../tools/tool-pins.ts'
import { convertDefinitions, type Definitions } from './convert-openapi.ts'
import { definitionsFile, kindsFile, schemaFileOf } from './kubernetes-schemas.ts'

const goModule = 'k8s.io/kubernetes'
/** Where the OpenAPI document is, in the module and in a source tree alike. */
const documentPath = 'api/openapi-spec/swagger.json'

/** A kind as the API serves it. */
export interface ServedKind {
  readonly apiVersion: string
  readonly kind: string
}

/**
 * All files of a minor's folder, by name.
 * @param swagger the text of the OpenAPI document
 * @param version the Kubernetes release that it comes from, e.g. `v1.36.3`
 */
export function schemaFiles(
  swagger: string,
  version: string,
  kinds: readonly ServedKind[],
): Map<string, string> {
  const definitions = parseDocument(swagger, version)
  const roots = kinds.map((kind) => [kind, definitionOf(definitions, kind, version)] as const)
  const hash = createHash('sha256').update(swagger).digest('hex')
  const converted = convertDefinitions(
    definitions,
    roots.map(([, name]) => name),
  )
  // Sorted, so that equal content is equal text.
  const lines = Object.keys(converted)
    .sort()
    .map((name) => `"${name}": ${JSON.stringify(converted[name], sortedKeys)}`)
  const source = `${goModule} ${version} ${documentPath} sha256:${hash}`
  const text = `{"$comment": "${source}",\n"definitions": {\n${lines.join(',\n')}\n}}\n`
  const files = new Map([[definitionsFile, text]])
  for (const [kind, name] of roots) {
    const reference = { $ref: `${definitionsFile}#/definitions/${name}` }
    files.set(schemaFileOf(kind), `${JSON.stringify(reference)}\n`)
  }
  return files.set(kindsFile, formatKinds(definitions))
}

/** Every kind of object that the API has, vendored or not: a line for each version of a group. */
function formatKinds(definitions: Definitions): string {
  const byApi = new Map<string, Set<string>>()
  for (const node of Object.values(definitions)) {
    if (!node.properties?.metadata?.$ref?.endsWith('.ObjectMeta')) continue
    for (const one of kindsOf(node)) {
      const kinds = kept(byApi, apiVersionOf(one), () => new Set<string>())
      kinds.add(String(one.kind))
    }
  }
  const lines = [...byApi].map(([api, kinds]) => `"${api}": ${JSON.stringify([...kinds].sort())}`)
  return `{\n${lines.sort().join(',\n')}\n}\n`
}

/** The release that a folder was made from, as its files say; undefined when they do not. */
export function recordedVersion(files: ReadonlyMap<string, string>): string | undefined {
  const text = files.get(definitionsFile) ?? ''
  return /^\{"\$comment": "k8s\.io\/kubernetes (v\S+) /.exec(text)?.[1]
}

/** For JSON.stringify: sorts keys, so that equal content is equal text. */
export function sortedKeys(_key: string, value: unknown): unknown {
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function parseDocument(text: string, version: string): Definitions {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new ToolError(
      `the OpenAPI document of ${version} is not JSON. Give a whole ${documentPath}.`,
    )
  }
  if (isRecord(document) && 'swagger' in document && isRecord(document.definitions))
    return document.definitions as Definitions
  throw new ToolError(
    `the document of ${version} is not Swagger 2.0. Give Kubernetes' ${documentPath}.`,
  )
}

function definitionOf(
  definitions: Definitions,
  { apiVersion, kind }: ServedKind,
  version: string,
): string {
  const found = Object.entries(definitions).find(([, node]) =>
    kindsOf(node).some((one) => apiVersionOf(one) === apiVersion && one.kind === kind),
  )
  if (found) return found[0]
  throw new ToolError(
    `${version} has no ${kind} in ${apiVersion}. Correct the list of kinds or the document.`,
  )
}

function apiVersionOf({ group, version }: Record<string, unknown>): string {
  return group ? `${group}/${version}` : String(version)
}

function kindsOf(node: object): Record<string, unknown>[] {
  const kinds = 'x-kubernetes-group-version-kind' in node && node['x-kubernetes-group-version-kind']
  return Array.isArray(kinds) ? kinds.filter(isRecord) : []
}

/** The newest patch release of a minor that the Go module proxy lists; pre-releases do not count. */
export async function findNewestPatch(minor: string, env: Environment): Promise<string> {
  const newest = maxSatisfying(await listVersions(goModule, env), `~${minor}.0`)
  if (newest) return newest
  throw new ToolError(`the Go module proxy lists no release of ${minor}. Try later.`)
}

/** The text of the release's OpenAPI document. */
export async function downloadSwagger(version: string, env: Environment): Promise<string> {
  const { texts } = await readModule({ module: goModule, version }, [documentPath], env)
  return texts.get(documentPath) ?? ''
}
