// What must be true of the fragments: every key described, every default the one in chart/values.yaml.
import { isDeepStrictEqual } from 'node:util'
import {
  allKeys,
  childrenOf,
  type Fragment,
  findDefinition,
  isMap,
  takenKeys,
  type ValuesSource,
} from './values-schema.ts'

/** Keys without a description, one sentence each. */
function findUndescribed(source: ValuesSource): string[] {
  const problems: string[] = []
  const visit = (fragment: Fragment, at: string, needed: boolean): void => {
    if (needed && !fragment.description?.trim().endsWith('.')) {
      problems.push(`${at}: no description. Write a full sentence into schema/values.`)
    }
    for (const [path, child] of childrenOf(fragment, at)) {
      visit(child, path, !/(\[\]|\.\*)$/.test(path))
    }
  }
  for (const [key, fragment] of Object.entries(source.keys)) visit(fragment, key, true)
  for (const [name, fragment] of Object.entries(source.definitions)) visit(fragment, name, false)
  return problems
}

/** The default of a fragment, put together from those of its keys; undefined if there is none. */
function defaultOf(source: ValuesSource, fragment: Fragment, at: string): unknown {
  if ('default' in fragment) return fragment.default
  const own = Object.entries(fragment.properties ?? {}).map(
    ([key, child]) => [key, defaultOf(source, child, `${at}.${key}`)] as const,
  )
  const entries = [...Object.entries(fragment.defaults ?? {}), ...own]
  const known = entries.filter(([, value]) => value !== undefined)
  return known.length > 0 ? Object.fromEntries(known) : undefined
}

/** Where chart/values.yaml and the defaults of the fragments differ, one sentence each. */
function compareDefaults(source: ValuesSource, values: Record<string, unknown>): string[] {
  const root: Fragment = { type: 'object', properties: source.keys }
  return compare(source, root, values, defaultOf(source, root, ''), '')
}

function compare(
  source: ValuesSource,
  fragment: Fragment | undefined,
  actual: unknown,
  expected: unknown,
  at: string,
): string[] {
  if (isDeepStrictEqual(actual, expected)) return []
  if (at && fragment === undefined) {
    return [`${at}: chart/values.yaml has this key, the schema lacks it. Add it to schema/values.`]
  }
  const keys = fragment ? keysOf(source, fragment, at) : {}
  if (isMap(actual) && isMap(expected)) {
    return [...new Set([...Object.keys(actual), ...Object.keys(expected)])].flatMap((key) => {
      const child = isFree(source, fragment, at) ? {} : keys[key]
      return compare(source, child, actual[key], expected[key], at ? `${at}.${key}` : key)
    })
  }
  const [is, should] = [actual, expected].map((value) => JSON.stringify(value) ?? 'nothing')
  return [
    `${at}: ${is} in chart/values.yaml, ${should} as default in schema/values. Make them equal.`,
  ]
}

/** The keys of an object, behind a `$ref` too. */
function keysOf(source: ValuesSource, fragment: Fragment, at: string): Record<string, Fragment> {
  if (fragment.$ref !== undefined) {
    return keysOf(source, findDefinition(source, fragment.$ref, at), at)
  }
  return allKeys(source, fragment, at)
}

/** True for an object whose keys the user chooses. */
function isFree(source: ValuesSource, fragment: Fragment | undefined, at: string): boolean {
  if (fragment?.$ref !== undefined) {
    return isFree(source, findDefinition(source, fragment.$ref, at), at)
  }
  return fragment?.additionalProperties !== undefined
}

/** Everything that is wrong with the fragments; empty if nothing is. */
export function checkValuesSource(source: ValuesSource, values: Record<string, unknown>): string[] {
  for (const [name, fragment] of Object.entries(source.definitions)) {
    takenKeys(source, fragment, name)
  }
  return [...findUndescribed(source), ...compareDefaults(source, values)]
}
