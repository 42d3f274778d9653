import fc, { type Arbitrary } from 'fast-check'
import { formatPath, type Path, withValueAt } from '../objects/paths.ts'
import { type ArbitraryMaker, createArbitraries, type Samples, samplesFor } from './arbitrary.ts'
import type { Base } from './bases.ts'
import { concretePath } from './contexts.ts'
import type { ValuesKey } from './keys.ts'
import { mergeValues } from './merge.ts'
import type { ValuesSchema } from './values-schema.ts'

/** One set of values to try: a base with some keys set. */
export interface FuzzCase {
  readonly base: string
  readonly values: object
  /** What was set, as `path: value`. */
  readonly changes: readonly string[]
  /** Of invalid values: the key that is wrong. */
  readonly mistake?: Path
}

interface Setting {
  readonly key: ValuesKey
  readonly value: unknown
}

const mostSettings = 5

/** Random values that the schema takes, over one of the bases. Fewer and simpler ones come from shrinking. */
export function validCases(
  schema: ValuesSchema,
  bases: readonly Base[],
  samples: Samples,
): Arbitrary<FuzzCase> {
  const make = createArbitraries(schema, samples)
  return fc
    .record({
      base: fc.constantFrom(...bases),
      settings: fc.array(settings(schema, samples, make), {
        minLength: 1,
        maxLength: mostSettings,
      }),
    })
    .map(({ base, settings: chosen }) => caseOf(base, chosen, schema))
    .filter(({ values }) => schema.violations(values).length === 0)
}

function settings(
  schema: ValuesSchema,
  samples: Samples,
  make: ArbitraryMaker,
): Arbitrary<Setting> {
  const keys = keysToSet(schema, samples)
  return fc.oneof(
    ...keys.map(({ key, weight }) => ({
      weight,
      arbitrary: lazy(() => make(key)).map((value) => ({ key, value })),
    })),
  )
}

// There are thousands of keys, and most runs need few of them.
function lazy<T>(make: () => Arbitrary<T>): Arbitrary<T> {
  return fc.constant(undefined).chain(() => make())
}

interface Weighted {
  readonly key: ValuesKey
  readonly weight: number
}

/** The keys, each with the weight that a walk from the root by chance gives it. */
function keysToSet(schema: ValuesSchema, samples: Samples): Weighted[] {
  const keys = schema.keys.filter((key) => isSettable(key, samples))
  const children = new Map<string, number>()
  for (const { path } of keys) {
    const parent = JSON.stringify(path.slice(0, -1))
    children.set(parent, (children.get(parent) ?? 0) + 1)
  }
  const chance = (path: Path): number =>
    path.reduce<number>((product, _, index) => {
      return product / (children.get(JSON.stringify(path.slice(0, index))) ?? 1)
    }, 1)
  return keys.map((key) => ({ key, weight: Math.max(1, Math.round(chance(key.path) * 1e6)) }))
}

// Below a place with samples only whole samples make sense.
function isSettable({ path }: ValuesKey, samples: Samples): boolean {
  const above = path.map((_, index) => nameOf(path.slice(0, index)))
  return !above.some((name) => name !== '' && samplesFor(name, samples))
}

function nameOf(path: Path): string {
  return formatPath(path).replaceAll('[0]', '[]').replaceAll('"*"', '*')
}

function caseOf(base: Base, chosen: readonly Setting[], schema: ValuesSchema): FuzzCase {
  const changes: string[] = []
  let values = base.values
  for (const { key, value } of chosen) {
    const path = concretePath(key, mergeValues(schema.defaults, values), schema)
    values = withValueAt(values, path, value, schema.defaults) as object
    changes.push(`${formatPath(path)}: ${JSON.stringify(value)}`)
  }
  return { base: base.name, values, changes }
}
