import fc, { type Arbitrary } from 'fast-check'
import { anyKey, type ValuesKey } from './keys.ts'
import type { JsonType, SchemaNode, SchemaObject } from './schema.ts'
import { stringArbitrary, yamlStrings } from './strings.ts'
import type { ValuesSchema } from './values-schema.ts'

/**
 * Values for places about which the schema says too little, by the end of the key's name:
 * `{ 'volumes[]': [{ name: 'a', emptyDir: {} }] }`.
 */
export type Suggestions = Readonly<Record<string, readonly unknown[]>>

/** Makes arbitraries of what a place may hold. */
export type ArbitraryMaker = (key: Pick<ValuesKey, 'name' | 'node'>) => Arbitrary<unknown>

/** The suggestions for a place: of all ends that fit the longest. */
export function suggestionsFor(
  name: string,
  suggestions: Suggestions,
): readonly unknown[] | undefined {
  const ends = Object.keys(suggestions).filter((end) => name === end || name.endsWith(`.${end}`))
  const [longest] = ends.sort((a, b) => b.length - a.length)
  return longest === undefined ? undefined : suggestions[longest]
}

/** Arbitraries that give only what the schema takes at the place itself. */
export function createArbitraries(
  schema: ValuesSchema,
  suggestions: Suggestions = {},
): ArbitraryMaker {
  const known = new Map<string, Arbitrary<unknown>>()
  const make: ArbitraryMaker = ({ name, node }) => {
    const suggested = suggestionsFor(name, suggestions)
    if (suggested) return fc.constantFrom(...suggested)
    const at = known.get(name)
    if (at) return at
    // A schema may refer to itself: in its own depth it takes the simplest value.
    if (name.split('.').length > 12) return fc.constant(null)
    const made = anyOf({ node, name, schema, make }).filter((value) => schema.accepts(node, value))
    known.set(name, made)
    return made
  }
  return make
}

function anyOf(place: Place): Arbitrary<unknown> {
  const { node, name, schema, make } = place
  if (node.allowed) return fc.constantFrom(...node.allowed)
  if (node.branches.length > 0) {
    return fc.oneof(...node.branches.map((branch) => make({ name, node: schema.node([branch]) })))
  }
  const types = [...node.types].filter((type) => type !== 'integer' || !node.types.has('number'))
  const isOpen = types.length >= 6
  const wanted = isOpen ? types.filter((type) => type !== 'object' && type !== 'array') : types
  return fc.oneof(
    ...wanted.map((type) => ({ weight: type === 'null' ? 1 : 4, arbitrary: ofType(type, place) })),
  )
}

interface Place {
  readonly node: SchemaNode
  readonly name: string
  readonly schema: ValuesSchema
  readonly make: ArbitraryMaker
}

function ofType(type: JsonType, place: Place): Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null)
  if (type === 'boolean') return fc.boolean()
  if (type === 'string') return stringArbitrary(place.node)
  if (type === 'array') return listArbitrary(place)
  if (type === 'object') return mapArbitrary(place)
  return numberArbitrary(place.node, type === 'integer')
}

/** The bounds of the numbers that a place takes. */
export function boundsOf({ parts }: Pick<SchemaNode, 'parts'>): {
  readonly min: number
  readonly max: number
} {
  const above = ({ minimum, exclusiveMinimum }: SchemaObject): number =>
    Math.max(minimum ?? -2, exclusiveMinimum === undefined ? -2 : exclusiveMinimum + 1)
  const below = ({ maximum = largest, exclusiveMaximum = largest + 1 }: SchemaObject): number =>
    Math.min(maximum, exclusiveMaximum - 1)
  const min = Math.max(-2, ...parts.map(above))
  const max = Math.min(largest, ...parts.map(below))
  return { min, max: Math.max(min, max) }
}

// Most numbers of Kubernetes have 32 bits.
const largest = 2 ** 31 - 1

function numberArbitrary(node: SchemaNode, isWhole: boolean): Arbitrary<number> {
  const { min, max } = boundsOf(node)
  const from = Math.ceil(min)
  const small = fc.integer({ min: from, max: Math.max(from, Math.min(max, from + 20)) })
  const whole = fc.integer({ min: from, max: Math.max(from, Math.floor(max)) })
  // From a million on Go prints floats with an exponent.
  const million = fc.constant(Math.max(from, Math.min(1_000_000, Math.floor(max))))
  const fractions = isWhole ? [] : [small.map((number) => number + 0.25)]
  return fc.oneof(small, whole, million, ...fractions)
}

function listArbitrary({ node, name, schema, make }: Place): Arbitrary<unknown[]> {
  const bound = (key: 'maxItems' | 'minItems', fallback: number): number[] =>
    node.parts.map((part) => part[key] ?? fallback)
  const minLength = Math.max(0, ...bound('minItems', 0))
  const maxLength = Math.max(minLength, Math.min(3, ...bound('maxItems', 3)))
  const item = make({ name: `${name}[]`, node: schema.node([node.items ?? true]) })
  const isUnique = node.parts.some(({ uniqueItems }) => uniqueItems)
  return isUnique
    ? fc.uniqueArray(item, { minLength, maxLength, selector: (value) => JSON.stringify(value) })
    : fc.array(item, { minLength, maxLength })
}

const absent = Symbol('absent')

function mapArbitrary(place: Place): Arbitrary<object> {
  const { node, name, schema, make } = place
  const optional = node.properties.size - node.required.length
  const entries = [...node.properties].map(([key, schemas]) => {
    const value = make({ name: `${name}.${key}`, node: schema.node(schemas) })
    if (node.required.includes(key)) return [key, value] as const
    const weight = Math.max(1, Math.round(optional / 3))
    return [key, fc.oneof({ weight, arbitrary: fc.constant(absent) }, value)] as const
  })
  const named = fc.record(Object.fromEntries(entries))
  const open = typeof node.additional === 'boolean' ? fc.constant({}) : openArbitrary(place)
  return fc.tuple(named, open).map(([known, others]) => {
    const present = Object.entries(known).filter(([, value]) => value !== absent)
    return { ...others, ...Object.fromEntries(present) }
  })
}

function openArbitrary({ node, name, schema, make }: Place): Arbitrary<object> {
  const value = make({ name: `${name}.${anyKey}`, node: schema.node([node.additional]) })
  return fc.dictionary(keyArbitrary(node, schema), value, { maxKeys: 3, noNullPrototype: true })
}

const words = yamlStrings.filter((text) => /^\w[\w.]*$/.test(text) && text.length < 60)

/** Keys that an open map may have. */
export function keyArbitrary(node: SchemaNode, schema: ValuesSchema): Arbitrary<string> {
  const names = node.parts.flatMap(({ propertyNames }) => propertyNames ?? [])
  const patterns = node.parts.flatMap(({ patternProperties }) =>
    Object.keys(patternProperties ?? {}).map((pattern) => ({ pattern })),
  )
  const word = fc.oneof(fc.constantFrom(...words), fc.stringMatching(/^[A-Za-z]\w{0,9}$/))
  const rules = [...names, ...patterns]
  if (rules.length === 0) return word
  const place = schema.node([...rules, { type: 'string' } as const])
  return fc.oneof(word, stringArbitrary(place)).filter((text) => schema.accepts(place, text))
}
