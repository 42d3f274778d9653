import fc from 'fast-check'
import { isRecord } from '../objects/manifests.ts'
import { type ArbitraryMaker, boundsOf, type Samples, samplesFor } from './arbitrary.ts'
import type { ValuesKey } from './keys.ts'
import type { SchemaNode } from './schema.ts'
import { plainStrings } from './strings.ts'
import type { ValuesSchema } from './values-schema.ts'

const most = 6
const seed = 1

/**
 * Other values for the place, samples first, then natural ones, then drawn ones; none equals what stands
 * there. Where a sample is a map or a list the place wants a shape that nobody guesses: samples alone.
 */
export function otherValues(
  key: Pick<ValuesKey, 'name' | 'node'>,
  current: unknown,
  schema: ValuesSchema,
  make: ArbitraryMaker,
  samples: Samples = {},
): unknown[] {
  const sampled = samplesFor(key.name, samples) ?? []
  const guesses = [
    () => naturalChanges(key.node, current),
    () => fc.sample(make(key), { seed, numRuns: 12 }),
  ]
  const found = new Map<string, unknown>()
  for (const list of [() => sampled, ...(sampled.some(isShaped) ? [] : guesses)]) {
    if (found.size >= most) break
    for (const value of list()) {
      const text = JSON.stringify(value)
      const isOther = text !== JSON.stringify(current) && value !== null
      if (isOther && schema.accepts(key.node, value)) found.set(text, value)
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
  return [
    ...(typeof current === 'boolean' ? [!current] : []),
    ...texts,
    ...plainStrings,
    ...[number + 1, number - 1, number, max, min],
    true,
    false,
    ['changed'],
    isRecord(current) ? { ...current, changed: 'changed' } : { changed: 'changed' },
  ]
}

/** The first and simplest value that the schema takes at the place, if it takes any. */
export function simplestValue(
  key: Pick<ValuesKey, 'name' | 'node'>,
  schema: ValuesSchema,
  make: ArbitraryMaker,
): unknown {
  return otherValues(key, undefined, schema, make)[0]
}
