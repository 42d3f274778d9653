// The TypeScript type of the values, for tests.
import { isRecord } from 'chart-harness'
import type { Fragment, ValuesSource } from './values-source.ts'

const HEADER = `// Built from schema/values by \`npm run build\`. Do not edit.
`

const WIDTH = 100

/** The text of test/chart/values.generated.ts. */
export function emitTypes({ keys, definitions }: ValuesSource): string {
  const types = Object.entries(definitions).map(
    ([name, fragment]) => `type ${typeName(name)} = ${typeOf(fragment, '')}\n`,
  )
  const values = typeOf({ properties: keys }, '')
  return `${HEADER}\n/** The values of the chart; every key is optional. */\nexport type Values = ${values}\n\n${types.join('')}`
}

function typeName(definition: string): string {
  return definition.charAt(0).toUpperCase() + definition.slice(1)
}

function typeOf(fragment: Fragment, indent: string): string {
  if (fragment.$ref !== undefined) return typeName(fragment.$ref.replace('#/definitions/', ''))
  if (fragment.enum) return fragment.enum.map(quote).join(' | ')
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
  const hidden = [...without, ...Object.keys(properties)].map(quote)
  const block = typeName(takes)
  const taken = hidden.length > 0 ? `Omit<${block}, ${hidden.join(' | ')}>` : block
  return Object.keys(properties).length > 0 ? `${taken} & ${objectType(fragment, indent)}` : taken
}

function objectType(fragment: Fragment, indent: string): string {
  const { properties = {}, additionalProperties: rest, required = [] } = fragment
  const inner = `${indent}  `
  const members = Object.entries(properties).map(
    ([key, child]) => `${key}${required.includes(key) ? '' : '?'}: ${typeOf(child, inner)}`,
  )
  if (rest) members.push(`[key: string]: ${isRecord(rest) ? typeOf(rest, inner) : 'unknown'}`)
  const line = `{ ${members.join('; ')} }`
  if (!line.includes('\n') && indent.length + line.length <= WIDTH) return line
  return `{\n${members.map((member) => `${inner}${member}\n`).join('')}${indent}}`
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
