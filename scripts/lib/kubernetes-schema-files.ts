// The files of one folder schema/kubernetes/v1.NN: what they are called and what is in them.
import { createHash } from 'node:crypto'
import { fail } from './cli.ts'
import { convertDefinitions, type Definitions, type JsonSchema } from './kubernetes-schema.ts'

/** A kind as the API serves it; the core group is the empty string. */
export interface Kind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** The minors that the chart is tested against, the oldest first. */
export const MINORS: readonly string[] = '1.30 1.31 1.32 1.33 1.34 1.35 1.36 1.37'.split(' ')

/** Where the OpenAPI document is, in the module and in a source tree alike. */
export const SWAGGER_PATH = 'api/openapi-spec/swagger.json'

const DEFINITIONS_FILE = '_definitions.json'

const KINDS_BY_GROUP = {
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
export const KINDS: readonly Kind[] = Object.entries(KINDS_BY_GROUP).flatMap(([api, kinds]) => {
  const [version = '', group = ''] = api.split('/').reverse()
  return kinds.split(' ').map((kind) => ({ group, version, kind }))
})

/** The file's name as kubeconform's `{{.ResourceKind}}{{.KindSuffix}}.json` asks for it. */
export function schemaFileName({ group, version, kind }: Kind): string {
  const parts = [kind, group.split('.')[0], version].filter((part) => part)
  return `${parts.join('-').toLowerCase()}.json`
}

/**
 * All files of a minor's folder, by name.
 * @param swagger the text of the OpenAPI document
 * @param version the Kubernetes release that it comes from, e.g. `v1.36.3`
 */
export function schemaFiles(
  swagger: string,
  version: string,
  kinds: readonly Kind[] = KINDS,
): Map<string, string> {
  const definitions = parseSwagger(swagger, version)
  const roots = kinds.map((kind) => [kind, definitionOf(definitions, kind, version)] as const)
  const hash = createHash('sha256').update(swagger).digest('hex')
  const source = `k8s.io/kubernetes ${version} ${SWAGGER_PATH} sha256:${hash}`
  const converted = convertDefinitions(
    definitions,
    roots.map(([, name]) => name),
  )
  const files = new Map([[DEFINITIONS_FILE, definitionsText(converted, source)]])
  for (const [kind, name] of roots) {
    const reference = { $ref: `${DEFINITIONS_FILE}#/definitions/${name}` }
    files.set(schemaFileName(kind), `${JSON.stringify(reference)}\n`)
  }
  return files
}

/** The release that a folder was made from, as its files say; undefined when they do not. */
export function recordedVersion(files: ReadonlyMap<string, string>): string | undefined {
  const text = files.get(DEFINITIONS_FILE) ?? ''
  return /^\{"\$comment": "k8s\.io\/kubernetes (v\S+) /.exec(text)?.[1]
}

/** One line for each file that is missing, differs or should not be there. */
export function compareFiles(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): string[] {
  const names = [...new Set([...expected.keys(), ...actual.keys()])].sort()
  return names.flatMap((name) => {
    if (!actual.has(name)) return [`${name}: missing`]
    if (!expected.has(name)) return [`${name}: not made by this script`]
    return expected.get(name) === actual.get(name) ? [] : [`${name}: differs`]
  })
}

/** JSON without spaces whose keys are sorted, so that equal content is equal text. */
export function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stableJson(item)}`).join(',')}}`
}

function definitionsText(definitions: Record<string, JsonSchema>, source: string): string {
  const lines = Object.entries(definitions).map(
    ([name, schema]) => `"${name}": ${stableJson(schema)}`,
  )
  return `{"$comment": "${source}",\n"definitions": {\n${lines.join(',\n')}\n}}\n`
}

function parseSwagger(text: string, version: string): Definitions {
  const document = parseJson(text, version)
  const isObject = typeof document === 'object' && document !== null
  if (!isObject || !('definitions' in document) || !('swagger' in document)) {
    return fail(
      `vendor-schemas: the document of ${version} is not Swagger 2.0. Give Kubernetes' ${SWAGGER_PATH}.`,
    )
  }
  return document.definitions as Definitions
}

function parseJson(text: string, version: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fail(
      `vendor-schemas: the OpenAPI document of ${version} is not JSON. Give a whole ${SWAGGER_PATH}.`,
    )
  }
}

function definitionOf(definitions: Definitions, wanted: Kind, version: string): string {
  const found = Object.entries(definitions).find(([, node]) =>
    kindsOf(node).some((kind) => stableJson(kind) === stableJson(wanted)),
  )
  if (found) return found[0]
  const api = [wanted.group, wanted.version].filter((part) => part).join('/')
  return fail(
    `vendor-schemas: ${version} has no ${wanted.kind} in ${api}. Correct KINDS_BY_GROUP or the document.`,
  )
}

function kindsOf(node: object): unknown[] {
  const kinds = 'x-kubernetes-group-version-kind' in node && node['x-kubernetes-group-version-kind']
  return Array.isArray(kinds) ? kinds : []
}
