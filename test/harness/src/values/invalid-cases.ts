import fc, { type Arbitrary } from 'fast-check'
import { formatPath, valueAt, withValueAt } from '../objects/paths.ts'
import type { Base } from './bases.ts'
import type { FuzzCase } from './cases.ts'
import { concretePath } from './contexts.ts'
import type { ValuesKey } from './keys.ts'
import { mergeValues } from './merge.ts'
import { type JsonType, typeOf } from './schema.ts'
import type { ValuesSchema } from './values-schema.ts'

/** One way to break values, and what it makes of a key. */
type Breaker = (key: ValuesKey, defaults: object) => readonly unknown[]

const ofEachType: Readonly<Record<Exclude<JsonType, 'integer'>, unknown>> = {
  array: ['wrong'],
  boolean: true,
  null: null,
  number: 7.5,
  object: { wrong: 'wrong' },
  string: 'wrong',
}

const breakers: Readonly<Record<string, Breaker>> = {
  'wrong type': (key, defaults) => {
    const types = typesOf(key, defaults)
    return Object.values(ofEachType).filter((value) => !types.has(typeOf(value)))
  },
  'unknown value': ({ node }) => (node.allowed ? ['wrong', 'yes', ''] : []),
  'out of range': ({ node: { parts } }) =>
    parts.flatMap(({ minimum, maximum }) => [
      ...(minimum === undefined ? [] : [minimum - 1]),
      ...(maximum === undefined ? [] : [maximum + 1]),
    ]),
  'broken pattern': ({ node: { parts } }) =>
    parts.some(({ pattern }) => pattern !== undefined)
      ? ['not / allowed : at all\n', ' ', '{{ .Values }}', '-', '!']
      : [],
  'wrong length': ({ node: { parts } }) =>
    parts.flatMap(({ maxLength, minItems }) => [
      ...(maxLength === undefined ? [] : ['a'.repeat(maxLength + 1)]),
      ...(minItems === undefined ? [] : [[]]),
    ]),
  'unknown key': ({ node }) =>
    node.types.has('object') && node.additional === false ? [{ unknownKey: 'wrong' }] : [],
}

// Of a key for which the schema has no word the default is the only hint.
function typesOf({ node, path }: ValuesKey, defaults: object): ReadonlySet<JsonType> {
  const fallback = valueAt(defaults, path) ?? null
  const isSilent = node.types.size > Object.keys(ofEachType).length && node.branches.length === 0
  if (!isSilent || fallback === null) return node.types
  const type = typeOf(fallback)
  return new Set<JsonType>([type === 'integer' ? 'number' : type, type, 'null'])
}

/** Values with one mistake, of a kind that the schema is there to find. */
export function invalidCases(schema: ValuesSchema, bases: readonly Base[]): Arbitrary<FuzzCase> {
  const ways = Object.entries(breakers).flatMap(([name, breaker]) => {
    const keys = schema.keys.filter((key) => breaker(key, schema.defaults).length > 0)
    return keys.length === 0 ? [] : [{ name, breaker, keys }]
  })
  if (ways.length === 0) throw new Error('fuzz: the schema forbids nothing. Add types to it.')
  return fc
    .constantFrom(...ways)
    .chain(({ name, breaker, keys }) =>
      fc.record({
        name: fc.constant(name),
        breaker: fc.constant(breaker),
        key: fc.constantFrom(...keys),
      }),
    )
    .chain(({ name, breaker, key }) =>
      fc.record({
        base: fc.constantFrom(...bases),
        value: fc.constantFrom(...breaker(key, schema.defaults)),
        key: fc.constant(key),
        name: fc.constant(name),
      }),
    )
    .map(({ base, value, key, name }) => {
      const path = concretePath(key, mergeValues(schema.defaults, base.values), schema)
      const values = withValueAt(base.values, path, value, schema.defaults) as object
      return {
        base: base.name,
        values,
        changes: [`${formatPath(path)}: ${JSON.stringify(value)} (${name})`],
        mistake: path,
      }
    })
}
