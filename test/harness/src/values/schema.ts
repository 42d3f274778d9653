import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '../objects/manifests.ts'
import { kept } from '../objects/once.ts'
import { parsePointer, valueAt } from '../objects/paths.ts'

/** The types of JSON, as JSON Schema names them. */
export type JsonType = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string'

type Keywords<Names extends string, T> = Readonly<Partial<Record<Names, T>>>
type Limit = 'Items' | 'Length' | 'imum'

/** The part of JSON Schema (Draft 7) that describes values. */
export interface SchemaObject
  extends Keywords<`${'min' | 'max'}${Limit}` | `exclusive${'Min' | 'Max'}imum`, number>,
    Keywords<'$ref' | 'pattern', string>,
    Keywords<'properties' | 'patternProperties', Readonly<Record<string, Schema>>>,
    Keywords<'additionalProperties' | 'propertyNames' | 'if' | 'then' | 'else', Schema>,
    Keywords<'allOf' | 'anyOf' | 'oneOf', readonly Schema[]> {
  readonly type?: JsonType | readonly JsonType[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly required?: readonly string[]
  readonly items?: Schema | readonly Schema[]
  readonly uniqueItems?: boolean
}

/** A schema: `true` takes everything, `false` nothing. */
export type Schema = boolean | SchemaObject

/** What the schema says about one place in the values, references and `allOf` resolved. */
export interface SchemaNode {
  /** All that applies to the place. */
  readonly parts: readonly SchemaObject[]
  readonly types: ReadonlySet<JsonType>
  /** The only values, if they are listed. */
  readonly allowed?: readonly unknown[]
  /** The keys that the schema names, also those of `then` and `else`. */
  readonly properties: ReadonlyMap<string, readonly Schema[]>
  readonly required: readonly string[]
  /** Of keys that are not named; `false`: there can be none. */
  readonly additional: Schema
  readonly items?: Schema
  /** The branches of `anyOf` and `oneOf`. */
  readonly branches: readonly Schema[]
}

const everyType: readonly JsonType[] = [
  ...(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const),
]

/** Reads places of one schema document; equal places have the same node. */
export function createNodeReader(root: SchemaObject): (schemas: readonly Schema[]) => SchemaNode {
  const known = new Map<SchemaObject, SchemaNode>()
  return (schemas) => {
    const [only = true, ...others] = schemas.map((schema) => follow(root, schema))
    if (typeof only === 'boolean' || others.length > 0) return readNode(root, [only, ...others])
    return kept(known, only, () => readNode(root, [only]))
  }
}

function follow(root: SchemaObject, schema: Schema): Schema {
  if (typeof schema === 'boolean' || schema.$ref === undefined) return schema
  return follow(root, resolveReference(root, schema.$ref))
}

function readNode(root: SchemaObject, schemas: readonly Schema[]): SchemaNode {
  const parts = schemas.flatMap((schema) => partsOf(root, schema))
  const maybe = parts.flatMap((part) =>
    [part.then, part.else].flatMap((branch) => partsOf(root, branch ?? true)),
  )
  const allowed = allowedBy(parts)
  const items = parts.map((part) => part.items).find((value) => value !== undefined)
  const item = Array.isArray(items) ? (items as readonly Schema[])[0] : (items as Schema)
  return {
    parts,
    types: typesOf(parts, allowed),
    ...(allowed ? { allowed } : {}),
    properties: propertiesOf([...parts, ...maybe.map(withoutForbidden)]),
    required: [...new Set(parts.flatMap(({ required = [] }) => required))],
    additional: additionalOf(parts),
    ...(item === undefined ? {} : { items: item }),
    branches: parts.flatMap(({ anyOf, oneOf }) => anyOf ?? oneOf ?? []),
  }
}

function partsOf(root: SchemaObject, schema: Schema): SchemaObject[] {
  if (schema === true) return []
  if (schema === false) return [{ enum: [] }]
  if (schema.$ref !== undefined) return partsOf(root, follow(root, schema))
  return [schema, ...(schema.allOf ?? []).flatMap((part) => partsOf(root, part))]
}

/** The schema at a pointer such as `#/definitions/port`. */
function resolveReference(root: SchemaObject, reference: string): Schema {
  if (!reference.startsWith('#')) {
    throw new Error(`values.schema.json: $ref ${reference} leaves the file. Bring it in.`)
  }
  const found = valueAt(root, parsePointer(decodeURIComponent(reference.slice(1))))
  if (typeof found === 'boolean' || isRecord(found)) return found as Schema
  throw new Error(`values.schema.json: $ref ${reference} leads nowhere. Correct it.`)
}

function allowedBy(parts: readonly SchemaObject[]): readonly unknown[] | undefined {
  const lists = parts.flatMap((part) => {
    if ('const' in part) return [[part.const]]
    return part.enum ? [part.enum] : []
  })
  const [first, ...others] = lists
  const isIn = (list: readonly unknown[], value: unknown): boolean =>
    list.some((one) => isDeepStrictEqual(one, value))
  return first?.filter((value) => others.every((list) => isIn(list, value)))
}

function typesOf(
  parts: readonly SchemaObject[],
  allowed: readonly unknown[] | undefined,
): ReadonlySet<JsonType> {
  const lists = parts.flatMap(({ type }) => (type === undefined ? [] : [[type].flat()]))
  const types = everyType.filter((type) =>
    lists.every((list) => list.includes(type) || (type === 'integer' && list.includes('number'))),
  )
  if (!allowed) return new Set(types)
  const used = new Set(allowed.map(typeOf))
  return new Set(types.filter((type) => used.has(type)))
}

/** The type of a value; a whole number is an integer. */
export function typeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'boolean' || typeof value === 'string') return typeof value as JsonType
  return 'object'
}

function propertiesOf(parts: readonly SchemaObject[]): ReadonlyMap<string, readonly Schema[]> {
  const properties = new Map<string, readonly Schema[]>()
  for (const part of parts) {
    for (const [key, schema] of Object.entries(part.properties ?? {})) {
      const before = properties.get(key) ?? []
      if (schema !== true || before.length === 0) properties.set(key, [...before, schema])
    }
  }
  return properties
}

// What is forbidden under a condition is allowed otherwise.
function withoutForbidden(part: SchemaObject): SchemaObject {
  const properties = Object.entries(part.properties ?? {}).filter(([, schema]) => schema !== false)
  return { ...part, properties: Object.fromEntries(properties) }
}

function additionalOf(parts: readonly SchemaObject[]): Schema {
  const patterns = parts.flatMap(({ patternProperties = {} }) => Object.values(patternProperties))
  if (patterns[0] !== undefined) return patterns[0]
  const said = parts.flatMap(({ additionalProperties: value }) =>
    value === undefined ? [] : value,
  )
  if (said.includes(false)) return false
  return said.find((value) => value !== true) ?? true
}
