import { isRecord } from '../objects/manifests.ts'
import type { Schema, SchemaObject } from './schema.ts'

/** The schema that the defaults of a chart without one suggest: the same types, further keys allowed. */
export function inferSchema(value: unknown): SchemaObject {
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
