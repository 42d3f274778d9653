// Judges merged values by a values schema, in the words that the harness uses for Helm's errors.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import { ajvOptions, pathOf } from '../checks/kubernetes-schemas.ts'
import { type SchemaViolation, sortViolations, unknownKey } from '../checks/schema-violations.ts'
import { kept } from '../objects/once.ts'
import type { SchemaObject } from './schema.ts'

/** Every violation of the schema in merged values, sorted by path. */
export type ValuesCheck = (values: object, wordsOf?: WordsOf) => SchemaViolation[]

/** What a pattern asks for, in words; undefined when it is not known. */
type WordsOf = (pattern: string) => string | undefined

const checks = new Map<string, ValuesCheck>()

/** Every violation of the chart's values.schema.json in merged values; without schema there is none. */
export function checkValuesSchema(
  { path, wordsOf }: { readonly path: string; readonly wordsOf?: WordsOf },
  values: object,
): SchemaViolation[] {
  const file = join(path, 'values.schema.json')
  if (!existsSync(file)) return []
  const read = (): SchemaObject => JSON.parse(readFileSync(file, 'utf8'))
  return kept(checks, file, () => createValuesCheck(read()))(values, wordsOf)
}

/** A check by this schema (Draft 7). */
export function createValuesCheck(schema: SchemaObject): ValuesCheck {
  const ajv = new Ajv({ ...ajvOptions, allErrors: true, verbose: true })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)
  return (values, wordsOf) => {
    const errors = validate(values) ? [] : (validate.errors ?? [])
    return sortViolations(errors.flatMap((error) => toViolation(error, wordsOf) ?? []))
  }
}

// The errors inside these keywords say what they found.
const wrappers: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'if', 'oneOf'])

function toViolation(error: ErrorObject, wordsOf?: WordsOf): SchemaViolation | undefined {
  if (wrappers.has(error.keyword)) return undefined
  return { path: pathOf(error), message: messageOf(error, wordsOf) }
}

function messageOf({ keyword, params, message }: ErrorObject, wordsOf?: WordsOf): string {
  const param = (name: string): unknown => params[name]
  if (keyword === 'required') return 'is required'
  if (keyword === 'additionalProperties') return unknownKey
  if (keyword === 'type') return `must be ${[param('type')].flat().join(' or ')}`
  if (keyword === 'enum') return `must be one of ${[param('allowedValues')].flat().join(', ')}`
  if (keyword === 'minimum') return `must be at least ${param('limit')}`
  if (keyword === 'maximum') return `must be at most ${param('limit')}`
  if (keyword === 'pattern') {
    const pattern = String(param('pattern'))
    return `must be ${wordsOf?.(pattern) ?? `what ${pattern} matches`}`
  }
  if (keyword === 'not' || keyword === 'false schema') return 'is not allowed here'
  return message ?? keyword
}
