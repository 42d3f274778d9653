import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { ajvOptions } from '../checks/kubernetes-schemas.ts'
import type { SchemaViolation } from '../checks/schema-violations.ts'
import { isRecord } from '../objects/manifests.ts'
import { kept, once } from '../objects/once.ts'
import { type Path, valueAt, withValueAt } from '../objects/paths.ts'
import { parseYaml } from '../objects/yaml.ts'
import { createValuesCheck } from './check-values.ts'
import { listKeys, type ValuesKey } from './keys.ts'
import { mergeValues } from './merge.ts'
import { createNodeReader, type Schema, type SchemaNode, type SchemaObject } from './schema.ts'

/** What a chart says about its values: the schema (or what values.yaml suggests) and the defaults. */
export interface ValuesSchema {
  readonly defaults: Readonly<Record<string, unknown>>
  readonly root: SchemaNode
  /** Every key, parents before their children. */
  readonly keys: readonly ValuesKey[]
  node(schemas: readonly Schema[]): SchemaNode
  /** Whether such a place may hold the value. */
  accepts(node: SchemaNode, value: unknown): boolean
  /** What is wrong with the values when they are merged over the defaults; empty: nothing. */
  violations(values: unknown): readonly SchemaViolation[]
  /** Whether nothing is wrong with them. */
  takes(values: unknown): boolean
  /** The value at the path, or its default. */
  read(values: unknown, path: Path): unknown
  /** The values with another value at the path. */
  write(values: object, path: Path, value: unknown): object
}

/** Opens the chart's values.schema.json and values.yaml. */
export function openValuesSchema(chart: string): ValuesSchema {
  const defaults = readDefaults(chart)
  const file = join(chart, 'values.schema.json')
  const document = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as SchemaObject)
    : inferSchema(defaults)
  const { allOf = [], ...others } = document
  const parts = allOf.filter((part) => !isFilled(part, defaults))
  const users = parts.length > 0 ? { ...others, allOf: parts } : others
  const node = createNodeReader(users)
  // Whoever only checks values needs none of these.
  const root = once(() => node([users]))
  const keys = once(() => listKeys(root(), node))
  const accepts = once(() => createPlaceCheck(users))
  const check = createValuesCheck(document)
  const violations = (values: unknown): readonly SchemaViolation[] =>
    check(mergeValues(defaults, values))
  return {
    defaults,
    get root() {
      return root()
    },
    get keys() {
      return keys()
    },
    node,
    accepts: (place, value) => accepts()(place, value),
    violations,
    takes: (values) => violations(values).length === 0,
    read: (values, path) => valueAt(mergeValues(defaults, values), path),
    write: (values, path, value) => withValueAt(values, path, value, defaults) as object,
  }
}

/** The values in the chart's values.yaml. */
export function readDefaults(chart: string): Record<string, unknown> {
  const file = join(chart, 'values.yaml')
  if (!existsSync(file)) return {}
  const defaults = parseYaml(readFileSync(file, 'utf8'), file) ?? {}
  if (isRecord(defaults)) return defaults
  throw new Error(`${file} is not a map. Write keys and values.`)
}

/** True for a schema that only requires keys that the defaults have: it asks nothing of a user. */
function isFilled(schema: Schema | undefined, defaults: unknown): boolean {
  if (!(isRecord(schema) && isRecord(defaults))) return false
  const { required = [], properties = {}, ...others } = schema as SchemaObject
  return (
    Object.keys(others).length === 0 &&
    required.every((key) => key in defaults) &&
    Object.entries(properties).every(([key, inner]) => isFilled(inner, defaults[key]))
  )
}

type Accepts = (node: SchemaNode, value: unknown) => boolean

function createPlaceCheck(document: SchemaObject): Accepts {
  const ajv = new Ajv(ajvOptions)
  addFormats.default(ajv)
  const named = Object.entries(document).filter(([key]) => key !== '$id' && key !== '$schema')
  ajv.addSchema(Object.fromEntries(named), 'values')
  const places = new Map<SchemaNode, ValidateFunction>()
  return (node, value) => {
    const validate = kept(places, node, () => ajv.compile({ allOf: rebase(node.parts) }))
    return validate(value) as boolean
  }
}

/** References of a part of the document, as they read from outside of it. */
function rebase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebase)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => {
    const isReference = key === '$ref' && typeof inner === 'string'
    return [key, isReference ? inner.replace(/^#/, 'values#') : rebase(inner)]
  })
  return Object.fromEntries(entries)
}

/** The schema that the defaults of a chart without one suggest: the same types, additional keys allowed. */
function inferSchema(value: unknown): SchemaObject {
  if (Array.isArray(value)) {
    return value.length === 0 ? { type: 'array' } : { type: 'array', items: inferSchema(value[0]) }
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, inner]) => [key, inferSchema(inner)])
    return { type: 'object', properties: Object.fromEntries(entries) as Record<string, Schema> }
  }
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' }
  if (typeof value === 'string' || typeof value === 'boolean') {
    return { type: typeof value as 'boolean' | 'string' }
  }
  return {}
}
