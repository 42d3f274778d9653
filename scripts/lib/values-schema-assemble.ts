// Assembles the schema that Helm checks from the fragments.
import { fail } from './cli.ts'
import {
  type Fragment,
  findDefinition,
  isMap,
  isObject,
  takenKeys,
  type ValuesSource,
} from './values-schema.ts'

type Schema = Record<string, unknown>

/**
 * The Draft 7 schema of all values. Every object is closed; what a component takes from a definition becomes one
 * `$ref` per key, because a closed `$ref` in `allOf` would reject the component's own keys.
 */
export function assembleSchema(source: ValuesSource): Schema {
  const keys = Object.entries(source.keys)
  const definitions = Object.entries(source.definitions)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    properties: mapEntries(keys, (key, fragment) => ship(source, fragment, key, true)),
    definitions: mapEntries(definitions, (name, fragment) => ship(source, fragment, name, false)),
  }
}

/** The pattern as shipped. Helm shows a pattern in its message, so the words come first; they never match: `$.`. */
function namedPattern(pattern: string, named: string): string {
  return `^${named}$.|^(${pattern})$`
}

/** The first sentence of a description: what the shipped file carries. */
export function firstSentence(text: string): string {
  return text.split(/(?<=\.)\s+(?=[A-Z0-9`])/)[0] ?? text
}

/** JSON with one line per top-level key and definition: Helm reads it on every run, and blanks cost a tenth. */
export function formatSchema(schema: Schema): string {
  const lines = Object.entries(schema).map(([keyword, value]) => {
    if (!isMap(value)) return `${JSON.stringify(keyword)}:${JSON.stringify(value)}`
    const inner = Object.entries(value).map(
      ([key, child]) => `${JSON.stringify(key)}:${JSON.stringify(child)}`,
    )
    return `${JSON.stringify(keyword)}:{\n${inner.join(',\n')}}`
  })
  return `{${lines.join(',\n')}}\n`
}

function mapEntries(
  entries: [string, Fragment][],
  change: (key: string, fragment: Fragment) => Schema,
): Record<string, Schema> {
  return Object.fromEntries(entries.map(([key, fragment]) => [key, change(key, fragment)]))
}

const OWN_KEYWORDS = new Set(
  'takes without defaults named description default env credential when'.split(' '),
)

function ship(source: ValuesSource, fragment: Fragment, at: string, texts: boolean): Schema {
  if (fragment.$ref !== undefined) findDefinition(source, fragment.$ref, at)
  const schema: Schema = fragment.takes === undefined ? {} : { type: 'object' }
  for (const [keyword, value] of Object.entries(fragment)) {
    if (!OWN_KEYWORDS.has(keyword)) schema[keyword] = value
  }
  if (fragment.pattern !== undefined) {
    const { named } = fragment
    if (!named) fail(`${at}: a pattern without words. Say in "named" what it accepts.`)
    schema.pattern = namedPattern(fragment.pattern, named)
  }
  if (texts && fragment.description) schema.description = firstSentence(fragment.description)
  if (texts && fragment.$ref === undefined && 'default' in fragment)
    schema.default = fragment.default
  return { ...schema, ...shipChildren(source, fragment, at, texts) }
}

function shipChildren(
  source: ValuesSource,
  fragment: Fragment,
  at: string,
  texts: boolean,
): Schema {
  const { properties, items, additionalProperties: rest, propertyNames, takes } = fragment
  const schema: Schema = {}
  if (properties || takes !== undefined) {
    const taken = Object.entries(takenKeys(source, fragment, at)).map(
      ([key, child]) => [key, { $ref: originOf(source, takes ?? '', key, child) }] as const,
    )
    const own = mapEntries(Object.entries(properties ?? {}), (key, child) =>
      ship(source, child, `${at}.${key}`, texts),
    )
    schema.properties = { ...Object.fromEntries(taken), ...own }
  }
  if (items) schema.items = ship(source, items, `${at}[]`, texts)
  if (propertyNames) schema.propertyNames = ship(source, propertyNames, `${at}.*`, false)
  if (isMap(rest)) schema.additionalProperties = ship(source, rest, `${at}.*`, texts)
  else if (schema.properties) schema.additionalProperties = rest ?? false
  else if (isObject(fragment) && rest === undefined) {
    fail(`${at}: an object without "properties". Say in "additionalProperties" what it may hold.`)
  }
  return schema
}

/** Where the schema of a taken key stands: a definition that itself takes it only hands it on. */
function originOf(source: ValuesSource, name: string, key: string, child: Fragment): string {
  const definition = findDefinition(source, name, name)
  if (!definition.properties?.[key] && definition.takes !== undefined) {
    return originOf(source, definition.takes, key, child)
  }
  return child.$ref ?? `#/definitions/${name}/properties/${key}`
}
