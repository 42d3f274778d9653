// Which key an unknown one may be meant for.
import { type SchemaViolation, unknownKey } from '../checks/schema-violations.ts'
import { closest } from '../objects/kinds.ts'
import { openValuesSchema } from './values-schema.ts'

/** The violations as a person reads them: an unknown key with the one that is meant, if that can be guessed. */
export function describeViolations(chart: string, all: readonly SchemaViolation[]): string[] {
  const unknown = all.some(({ message }) => message === unknownKey)
  const keys = unknown ? openValuesSchema(chart).keys.map(({ name }) => name) : []
  return all.map(({ path, message }) => {
    const meant = message === unknownKey ? suggestKey(path, keys) : undefined
    return `${path || '(root)'}: ${message}${meant === undefined ? '' : `. Did you mean ${meant}?`}`
  })
}

/** A neighbour that is written similarly, or else the only key elsewhere that has this name. */
function suggestKey(path: string, keys: readonly string[]): string | undefined {
  const [parent, name] = split(path.replaceAll(/\[\d+\]/g, '[]'))
  const all = keys.map(split)
  const neighbours = all.flatMap(([place, key]) => (place === parent ? [key] : []))
  const near = closest(name, neighbours)
  if (near !== undefined) return near
  const [only, ...more] = keys.filter((_, index) => all[index]?.[1] === name)
  return more.length === 0 ? only : undefined
}

function split(path: string): readonly [parent: string, name: string] {
  const dot = path.lastIndexOf('.')
  return [path.slice(0, Math.max(dot, 0)), path.slice(dot + 1)]
}
