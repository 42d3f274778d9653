import type { Arm } from './arms.ts'

/** Values, as nested objects. */
type Snippet = Readonly<Record<string, unknown>>

/**
 * Values under which the conditions of the arm, and of those around it in its file, hold; undefined
 * when the conditions ask for more than `.Values.…`, `not`, `and`, `or`, `eq`, `ne` and `kindIs`.
 */
export function snippetFor(arm: Arm): Snippet | undefined {
  const wishes: [string, boolean][] = []
  // What `with` and `range` get is no boolean: what else than false would be empty cannot be told.
  if (arm.before.some(({ kind }) => /with|range/.test(kind))) return undefined
  for (let one: Arm | undefined = arm; one; one = one.parent) {
    wishes.push(...one.before.map(({ condition }): [string, boolean] => [condition, false]))
    const isOwn = /^(?:(?:else )?(?:if|with)|range)$/.test(one.kind)
    if (isOwn) wishes.push([one.condition, true])
  }
  const settings = wishes.map(([condition, wanted]) => settingsFor(parse(condition), wanted))
  if (settings.length === 0 || settings.includes(undefined)) return undefined
  return assemble(settings.flatMap((list) => list ?? []))
}

/** A word, or a call with its arguments. */
type Expression = string | readonly Expression[]

const words = /"(?:\\.|[^"\\])*"|[()]|[^\s()]+/g

function parse(condition: string): Expression {
  const stack: Expression[][] = [[]]
  for (const [word] of condition.matchAll(words)) {
    if (word === '(') stack.push([])
    else if (word === ')') {
      const call = stack.pop() ?? []
      stack.at(-1)?.push(call)
    } else stack.at(-1)?.push(word)
  }
  return simplified(stack[0] ?? [])
}

function simplified(expression: Expression): Expression {
  if (typeof expression === 'string') return expression
  const [first] = expression
  return expression.length === 1 && first !== undefined
    ? simplified(first)
    : expression.map(simplified)
}

type Setting = readonly [path: string, value: unknown]

/** What must be set so that the expression is true, or false; undefined when that cannot be told. */
function settingsFor(expression: Expression, wanted: boolean): readonly Setting[] | undefined {
  if (typeof expression === 'string') return setting(expression, wanted)
  const [call, ...operands] = expression
  if (call === 'not' && operands[0] !== undefined) return settingsFor(operands[0], !wanted)
  if (call === 'and' || call === 'or') {
    const all = operands.map((operand) => settingsFor(operand, wanted))
    const needsAll = (call === 'and') === wanted
    if (!needsAll) return all.find((settings) => settings !== undefined)
    return all.includes(undefined) ? undefined : all.flatMap((settings) => settings ?? [])
  }
  return comparison(String(call), operands, wanted)
}

const examples: Readonly<Record<string, unknown>> = {
  ...{ string: 'text', map: { key: 'value' }, slice: ['item'], bool: true, float64: 1.5, int64: 1 },
}

function comparison(
  call: string,
  [left, right]: readonly Expression[],
  wanted: boolean,
): readonly Setting[] | undefined {
  if (typeof left !== 'string' || typeof right !== 'string') return undefined
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
