import fc from 'fast-check'
import {
  type ArbitraryMaker,
  boundsOf,
  createArbitraries,
  type Suggestions,
  suggestionsFor,
} from './arbitrary.ts'
import type { ValuesKey } from './keys.ts'
import type { SchemaNode } from './schema.ts'
import { plainStrings } from './strings.ts'
import { openValuesSchema, type ValuesSchema } from './values-schema.ts'

/** Values under which parts of the chart are on that its defaults leave off; the schema must accept them. */
export interface Profile {
  readonly name: string
  readonly values: object
}

/** What all changes of keys need: the schema, and how values for a place are made. */
export interface Surroundings extends ValuesSchema {
  readonly suggestions: Suggestions
  readonly make: ArbitraryMaker
}

/** Opens the chart's schema. Throws for a profile that it refuses: nothing legal could be built on that. */
export function openSurroundings(
  chart: { readonly path: string },
  options: { readonly profiles: readonly Profile[]; readonly suggestions?: Suggestions },
): Surroundings {
  const schema = openValuesSchema(chart.path)
  for (const { name, values } of options.profiles) {
    const [violation] = schema.violations(values)
    if (!violation) continue
    const { path, message } = violation
    throw new Error(
      `the profile "${name}" is refused by the schema: ${path || '(root)'} ${message}. Correct it.`,
    )
  }
  const { suggestions = {} } = options
  return { ...schema, suggestions, make: createArbitraries(schema, suggestions) }
}

const most = 6
const seed = 1

/**
 * Different values for the place: suggestions, then natural ones, then drawn ones. Where a suggestion is a
 * map or a list, the place needs a shape that cannot be guessed: only suggestions.
 */
export function otherValues(
  key: Pick<ValuesKey, 'name' | 'node'>,
  current: unknown,
  { accepts, suggestions, make }: Surroundings,
): unknown[] {
  const suggested = suggestionsFor(key.name, suggestions) ?? []
  const guesses = [
    () => naturalChanges(key.node, current),
    () => fc.sample(make(key), { seed, numRuns: 12 }),
  ]
  const found = new Map<string, unknown>()
  for (const list of [() => suggested, ...(suggested.some(isShaped) ? [] : guesses)]) {
    if (found.size >= most) break
    for (const value of list()) {
      const text = JSON.stringify(value)
      const isOther = text !== JSON.stringify(current) && value !== null
      if (isOther && accepts(key.node, value)) found.set(text, value)
    }
  }
  return [...found.values()].slice(0, most)
}

function isShaped(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function naturalChanges(node: SchemaNode, current: unknown): unknown[] {
  if (node.allowed) return [...node.allowed]
  const texts = typeof current === 'string' ? [`${current}7`, `7${current}`, `${current}/7`] : []
  const { min, max } = boundsOf(node)
  const number = typeof current === 'number' ? current : Math.max(min, 7)
  const isMap = typeof current === 'object' && current !== null && !Array.isArray(current)
  return [
    ...(typeof current === 'boolean' ? [!current] : []),
    ...texts,
    ...plainStrings,
    ...[number + 1, number - 1, number, max, min],
    true,
    false,
    ['changed'],
    isMap ? { ...current, changed: 'changed' } : { changed: 'changed' },
  ]
}

/** The first and simplest value that the schema accepts at the place, if there is one. */
export function simplestValue(
  key: Pick<ValuesKey, 'name' | 'node'>,
  around: Surroundings,
): unknown {
  return otherValues(key, undefined, { ...around, suggestions: {} })[0]
}
