import fc from 'fast-check'
import { isRecord } from '../objects/manifests.ts'
import { formatPath, type Path, type Step, withValueAt } from '../objects/paths.ts'
import { keyArbitrary, suggestionsFor } from './arbitrary.ts'
import { anyKey, nameOf, type ValuesKey } from './keys.ts'
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
  const path = concretePath(key, profile.values, around)
  const grown = withParents(key, path, profile.values, around)
  const full = withRequired(key, path, grown, around)
  const values = [full, grown].find(around.takes) ?? profile.values
  return { name: profile.name, values, path, current: around.read(values, path) }
}

/** The context with a different value at the key's place; undefined when the schema refuses it. */
export function changed(
  key: ValuesKey,
  { path, values }: Context,
  value: unknown,
  around: Surroundings,
): object | undefined {
  const grown = withParents(key, path, values, around)
  const beside = around.write(grown, path, value)
  if (around.takes(beside)) return beside
  // Siblings may be mutually exclusive: then the key is the only one in its parent.
  const empty = typeof path.at(-1) === 'number' ? [] : {}
  const emptied = withValueAt(grown, path.slice(0, -1), empty) as object
  const single = around.write(emptied, path, value)
  return around.takes(single) ? single : undefined
}

/** The key's path with a key that exists in the values, or a new one, for each `*`. */
export function concretePath(key: ValuesKey, values: object, schema: ValuesSchema): Path {
  const path: Step[] = []
  for (const [index, step] of key.path.entries()) {
    const here = step === anyKey ? schema.read(values, path) : undefined
    const [first] = isRecord(here) ? Object.keys(here) : []
    path.push(step === anyKey ? (first ?? newKey(key.parents[index], schema)) : step)
  }
  return path
}

function newKey(node: SchemaNode | undefined, schema: ValuesSchema): string {
  const drawn = node ? fc.sample(keyArbitrary(node, schema), { seed: 1, numRuns: 20 }) : []
  return drawn.find((name) => /^[a-z]{3,}$/i.test(name)) ?? 'changed'
}

/** The values with a map or list at every parent of the key. */
function withParents(key: ValuesKey, path: Path, values: object, around: Surroundings): object {
  return path.slice(1).reduce<object>((below, next, index) => {
    const parent = path.slice(0, index + 1)
    const node = key.parents[index + 1]
    const here = around.read(below, parent)
    const isThere = typeof next === 'number' ? Array.isArray(here) : isRecord(here)
    if (isThere || !node) return below
    const name = nameOf(key.path.slice(0, index + 1))
    const suggested = suggestionsFor(name, around.suggestions)?.find((value) => isRecord(value))
    return around.write(below, parent, suggested ?? newParent(node, next, name, around))
  }, values)
}

function newParent(node: SchemaNode, next: Step, name: string, around: Surroundings): unknown {
  if (typeof next !== 'string') return []
  const simplest = (key: string): unknown =>
    simplestValue(
      { name: `${name}.${key}`, node: around.node(node.properties.get(key) ?? [true]) },
      around,
    )
  const entries = node.required.filter((key) => key !== next).map((key) => [key, simplest(key)])
  const parent = Object.fromEntries(entries) as object
  const isFree = !node.properties.has(next)
  if (isFree || around.accepts(node, { ...parent, [next]: simplest(next) })) return parent
  // A map without the key, but with whatever it requires, such as one of several keys.
  const drawn = fc.sample(around.make({ name, node }), { seed: 1, numRuns: 50 }).filter(isRecord)
  return drawn.find((map) => !(next in map) && around.accepts(node, map)) ?? parent
}

function withRequired(key: ValuesKey, path: Path, values: object, around: Surroundings): object {
  const last = path.at(-1)
  const isNeeded = typeof last === 'string' && key.parents.at(-1)?.required.includes(last)
  if (!isNeeded || around.read(values, path) !== undefined) return values
  return around.write(values, path, simplestValue(key, around))
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
  const parent = contextOf(key, profile, around)
  for (let steps = key.parents.length - 1; steps > 0; steps--) {
    for (const [name, schemas] of key.parents[steps]?.properties ?? []) {
      const place = [...parent.path.slice(0, steps), name]
      if (name === parent.path[steps]) continue
      for (const value of switchesOf(around.node(schemas), around.read(parent.values, place))) {
        const values = around.write(parent.values, place, value)
        if (!around.takes(values)) continue
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
