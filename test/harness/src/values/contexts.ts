import fc from 'fast-check'
import { isRecord } from '../objects/manifests.ts'
import { formatPath, type Path, type Step, valueAt, withValueAt } from '../objects/paths.ts'
import { keyArbitrary, suggestionsFor } from './arbitrary.ts'
import { anyKey, type ValuesKey } from './keys.ts'
import { mergeValues } from './merge.ts'
import type { SchemaNode } from './schema.ts'
import { type Profile, type Surroundings, simplestValue } from './surroundings.ts'
import type { ValuesSchema } from './values-schema.ts'

/** A profile in which the parents of a key exist, and the concrete place of the key in it. */
export interface Context {
  /** The profile's name, and what was switched on in it. */
  readonly name: string
  readonly values: object
  readonly path: Path
  /** What is at the place; undefined: nothing. */
  readonly current: unknown
}

/** The profile with the parents of the key, if the schema accepts that; else the profile only. */
export function contextOf(key: ValuesKey, profile: Profile, around: Surroundings): Context {
  const { schema } = around
  const path = concretePath(key, mergeValues(schema.defaults, profile.values), schema)
  const grown = withParents(key, path, profile.values, around)
  const full = withRequired(key, path, grown, around)
  const legal = [full, grown].find((values) => schema.violations(values).length === 0)
  const values = legal ?? profile.values
  const current = valueAt(mergeValues(schema.defaults, values), path)
  return { name: profile.name, values, path, current }
}

/** The context with a different value at the key's place; undefined when the schema refuses it. */
export function changed(
  key: ValuesKey,
  { path, values }: Context,
  value: unknown,
  around: Surroundings,
): object | undefined {
  const { schema } = around
  const grown = withParents(key, path, values, around)
  const set = (below: object): object => withValueAt(below, path, value, schema.defaults) as object
  const isLegal = (all: object): boolean => schema.violations(all).length === 0
  const beside = set(grown)
  if (isLegal(beside)) return beside
  // Siblings may be mutually exclusive: then the key is alone in its parent.
  const alone = set(withValueAt(grown, path.slice(0, -1), emptyFor(path.at(-1))) as object)
  return isLegal(alone) ? alone : undefined
}

function emptyFor(step: string | number | undefined): unknown {
  return typeof step === 'number' ? [] : {}
}

/** The key's path with a key that exists, or a new one, for each `*`. */
export function concretePath(key: ValuesKey, values: unknown, schema: ValuesSchema): Path {
  const path: Step[] = []
  for (const [index, step] of key.path.entries()) {
    const here = valueAt(values, path)
    const [first] = isRecord(here) ? Object.keys(here) : []
    path.push(step === anyKey ? (first ?? newKey(key.parents[index], schema)) : step)
  }
  return path
}

function newKey(node: SchemaNode | undefined, schema: ValuesSchema): string {
  if (!node) return 'changed'
  const keys = keyArbitrary(node, schema)
  return (
    fc.sample(keys, { seed: 1, numRuns: 20 }).find((name) => /^[a-z]{3,}$/i.test(name)) ?? 'changed'
  )
}

/** The values with all parents of the key. */
function withParents(key: ValuesKey, path: Path, values: object, around: Surroundings): object {
  return path.slice(1).reduce<object>((below, _, index) => {
    return withParent(key, path, index + 1, below, around)
  }, values)
}

/** The values with a map or list at the parent with this many steps, if there is none. */
function withParent(
  key: ValuesKey,
  path: Path,
  steps: number,
  values: object,
  around: Surroundings,
): object {
  const { schema, suggestions } = around
  const parent = path.slice(0, steps)
  const node = key.parents[steps]
  const here = valueAt(mergeValues(schema.defaults, values), parent)
  const isThere = typeof path[steps] === 'number' ? Array.isArray(here) : isRecord(here)
  if (isThere || !node) return values
  const name = formatPath(key.path.slice(0, steps)).replaceAll('[0]', '[]')
  const suggested = suggestionsFor(name, suggestions)?.find((value) => isRecord(value))
  const value = suggested ?? newParent(node, path[steps], name, around)
  return withValueAt(values, parent, value, schema.defaults) as object
}

function newParent(
  node: SchemaNode,
  next: string | number | undefined,
  name: string,
  around: Surroundings,
): unknown {
  if (typeof next !== 'string') return []
  const { schema } = around
  const simplest = (key: string): unknown => {
    const place = { name: `${name}.${key}`, node: schema.node(node.properties.get(key) ?? [true]) }
    return simplestValue(place, around)
  }
  const entries = node.required.filter((key) => key !== next).map((key) => [key, simplest(key)])
  const parent = Object.fromEntries(entries) as object
  const isFree = !node.properties.has(next)
  if (isFree || schema.accepts(node, { ...parent, [next]: simplest(next) })) return parent
  return companions(node, next, name, around) ?? parent
}

/** A map without the key, but with what must be beside it: one of several keys, say. */
function companions(
  node: SchemaNode,
  key: string,
  name: string,
  { schema, make }: Surroundings,
): object | undefined {
  const drawn = fc.sample(make({ name, node }), { seed: 1, numRuns: 50 })
  return drawn.filter(isRecord).find((map) => !(key in map) && schema.accepts(node, map))
}

function withRequired(key: ValuesKey, path: Path, values: object, around: Surroundings): object {
  const { defaults } = around.schema
  const last = path.at(-1)
  const isNeeded = typeof last === 'string' && key.parents.at(-1)?.required.includes(last)
  const here = valueAt(mergeValues(defaults, values), path)
  if (!isNeeded || here !== undefined) return values
  return withValueAt(values, path, simplestValue(key, around), defaults) as object
}

/** The contexts for a key: first each profile, then each with one switch beside the key or its parents. */
export function* contextsOf(
  key: ValuesKey,
  profiles: readonly Profile[],
  around: Surroundings,
): Generator<Context> {
  for (const profile of profiles) yield contextOf(key, profile, around)
  for (const profile of profiles) yield* switchedContexts(key, profile, around)
}

function* switchedContexts(
  key: ValuesKey,
  profile: Profile,
  around: Surroundings,
): Generator<Context> {
  const { schema } = around
  for (let steps = key.parents.length - 1; steps > 0; steps--) {
    const parent = contextOf(key, profile, around)
    const table = parent.path.slice(0, steps)
    for (const [name, schemas] of key.parents[steps]?.properties ?? []) {
      const place = [...table, name]
      if (name === parent.path[steps]) continue
      const current = valueAt(mergeValues(schema.defaults, parent.values), place)
      for (const value of switchesOf(schema.node(schemas), current)) {
        const values = withValueAt(parent.values, place, value, schema.defaults) as object
        if (schema.violations(values).length > 0) continue
        const text = `${profile.name} with ${formatPath(place)}: ${JSON.stringify(value)}`
        yield contextOf(key, { name: text, values }, around)
      }
    }
  }
}

function switchesOf(node: SchemaNode, current: unknown): unknown[] {
  const isSwitch = node.allowed ? node.allowed.length <= 6 : node.types.has('boolean')
  if (!isSwitch || node.types.has('string') !== Boolean(node.allowed)) return []
  return (node.allowed ?? [true, false]).filter((value) => value !== current && value !== null)
}
