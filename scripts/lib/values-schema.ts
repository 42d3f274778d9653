// Assembles the JSON schemas of the values: the one that Helm checks and the one for editors.
import { Ajv, type ErrorObject } from 'ajv'
import { isRecord } from 'chart-harness'
import { fail } from './cli.ts'
import type { Key, Keys } from './values-keys.ts'
import { type Fragment, findDefinition, takenKeys, type ValuesSource } from './values-source.ts'

type Schema = Record<string, unknown>

/** How many levels of keys are described in what Helm reads on every run. */
const DEPTH = 2

/** The description of a key, if it gets one. */
type Describe = (path: string, fragment: Fragment) => string | undefined

/**
 * What Helm checks: the first sentence of each key but those that lie deepest, which the schema for editors explains,
 * and the keys that templates need.
 */
export function assembleSchema(source: ValuesSource, { keys }: Keys): Schema {
  const isDescribed = (key: Key): boolean => !key.isShared && key.path.split('.').length <= DEPTH
  const texts = new Map(keys.map((key) => [key.fragment, isDescribed(key) ? key.text : '']))
  const schema = assemble(source, (_, fragment) => firstSentence(texts.get(fragment) ?? ''))
  const accepts = new Ajv({ strict: false, validateFormats: false }).compile(schema)
  if (!accepts(source.values)) failForDefaults(accepts.errors?.[0])
  return { ...schema, allOf: [findNeeds(source.values, accepts)] }
}

function failForDefaults(error: ErrorObject | undefined): never {
  const { instancePath = '', params = {}, message = '' } = error ?? {}
  const { additionalProperty: key } = params as { additionalProperty?: string }
  const path = `${instancePath}${key ? `/${key}` : ''}`.slice(1).replaceAll('/', '.')
  if (!key) fail(`${path}: its default ${message}. Correct schema/values or chart/values.yaml.`)
  const [block] = path.split('.')
  fail(
    `${path}: the schema lacks this key of chart/values.yaml. Add it to schema/values/${block}.yaml or to the definition that this file refers to.`,
  )
}

/** What editors check a user's file with, which lacks the defaults: no key is needed, and all texts are there. */
export function assembleEditorSchema(source: ValuesSource, { keys, blockTexts }: Keys): Schema {
  const texts = new Map(keys.map(({ path, text }) => [path, text]))
  return assemble(source, (path, fragment) => texts.get(path) ?? blockTexts.get(fragment))
}

/** The first sentence of a text. */
export function firstSentence(text: string): string {
  return text.split(/(?<=\.)\s+(?=[A-Z0-9`])/)[0] ?? text
}

/** JSON with one line per top-level key and definition: Helm reads it on every run, and whitespace would cost a tenth. */
export function formatSchema(schema: Schema): string {
  const lines = Object.entries(schema).map(([keyword, value]) => {
    if (!isRecord(value)) return `${JSON.stringify(keyword)}:${JSON.stringify(value)}`
    const inner = Object.entries(value).map(
      ([key, child]) => `${JSON.stringify(key)}:${JSON.stringify(child)}`,
    )
    return `${JSON.stringify(keyword)}:{\n${inner.join(',\n')}}`
  })
  return `{${lines.join(',\n')}}\n`
}

/**
 * A Draft 7 schema. Every object is closed; what a component takes from a definition becomes one `$ref` per key,
 * because a closed `$ref` in `allOf` would reject the component's own keys.
 */
function assemble(source: ValuesSource, describe: Describe): Schema {
  const assembleAll = (fragments: Readonly<Record<string, Fragment>>): Schema =>
    Object.fromEntries(
      Object.entries(fragments).map(([key, fragment]) => [
        key,
        convert({ source, describe, path: key }, fragment),
      ]),
    )
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    properties: assembleAll(source.keys),
    definitions: assembleAll(source.definitions),
  }
}

const OWN_KEYWORDS = 'takes without named label description env sets credential when'.split(' ')
const JSON_KEYWORDS =
  'type enum $ref properties items additionalProperties propertyNames required pattern minimum maximum minLength maxLength minItems maxItems uniqueItems minProperties maxProperties if then else'.split(
    ' ',
  )

interface Place {
  readonly source: ValuesSource
  readonly describe: Describe
  readonly path: string
}

function convert(place: Place, fragment: Fragment): Schema {
  const { source, path, describe } = place
  const schema: Schema = {}
  for (const [keyword, value] of Object.entries(fragment)) {
    if (JSON_KEYWORDS.includes(keyword)) schema[keyword] = value
    else if (!OWN_KEYWORDS.includes(keyword)) {
      fail(`${path}: schema/values does not know the keyword "${keyword}". Correct or remove it.`)
    }
  }
  if (fragment.$ref !== undefined) findDefinition(source, fragment.$ref, path)
  const { pattern, named } = fragment
  if (pattern !== undefined) {
    if (!named) fail(`${path}: a pattern without words. Say in "named" what it accepts.`)
    // Helm shows a pattern in its message, so the words come first; they never match: `$.`.
    schema.pattern = `^${named}$.|^(${pattern})$`
  }
  const description = describe(path, fragment)
  return { ...schema, ...(description ? { description } : {}), ...convertInside(place, fragment) }
}

function convertInside(place: Place, fragment: Fragment): Schema {
  const { source, path, describe } = place
  const { properties, items, additionalProperties: rest, propertyNames, takes } = fragment
  const inside = (at: string, child: Fragment): Schema =>
    convert({ ...place, path: `${path}${at}` }, child)
  const schema: Schema = {}
  if (properties || takes !== undefined) {
    const taken = Object.entries(takenKeys(source, fragment, path)).map(([key, child]) => {
      const $ref = child.$ref ?? `#/definitions/${takes}/properties/${key}`
      const description = describe(`${path}.${key}`, child)
      return [key, { $ref, ...(description ? { description } : {}) }] as const
    })
    const own = Object.entries(properties ?? {}).map(
      ([key, child]) => [key, inside(`.${key}`, child)] as const,
    )
    schema.type = fragment.type ?? 'object'
    schema.properties = Object.fromEntries([...taken, ...own])
  }
  if (items) schema.items = inside('[]', items)
  if (propertyNames) schema.propertyNames = inside('.*', propertyNames)
  if (isRecord(rest)) schema.additionalProperties = inside('.*', rest as Fragment)
  else if (schema.properties) schema.additionalProperties = rest ?? false
  else if ([fragment.type].flat().includes('object') && rest === undefined) {
    fail(`${path}: an object without "properties". Say in "additionalProperties" what it may hold.`)
  }
  return schema
}

/** A schema that only requires keys. */
interface Needs {
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Needs>>
}

/**
 * The keys of chart/values.yaml that templates need: those that the schema does not let be null. An empty text, 0 and
 * booleans are not among them, as a template treats them like a missing key.
 */
function findNeeds(
  values: Readonly<Record<string, unknown>>,
  accepts: (values: unknown) => boolean,
): Needs {
  const needsBelow = (table: Readonly<Record<string, unknown>>, path: readonly string[]): Needs => {
    const required = Object.keys(table).filter(
      (key) => isNeeded(table[key]) && !accepts(nest([...path, key], null)),
    )
    const properties = Object.entries(table).flatMap(([key, value]) => {
      const needs = isRecord(value) ? needsBelow(value, [...path, key]) : {}
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
