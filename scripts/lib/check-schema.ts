// Judges merged values by chart/values.schema.json, in the words in which the harness tells Helm's errors.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { pathOf, type SchemaViolation } from 'chart-harness'

const validators = new Map<string, ValidateFunction>()

/** Every violation of the chart's values schema, sorted by path; a chart without schema has none. */
export function checkValuesSchema(chart: string, values: object): SchemaViolation[] {
  const file = join(chart, 'values.schema.json')
  if (!existsSync(file)) return []
  const validate = validators.get(file) ?? compile(file)
  validators.set(file, validate)
  if (validate(values)) return []
  const found = new Map<string, SchemaViolation>()
  for (const error of validate.errors ?? []) {
    const violation = toViolation(error)
    if (violation) found.set(`${violation.path}\n${violation.message}`, violation)
  }
  return [...found.values()].sort(
    (a, b) => a.path.localeCompare(b.path) || a.message.localeCompare(b.message),
  )
}

function compile(file: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, inlineRefs: false })
  addFormats.default(ajv)
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as AnySchemaObject)
}

// What these keywords found is told by the errors inside them.
const wrappers: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'if', 'oneOf'])

function toViolation(error: ErrorObject): SchemaViolation | undefined {
  if (wrappers.has(error.keyword)) return undefined
  return { path: pathOf(error), message: messageOf(error) }
}

/** Our patterns begin with what they mean, in words that never match: `^an address$.|^(…)$`. */
function inWords(pattern: string): string {
  return /^\^(.+?)\$\.\|/.exec(pattern)?.[1] ?? `what ${pattern} matches`
}

function messageOf({ keyword, params, message }: ErrorObject): string {
  const param = (name: string): unknown => params[name]
  if (keyword === 'required') return 'is required'
  if (keyword === 'additionalProperties') return 'is not a known key'
  if (keyword === 'type') return `must be ${[param('type')].flat().join(' or ')}`
  if (keyword === 'enum') return `must be one of ${[param('allowedValues')].flat().join(', ')}`
  if (keyword === 'minimum') return `must be at least ${param('limit')}`
  if (keyword === 'maximum') return `must be at most ${param('limit')}`
  if (keyword === 'pattern') return `must be ${inWords(String(param('pattern')))}`
  if (keyword === 'not' || keyword === 'false schema') return 'is not allowed here'
  return message ?? keyword
}
