// Turns definitions of Kubernetes' OpenAPI document (Swagger 2.0) into strict JSON Schemas.
// ajv and kubeconform read the result alike: no formats, no `$ref` beside other keywords, no `anyOf`.

/** What the nodes of all documents of the API have in common. */
export interface ApiNode<Node> {
  readonly type?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
}

/** A node of the OpenAPI document. */
interface SwaggerNode extends ApiNode<SwaggerNode> {
  readonly $ref?: string
}

/** The definitions of an OpenAPI document, by name. */
export type Definitions = Readonly<Record<string, SwaggerNode>>

/** A node of the JSON Schemas that we ship. */
export type JsonSchema = Readonly<Record<string, unknown>>

// Numbers with a unit, and objects with any content.
const QUANTITY = /\.api\.resource\.Quantity$/
const FREE_FORM = /\.(FieldsV1|RawExtension|JSON|Patch)$/

// Kubernetes' own grammars: it trims a quantity, and its times are RFC 3339 with a capital T.
const QUANTITY_PATTERN =
  '^\\s*[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([numk]|[KMGTPE]i|[MGTPE]|[eE][+-]?[0-9]+)?\\s*$'
/** What Kubernetes takes as a date and time. */
export const TIME_PATTERN =
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$'

const CONVERTED = new Set(
  '$ref type format nullable enum properties required items additionalProperties'.split(' '),
)
const DROPPED = /^(description|default|example|title|x-.+)$/

/**
 * Converts the definitions that the roots reach. A definition accepts null, because an optional key
 * may be null; where a value is required, in a list or a map, the place that refers to it forbids null.
 */
export function convertDefinitions(
  definitions: Definitions,
  roots: readonly string[],
): Record<string, JsonSchema> {
  const converted = new Map<string, JsonSchema>()
  const queue = [...roots]
  for (const name of queue) {
    if (converted.has(name)) continue
    const node = lookUp(definitions, name, 'the list of kinds')
    converted.set(name, convertDefinition(definitions, name, node))
    queue.push(...referencesIn(node))
  }
  return Object.fromEntries(converted)
}

function convertDefinition(definitions: Definitions, name: string, node: SwaggerNode): JsonSchema {
  if (QUANTITY.test(name)) return { type: ['number', 'string', 'null'], pattern: QUANTITY_PATTERN }
  if (FREE_FORM.test(name)) return { type: ['object', 'null'] }
  const schema = convertNode(definitions, node, name, true)
  const isEmptyStruct = node.type === 'object' && !node.properties && !node.additionalProperties
  return isEmptyStruct ? { ...schema, additionalProperties: false } : schema
}

function convertNode(
  definitions: Definitions,
  node: SwaggerNode,
  at: string,
  optional: boolean,
): JsonSchema {
  checkKeywords(node, at)
  const nullable = optional || node.nullable === true
  if (node.$ref) return convertReference(definitions, node.$ref, at, nullable)
  return {
    type: oneOrMany(nullable ? [...typesOf(node, at), 'null'] : typesOf(node, at)),
    ...(node.format === 'date-time' && { pattern: TIME_PATTERN }),
    ...(node.enum && { enum: nullable ? [...node.enum, null] : node.enum }),
    ...(node.items && { items: convertNode(definitions, node.items, `${at}[]`, false) }),
    ...convertObject(definitions, node, at),
  }
}

/** One type as it is, several as a list. */
export function oneOrMany(types: readonly string[]): string | readonly string[] {
  const [first, ...others] = types
  return first !== undefined && others.length === 0 ? first : types
}

function convertObject(definitions: Definitions, node: SwaggerNode, at: string): JsonSchema {
  const { properties, required = [], additionalProperties: rest } = node
  if (rest && typeof rest === 'object') {
    return { additionalProperties: convertNode(definitions, rest, `${at}.*`, false) }
  }
  if (!properties) return {}
  const converted = Object.entries(properties).map(([key, property]) => [
    key,
    convertNode(definitions, property, `${at}.${key}`, !required.includes(key)),
  ])
  return {
    properties: Object.fromEntries(converted),
    ...(required.length > 0 && { required }),
    additionalProperties: rest === true,
  }
}

function convertReference(
  definitions: Definitions,
  $ref: string,
  at: string,
  nullable: boolean,
): JsonSchema {
  if (nullable) return { $ref }
  const target = nameIn($ref)
  const types = QUANTITY.test(target)
    ? ['number', 'string']
    : typesOf(lookUp(definitions, target, at), target)
  return { allOf: [{ type: oneOrMany(types) }, { $ref }] }
}

function typesOf(node: SwaggerNode, at: string): string[] {
  if (node.format === 'int-or-string') return ['integer', 'string']
  if (node.type) return [node.type]
  if (node.properties || node.additionalProperties) return ['object']
  if (node.items) return ['array']
  throw new Error(`${at}: has no type and nothing that implies one. Teach convertNode() about it.`)
}

function checkKeywords(node: SwaggerNode, at: string): void {
  for (const keyword of Object.keys(node)) {
    if (CONVERTED.has(keyword) || DROPPED.test(keyword)) continue
    throw new Error(`${at}: unknown keyword "${keyword}". Teach convertNode() about it.`)
  }
  if (node.properties && typeof node.additionalProperties === 'object') {
    throw new Error(`${at}: properties beside a map. Teach convertObject() about it.`)
  }
}

function lookUp(definitions: Definitions, name: string, from: string): SwaggerNode {
  const node = definitions[name]
  if (node) return node
  throw new Error(`${name}: ${from} refers to it, but the document does not define it.`)
}

function nameIn(reference: string): string {
  return reference.replace('#/definitions/', '')
}

function referencesIn(node: SwaggerNode): string[] {
  if (node.$ref) return [nameIn(node.$ref)]
  const children = [...Object.values(node.properties ?? {})]
  if (node.items) children.push(node.items)
  if (typeof node.additionalProperties === 'object') children.push(node.additionalProperties)
  return children.flatMap(referencesIn)
}
