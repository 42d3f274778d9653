import { type Command, calledBy, type Operand, type Place } from '../templates/expressions.ts'
import type { Edit, Template } from './template.ts'

/** Functions that return a changed form of their last operand. */
const passing = new Set([
  ...['quote', 'squote', 'toString', 'trim', 'trimAll', 'trimSuffix', 'trimPrefix', 'trunc'],
  ...['lower', 'upper', 'title', 'int', 'int64', 'float64', 'toJson', 'toPrettyJson', 'toYaml'],
  ...['fromJson', 'fromYaml', 'b64enc', 'b64dec', 'sha256sum', 'sortAlpha', 'uniq', 'compact'],
  ...['replace', 'default', 'deepCopy', 'mustDeepCopy', 'not', 'ceil', 'floor', 'round', 'tpl'],
])

/** Functions that return a changed form of their first operand. */
const extending = new Set(['set', 'unset', 'append', 'prepend', 'without', 'tpl'])

/** Functions whose absence breaks the YAML instead of changing it. */
const layout = new Set(['indent', 'nindent'])

const swaps = new Map(
  Object.entries({
    ...{ eq: 'ne', ne: 'eq', and: 'or', or: 'and' },
    ...{ lt: 'le', le: 'lt', gt: 'ge', ge: 'gt' },
    ...{ add: 'sub', sub: 'add', mul: 'add', div: 'mul', max: 'min', min: 'max' },
    ...{
      ceil: 'floor',
      floor: 'ceil',
      first: 'last',
      last: 'first',
      upper: 'lower',
      lower: 'upper',
    },
    ...{ hasPrefix: 'hasSuffix', hasSuffix: 'hasPrefix' },
    ...{ trimPrefix: 'trimSuffix', trimSuffix: 'trimPrefix' },
    ...{ merge: 'mergeOverwrite', mergeOverwrite: 'merge' },
    ...{ mustMerge: 'mustMergeOverwrite', mustMergeOverwrite: 'mustMerge' },
  }),
)

/** Calls that are left out, of a different function, or with their operands in a different order. */
export function mutateCalls({ source, places, statements }: Template): Edit[] {
  return [
    ...places.flatMap((place) => [
      ...dropCall(source, place),
      ...swapFunction(place),
      ...alwaysDefault(source, place),
      ...swapTernary(source, place),
      ...changeIndent(place),
    ]),
    ...statements.flatMap(({ assign, variables, pipeline: { start, end } }) => {
      if (assign !== '=' || variables === '$_') return []
      const description = `${variables} keeps its value`
      return [{ operator: 'drop-assignment', description, start, end, text: variables }]
    }),
  ]
}

function dropCall(source: string, { pipeline, command, index, isCondition }: Place): Edit[] {
  const name = calledBy(command)
  if (name === undefined || layout.has(name)) return []
  const about = { operator: 'drop-call', description: `without ${name}` }
  if (index > 0) {
    const start = pipeline.commands[index - 1]?.end ?? command.start
    return [{ ...about, start, end: command.end, text: '' }]
  }
  if (isCondition && name === 'not') return []
  const [, first, ...others] = command.operands
  const kept = extending.has(name)
    ? first
    : passing.has(name)
      ? (others.at(-1) ?? first)
      : undefined
  return kept ? [{ ...about, ...spanOf(command), text: textOf(source, kept) }] : []
}

function swapFunction({ command, isCondition }: Place): Edit[] {
  const name = calledBy(command)
  const [callee, , second] = command.operands
  const other = name === undefined ? undefined : swaps.get(name)
  if (!callee || !other || (isCondition && /^(?:eq|ne)$/.test(callee.text))) return []
  if (/^(?:and|or)$/.test(callee.text) && !second) return []
  const description = `${other} instead of ${callee.text}`
  return [{ operator: 'swap-function', description, ...spanOf(callee), text: other }]
}

function alwaysDefault(source: string, { pipeline, command, index }: Place): Edit[] {
  const fallback = command.operands[1]
  if (calledBy(command) !== 'default' || !fallback) return []
  if (index === 0 && command.operands.length < 3) return []
  const start = index > 0 ? pipeline.start : command.start
  const text = textOf(source, fallback)
  const description = 'always the default'
  return [{ operator: 'always-default', description, start, end: command.end, text }]
}

function swapTernary(source: string, { command }: Place): Edit[] {
  const [callee, yes, no] = command.operands
  if (callee?.text !== 'ternary' || !yes || !no) return []
  const text = `${textOf(source, no)} ${textOf(source, yes)}`
  const description = 'the two values of ternary change places'
  return [{ operator: 'swap-ternary', description, start: yes.start, end: no.end, text }]
}

function changeIndent({ command }: Place): Edit[] {
  const width = command.operands[1]
  const name = calledBy(command)
  if (name === undefined || !layout.has(name) || width?.kind !== 'number') return []
  return [2, -2]
    .map((change) => Number(width.text) + change)
    .filter((wanted) => wanted >= 0)
    .map((wanted) => ({
      operator: 'change-indent',
      description: `${name} ${wanted} instead of ${width.text}`,
      ...spanOf(width),
      text: String(wanted),
    }))
}

function spanOf({ start, end }: Command | Operand): { start: number; end: number } {
  return { start, end }
}

function textOf(source: string, { start, end }: Operand): string {
  return source.slice(start, end)
}
