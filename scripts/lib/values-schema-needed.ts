// What the shipped schema requires although every key is optional for a user: chart/values.yaml fills it in, and a blank
// key (null) removes it, as Helm does before its schema check.
import { Ajv } from 'ajv'
import { isMap } from './values-schema.ts'

/** A schema that only requires keys. */
export interface Needs {
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Needs>>
}

/**
 * The keys of chart/values.yaml that templates need: those that the schema does not let be null. An empty text, 0 and
 * booleans are not among them, as to a template nothing means the same.
 */
export function findNeeds(values: Record<string, unknown>, schema: object): Needs {
  const accepts = new Ajv({ strict: false, validateFormats: false }).compile(schema)
  const needsBelow = (table: Record<string, unknown>, path: readonly string[]): Needs => {
    const required = Object.keys(table).filter(
      (key) => isNeeded(table[key]) && !accepts(nest([...path, key], null)),
    )
    const properties = Object.entries(table).flatMap(([key, value]) => {
      const needs = isMap(value) ? needsBelow(value, [...path, key]) : {}
      return Object.keys(needs).length > 0 ? [[key, needs]] : []
    })
    return {
      // What a definition requires itself would be reported twice.
      ...(required.length > 0 && accepts(nest(path, {})) ? { required } : {}),
      ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    }
  }
  return needsBelow(values, [])
}

function isNeeded(value: unknown): boolean {
  return typeof value === 'object' || (typeof value !== 'boolean' && Boolean(value))
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value)
}
