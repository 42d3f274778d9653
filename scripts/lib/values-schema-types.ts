// The TypeScript type of the values, for tests.
import { type Fragment, isMap, type ValuesSource } from './values-schema.ts'

const HEADER = `// Made by scripts/build-schema.ts from schema/values/*.yaml. Do not edit: \`npm run build\`.
`

/** The text of test/chart/values.generated.ts. */
export function emitTypes(source: ValuesSource): string {
  const root: Fragment = { type: 'object', properties: source.keys }
  const types = Object.entries(source.definitions).map(
    ([name, fragment]) => `type ${typeName(name)} = ${typeOf(fragment, '')}\n`,
  )
  const values = `/** The values of the chart; every key is optional. */\nexport type Values = ${typeOf(root, '')}\n`
  return [HEADER, values, ...types].join('\n')
}

function typeName(definition: string): string {
  return definition.charAt(0).toUpperCase() + definition.slice(1)
}

function typeOf(fragment: Fragment, indent: string): string {
  if (fragment.$ref !== undefined) return typeName(fragment.$ref.replace('#/definitions/', ''))
  if (fragment.enum) return fragment.enum.map((value) => quote(value)).join(' | ')
  if (fragment.takes !== undefined) return takenType(fragment, indent)
  const types = [fragment.type ?? 'object'].flat().map((type) => plainType(fragment, type, indent))
  return [...new Set(types)].join(' | ')
}

function plainType(fragment: Fragment, type: string, indent: string): string {
  if (type === 'integer') return 'number'
  if (type === 'array') {
    const item = fragment.items ? typeOf(fragment.items, indent) : 'unknown'
    return `readonly ${item.includes(' ') ? `(${item})` : item}[]`
  }
  return type === 'object' ? objectType(fragment, indent) : type
}

function takenType(fragment: Fragment, indent: string): string {
  const { takes = '', without = [], properties = {} } = fragment
  const hidden = [...without, ...Object.keys(properties)].map((key) => quote(key))
  const block = typeName(takes)
  const taken = hidden.length > 0 ? `Omit<${block}, ${hidden.join(' | ')}>` : block
  const own = Object.keys(properties).length > 0 ? ` & ${objectType(fragment, indent)}` : ''
  return taken + own
}

function objectType(fragment: Fragment, indent: string): string {
  const { properties, additionalProperties: rest, required = [] } = fragment
  const inner = `${indent}  `
  const lines = Object.entries(properties ?? {}).map(([key, child]) => {
    const mark = required.includes(key) ? '' : '?'
    return `${comment(child, inner)}${inner}${key}${mark}: ${typeOf(child, inner)}\n`
  })
  if (isMap(rest)) lines.push(`${inner}[key: string]: ${typeOf(rest, inner)}\n`)
  if (rest === true) lines.push(`${inner}[key: string]: unknown\n`)
  return `{\n${lines.join('')}${indent}}`
}

function comment(fragment: Fragment, indent: string): string {
  const text = fragment.description?.trim().replaceAll('*/', '* /')
  return text ? `${indent}/** ${text} */\n` : ''
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
