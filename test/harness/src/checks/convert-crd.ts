// Turns the schemas of CustomResourceDefinitions into strict JSON Schemas, by the rules of convert-openapi.ts.
// Conditions across keys (oneOf, x-kubernetes-validations) are left to the API server.
import { isRecord } from '../objects/manifests.ts'
import { kept } from '../objects/once.ts'
import { type ApiNode, type JsonSchema, oneOrMany, TIME_PATTERN } from './convert-openapi.ts'

/** A node of the schema in a CustomResourceDefinition. */
interface CrdNode extends ApiNode<CrdNode> {
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
}

const COPIED =
  /^(pattern|minimum|maximum|exclusiveM..imum|multipleOf|uniqueItems|(min|max)(Length|Items|Properties))$/
const CONVERTED =
  /^(type|format|nullable|enum|properties|required|items|additionalProperties|x-kubernetes-(int-or-string|preserve-unknown-fields))$/
const DROPPED =
  /^(description|default|example|title|(any|one|all)Of|not|x-kubernetes-(validations|list-type|list-map-keys|map-type))$/

const texts = { type: ['object', 'null'], additionalProperties: { type: 'string' } }
const metadata = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    generateName: { type: 'string' },
    namespace: { type: 'string' },
    labels: texts,
    annotations: texts,
    finalizers: { type: 'array' },
    ownerReferences: { type: 'array' },
  },
  additionalProperties: false,
}

/**
 * The schema of a kind: closed, without descriptions and without what a status looks like.
 * @param schema the `openAPIV3Schema` of one version
 * @param unchecked places whose content is not checked, such as `spec.provider.*`
 */
export function convertCrd(schema: object, kind: string, unchecked: readonly string[]): JsonSchema {
  const { properties, ...rest } = schema as CrdNode
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const named = { ...properties, ...(properties?.status && { status: open }) }
  const converted = convertNode({ ...rest, properties: named }, kind, false, (at) => {
    const place = at.slice(kind.length + 1)
    return unchecked.some((each) => matches(each, place))
  })
  return { ...converted, properties: { ...(converted.properties as object), metadata } }
}

function matches(pattern: string, place: string): boolean {
  const [wanted, found] = [pattern.split('.'), place.split('.')]
  return wanted.length === found.length && wanted.every((key, i) => key === '*' || key === found[i])
}

type IsUnchecked = (at: string) => boolean

function convertNode(
  node: CrdNode,
  at: string,
  optional: boolean,
  isUnchecked: IsUnchecked,
): JsonSchema {
  checkKeywords(node, at)
  const isAnything = !node.type && node['x-kubernetes-preserve-unknown-fields']
  if (isAnything) return {}
  const nullable = optional || node.nullable === true
  const types = node['x-kubernetes-int-or-string'] ? ['integer', 'string'] : [typeOf(node, at)]
  const type = oneOrMany(nullable ? [...types, 'null'] : types)
  if (isUnchecked(at)) return { type }
  const copied = Object.entries(node).filter(
    ([keyword, value]) => COPIED.test(keyword) && (keyword !== 'pattern' || isReadable(value)),
  )
  return {
    type,
    ...Object.fromEntries(copied),
    ...(node.format === 'date-time' && { pattern: TIME_PATTERN }),
    ...(node.enum && { enum: nullable ? [...node.enum, null] : node.enum }),
    ...(node.items && { items: convertNode(node.items, `${at}[]`, false, isUnchecked) }),
    ...convertObject(node, at, isUnchecked),
  }
}

// Patterns are those of Go, such as `(?i)…`.
function isReadable(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}

function typeOf({ type }: CrdNode, at: string): string {
  if (type) return type
  throw new Error(`${at}: has no type. Teach convertNode() about it.`)
}

// The API server drops what an object does not list, unless the schema says otherwise.
function convertObject(node: CrdNode, at: string, isUnchecked: IsUnchecked): JsonSchema {
  if (node.type !== 'object') return {}
  const { properties = {}, required = [], additionalProperties: rest } = node
  const others = node['x-kubernetes-preserve-unknown-fields'] ?? rest
  if (isRecord(others))
    return { additionalProperties: convertNode(others, `${at}.*`, false, isUnchecked) }
  const converted = Object.entries(properties).map(([key, property]) => [
    key,
    convertNode(property, `${at}.${key}`, !required.includes(key), isUnchecked),
  ])
  return {
    ...(converted.length > 0 && { properties: Object.fromEntries(converted) }),
    ...(required.length > 0 && { required }),
    ...(others !== true && { additionalProperties: false }),
  }
}

function checkKeywords(node: CrdNode, at: string): void {
  for (const keyword of Object.keys(node)) {
    if (COPIED.test(keyword) || CONVERTED.test(keyword) || DROPPED.test(keyword)) continue
    throw new Error(`${at}: unknown keyword "${keyword}". Teach convertNode() about it.`)
  }
}

/** Nodes that occur more than once become definitions, if they are long enough to be worth a name. */
export function shareRepeated(
  roots: Readonly<Record<string, JsonSchema>>,
): Record<string, JsonSchema> {
  const uses = countUses(Object.values(roots))
  const definitions: Record<string, JsonSchema> = {}
  const names = new Map<string, string>()
  const share = (node: JsonSchema, key: string): JsonSchema => {
    const text = JSON.stringify(node)
    const inside = () => mapChildren(node, share)
    if (text.length < WORTH_A_NAME || (uses.get(text) ?? 0) < 2) return inside()
    const name = kept(names, text, () => freeName(key, [...names.values()]))
    definitions[name] ??= inside()
    return { $ref: `#/definitions/${name}` }
  }
  for (const [name, root] of Object.entries(roots)) definitions[name] = mapChildren(root, share)
  return definitions
}

const WORTH_A_NAME = 150

function freeName(key: string, taken: readonly string[]): string {
  const count = taken.filter((name) => name.replace(/\d+$/, '') === key).length
  return count === 0 ? key : `${key}${count + 1}`
}

/** How often each node is used; what is inside a repeated node counts once. */
function countUses(roots: readonly JsonSchema[]): Map<string, number> {
  const uses = new Map<string, number>()
  const count = (node: JsonSchema): JsonSchema => {
    const text = JSON.stringify(node)
    const before = uses.get(text) ?? 0
    uses.set(text, before + 1)
    return before === 0 ? mapChildren(node, count) : node
  }
  for (const root of roots) mapChildren(root, count)
  return uses
}

function mapChildren(
  node: JsonSchema,
  map: (child: JsonSchema, key: string) => JsonSchema,
): JsonSchema {
  const { properties, items, additionalProperties: rest } = node
  const mapped = Object.entries(properties ?? {}).map(([key, child]) => [key, map(child, key)])
  return {
    ...node,
    ...(isRecord(properties) && { properties: Object.fromEntries(mapped) }),
    ...(isRecord(items) && { items: map(items, 'item') }),
    ...(isRecord(rest) && { additionalProperties: map(rest, 'value') }),
  }
}
