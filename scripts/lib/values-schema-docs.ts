// docs/values.md: the reference of all values.
import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import {
  allKeys,
  childrenOf,
  type Fragment,
  findDefinition,
  isMap,
  takenKeys,
  type ValuesSource,
} from './values-schema.ts'

const INTRO = `# Values

<!-- Made by scripts/build-docs.ts from schema/values/*.yaml. Do not edit: \`npm run build\`. -->

Every key of the chart's values. \`chart/values.schema.json\` checks them: Helm refuses unknown keys and wrong types. A
\`null\` in your values removes a default. What several keys share stands once, in [shared blocks](#shared-blocks).
`

const HEAD = '| key | type | default | description |\n|---|---|---|---|\n'

/** The text of docs/values.md. */
export function emitDocs(source: ValuesSource): string {
  const keys = Object.entries(source.keys).map(([key, fragment]) => section(source, key, fragment))
  const blocks = Object.entries(source.definitions)
    .filter(([, fragment]) => fragment.properties || fragment.takes !== undefined)
    .map(([name, fragment]) => `### ${name} block\n\n${body(source, name, '', fragment)}`)
  return [INTRO, ...keys, '## Shared blocks\n', ...blocks].join('\n')
}

function section(source: ValuesSource, key: string, fragment: Fragment): string {
  const plain = fragment.properties || fragment.takes !== undefined
  if (!plain) return `## ${key}\n\n${table([row(key, fragment)])}`
  return `## ${key}\n\n${sentence(fragment)}\n\n${body(source, key, key, fragment)}`
}

/** What an object takes from elsewhere, then the table of its keys. */
function body(source: ValuesSource, name: string, path: string, fragment: Fragment): string {
  const taken = fragment.takes === undefined ? '' : `${takenText(fragment)}\n\n`
  return taken + table(rowsOf(source, name, path, fragment))
}

function takenText(fragment: Fragment): string {
  const { takes = '', without = [] } = fragment
  const list = without.map((key) => `\`${key}\``).join(', ')
  return `Takes every key of ${link(takes)}${list ? ` but ${list}` : ''}.`
}

function rowsOf(source: ValuesSource, at: string, path: string, fragment: Fragment): string[] {
  const taken = Object.entries(takenKeys(source, fragment, at)).flatMap(([key, child]) => {
    const known = fragment.defaults !== undefined && key in fragment.defaults
    return known ? [row(join(path, key), { ...child, default: fragment.defaults?.[key] })] : []
  })
  const own = Object.entries(fragment.properties ?? {}).flatMap(([key, child]) =>
    rowsOfKey(source, at, join(path, key), child),
  )
  return [...taken, ...own]
}

function rowsOfKey(source: ValuesSource, at: string, path: string, fragment: Fragment): string[] {
  if (
    fragment.$ref !== undefined &&
    isMap(fragment.default) &&
    !isDeepStrictEqual(fragment.default, {})
  ) {
    const defaults = fragment.default
    const definition = findDefinition(source, fragment.$ref, at)
    const inner = Object.entries(allKeys(source, definition, at)).flatMap(([key, child]) =>
      key in defaults ? [row(join(path, key), { ...child, default: defaults[key] })] : [],
    )
    return [row(path, { ...fragment, default: undefined }), ...inner]
  }
  if (fragment.takes !== undefined) {
    const first = { ...fragment, description: `${sentence(fragment)} ${takenText(fragment)}` }
    return [row(path, first), ...rowsOf(source, at, path, fragment)]
  }
  const inner = childrenOf(fragment, path).flatMap(([childPath, child]) =>
    isEntry(childPath)
      ? entryRows(source, at, childPath, child)
      : rowsOfKey(source, at, childPath, child),
  )
  const each = fragment.items?.takes === undefined ? '' : ` Each: ${takenText(fragment.items)}`
  return [row(path, { ...fragment, description: sentence(fragment) + each }), ...inner]
}

/** The items of a list or a map have no description of their own, but their keys do. */
function entryRows(source: ValuesSource, at: string, path: string, fragment: Fragment): string[] {
  return fragment.takes === undefined && !fragment.properties
    ? []
    : rowsOf(source, at, path, fragment)
}

function isEntry(path: string): boolean {
  return path.endsWith('[]') || path.endsWith('.*')
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key
}

function sentence(fragment: Fragment): string {
  return fragment.description?.trim() ?? ''
}

function table(rows: string[]): string {
  return `${HEAD}${rows.join('')}`
}

function row(path: string, fragment: Fragment): string {
  const value = fragment.default === undefined ? '' : code(inline(fragment.default))
  const cells = [code(path), typeText(fragment), value, sentence(fragment)]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
}

function typeText(fragment: Fragment): string {
  if (fragment.$ref !== undefined) {
    const name = fragment.$ref.replace('#/definitions/', '')
    return NAMED_TYPES[name] ?? link(name)
  }
  if (fragment.enum) return fragment.enum.map((value) => code(inline(value))).join(' | ')
  const types = [fragment.type ?? 'object'].flat()
  return types.map((type) => TYPE_WORDS[type] ?? type).join(' | ')
}

const TYPE_WORDS: Record<string, string> = { array: 'list', object: 'map', string: 'text' }

// Definitions of single values, in words.
const NAMED_TYPES: Record<string, string> = {
  quantity: 'quantity (`500m`, `2Gi`)',
  port: 'port',
  count: 'integer',
  intOrPercent: 'integer | percentage',
  hostname: 'host name',
  optionalHostname: 'host name',
  hostPort: 'host name',
  server: 'host name | address',
  ip: 'address',
  cidr: 'address range',
  ipOrCidr: 'address | range',
  objectName: 'name',
  neededName: 'name',
  capacity: 'quantity',
  optionalName: 'name',
  registry: 'registry',
  optionalPath: 'path',
  strings: 'list of texts',
  labels: 'labels',
  annotations: 'annotations',
  env: 'map of variables',
  quantities: 'map of quantities',
  envFrom: 'list as in Kubernetes',
  volumes: 'list as in Kubernetes',
  containers: 'list as in Kubernetes',
  peers: `list of ${link('peer')}`,
  ingressTls: 'list as in an Ingress',
}

/** A link to the section of a definition. */
function link(definition: string): string {
  return `[${definition}](#${definition.toLowerCase()}-block)`
}

function code(text: string): string {
  return text === '' ? '`""`' : `\`${text}\``
}

function inline(value: unknown): string {
  return stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    flowCollectionPadding: false,
  }).trim()
}
