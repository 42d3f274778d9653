import { calledBy, type Operand, type Pipeline, parsePipeline } from '../templates/expressions.ts'
import type { Branch } from './branches.ts'

/** Values, as nested objects. */
type Snippet = Readonly<Record<string, unknown>>

/**
 * Values under which the conditions of the branch, and of those around it in its file, hold; undefined
 * when the conditions ask for more than `.Values.…`, `not`, `and`, `or`, `eq`, `ne` and `kindIs`.
 */
export function snippetFor(branch: Branch): Snippet | undefined {
  const wishes: [string, boolean][] = []
  // What `with` and `range` read is not a boolean: which value other than false would be empty is unknown.
  if (branch.before.some(({ kind }) => /with|range/.test(kind))) return undefined
  for (let one: Branch | undefined = branch; one; one = one.parent) {
    wishes.push(...one.before.map(({ condition }): [string, boolean] => [condition, false]))
    const isOwn = /^(?:(?:else )?(?:if|with)|range)$/.test(one.kind)
    if (isOwn) wishes.push([one.condition, true])
  }
  const settings = wishes.map(([condition, wanted]) => settingsOf(parsePipeline(condition), wanted))
  if (settings.length === 0 || settings.includes(undefined)) return undefined
  return assemble(settings.flatMap((list) => list ?? []))
}

type Setting = readonly [path: string, value: unknown]

/** What must be set so that the pipeline is true, or false; undefined when that is unknown. */
function settingsOf(
  pipeline: Pipeline | undefined,
  wanted: boolean,
): readonly Setting[] | undefined {
  const [command, ...others] = pipeline?.commands ?? []
  if (!command || others.length > 0) return undefined
  const [first, ...operands] = command.operands
  if (first && operands.length === 0) return settingsFor(first, wanted)
  const call = calledBy(command)
  if (call === 'not' && operands[0]) return settingsFor(operands[0], !wanted)
  if (call === 'and' || call === 'or') {
    const all = operands.map((operand) => settingsFor(operand, wanted))
    const needsAll = (call === 'and') === wanted
    if (!needsAll) return all.find((settings) => settings !== undefined)
    return all.includes(undefined) ? undefined : all.flatMap((settings) => settings ?? [])
  }
  return comparison(call, operands, wanted)
}

function settingsFor(operand: Operand, wanted: boolean): readonly Setting[] | undefined {
  return operand.kind === 'group'
    ? settingsOf(operand.pipeline, wanted)
    : setting(operand.text, wanted)
}

const examples: Readonly<Record<string, unknown>> = {
  ...{ string: 'text', map: { key: 'value' }, slice: ['item'], bool: true, float64: 1.5, int64: 1 },
}

function comparison(
  call: string | undefined,
  [one, other]: readonly Operand[],
  wanted: boolean,
): readonly Setting[] | undefined {
  const [left, right] = [one?.text, other?.text]
  if (!left || !right) return undefined
  if (call === 'kindIs') {
    const value = wanted ? examples[literal(left) as string] : undefined
    return value === undefined ? undefined : setting(right, value)
  }
  if (call !== 'eq' && call !== 'ne') return undefined
  const value = literal(right)
  if (value === undefined) return undefined
  return setting(left, (call === 'eq') === wanted ? value : another(value))
}

function literal(word: string): unknown {
  return /^(?:"|-?\d|true$|false$)/.test(word) ? (JSON.parse(word) as unknown) : undefined
}

function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value
  return typeof value === 'number' ? value + 1 : `not-${String(value)}`
}

function setting(word: string, value: unknown): readonly Setting[] | undefined {
  const [, path] = /^\$?\.Values\.([\w.]+)$/.exec(word) ?? []
  return path === undefined ? undefined : [[path, value]]
}

function assemble(settings: readonly Setting[]): Snippet {
  const values: Record<string, unknown> = {}
  for (const [path, value] of settings) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let table = values
    for (const key of keys) {
      const below = table[key]
      const next = typeof below === 'object' && below !== null ? below : {}
      table[key] = next
      table = next as Record<string, unknown>
    }
    table[last] ??= value
  }
  return values
}
