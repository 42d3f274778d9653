// The source of the values schema: fragments in schema/values, one per top-level key; `_*.yaml` hold definitions.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { fail } from './cli.ts'

/** JSON Schema as fragments write it; the keys with a sentence are our own. */
export interface Fragment {
  type?: string | string[]
  enum?: unknown[]
  $ref?: string
  description?: string
  default?: unknown
  properties?: Record<string, Fragment>
  items?: Fragment
  additionalProperties?: boolean | Fragment
  propertyNames?: Fragment
  required?: string[]
  pattern?: string
  /** What `pattern` accepts, in plain words. */
  named?: string
  /** The definition whose keys this object takes, beside its own. */
  takes?: string
  /** Those of them that it does not take. */
  without?: string[]
  /** The defaults of those that it takes. */
  defaults?: Record<string, unknown>
  /** The variable that the value becomes. */
  env?: unknown
  /** That the value is a credential, and the variable that hands it to processes. */
  credential?: unknown
  /** The key that switches on the facility whose settings these are. */
  when?: unknown
  [keyword: string]: unknown
}

/** All fragments: the top-level keys, in the order of values.yaml, and the definitions. */
export interface ValuesSource {
  keys: Record<string, Fragment>
  definitions: Record<string, Fragment>
}

/** Reads schema/values and puts the top-level keys in the order of chart/values.yaml. */
export async function readValuesSource(root: string): Promise<ValuesSource> {
  const folder = join(root, 'schema/values')
  if (!existsSync(folder))
    fail(`${root}: no folder schema/values in it. Name the repository's folder.`)
  const source: ValuesSource = { keys: {}, definitions: {} }
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()) {
    const content = await readMap(root, `schema/values/${file}`)
    if (!file.startsWith('_')) source.keys[file.replace('.yaml', '')] = content
    else Object.assign(source.definitions, content)
  }
  const order = Object.keys(await readValues(root))
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length)
  const sorted = Object.entries(source.keys).sort(([a], [b]) => rank(a) - rank(b))
  return { keys: Object.fromEntries(sorted), definitions: source.definitions }
}

/** Reads chart/values.yaml. */
export function readValues(root: string): Promise<Record<string, unknown>> {
  return readMap(root, 'chart/values.yaml')
}

async function readMap(root: string, path: string): Promise<Record<string, unknown>> {
  const document = parseDocument(await readFile(join(root, path), 'utf8'))
  const [error] = document.errors
  if (error) fail(`${path}: ${error.message.split('\n')[0]} Correct the file.`)
  const content: unknown = document.toJS()
  return isMap(content) ? content : fail(`${path}: not a YAML map. Write one key per line.`)
}

/** True for what YAML calls a map. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The definition that a `$ref` such as `#/definitions/image` names; `at` says who refers to it. */
export function findDefinition(source: ValuesSource, ref: string, at: string): Fragment {
  const name = ref.replace('#/definitions/', '')
  const found = source.definitions[name]
  return (
    found ??
    fail(`${at}: there is no definition "${name}". Add it to a file schema/values/_*.yaml.`)
  )
}

/** The keys that a fragment takes from a definition, each as that definition has it. */
export function takenKeys(
  source: ValuesSource,
  fragment: Fragment,
  at: string,
): Record<string, Fragment> {
  const { takes, without = [], defaults = {}, properties = {} } = fragment
  if (takes === undefined) return {}
  const definition = findDefinition(source, takes, at)
  const all = allKeys(source, definition, `${at} (${takes})`)
  for (const key of [...without, ...Object.keys(defaults)]) {
    if (!(key in all)) fail(`${at}: the definition "${takes}" has no key "${key}". Remove it here.`)
  }
  const own = new Set([...without, ...Object.keys(properties)])
  return Object.fromEntries(Object.entries(all).filter(([key]) => !own.has(key)))
}

/** All keys of an object: those that it takes, then its own. */
export function allKeys(
  source: ValuesSource,
  fragment: Fragment,
  at: string,
): Record<string, Fragment> {
  return { ...takenKeys(source, fragment, at), ...fragment.properties }
}

/** The schemas inside a fragment, each with the path that a message shows. */
export function childrenOf(fragment: Fragment, at: string): [string, Fragment][] {
  const children: [string, Fragment][] = Object.entries(fragment.properties ?? {}).map(
    ([key, child]) => [`${at}.${key}`, child],
  )
  if (fragment.items) children.push([`${at}[]`, fragment.items])
  if (isMap(fragment.additionalProperties)) {
    children.push([`${at}.*`, fragment.additionalProperties])
  }
  return children
}

/** True if the type of a fragment, or one of its types, is `object`. */
export function isObject(fragment: Fragment): boolean {
  return [fragment.type].flat().includes('object')
}
