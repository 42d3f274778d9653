import {
  type Command,
  type CommandPlace,
  calledBy,
  type Operand,
} from '../templates/expressions.ts'
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

const pairs = [
  ...['eq ne', 'and or', 'lt le', 'gt ge', 'add sub', 'max min', 'ceil floor', 'first last'],
  ...['upper lower', 'hasPrefix hasSuffix', 'trimPrefix trimSuffix', 'merge mergeOverwrite'],
  'mustMerge mustMergeOverwrite',
].map((pair) => pair.split(' '))
const swaps = new Map(
  [...pairs, ...pairs.map((pair) => pair.toReversed()), ['mul', 'add'], ['div', 'mul']].map(
    ([name = '', other = '']) => [name, other],
  ),
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

function dropCall(source: string, { pipeline, command, index, isCondition }: CommandPlace): Edit[] {
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

function swapFunction({ command, isCondition }: CommandPlace): Edit[] {
  const name = calledBy(command)
  const [callee, , second] = command.operands
  const other = name === undefined ? undefined : swaps.get(name)
  if (!callee || !other || (isCondition && /^(?:eq|ne)$/.test(callee.text))) return []
  if (/^(?:and|or)$/.test(callee.text) && !second) return []
  const description = `${other} instead of ${callee.text}`
  return [{ operator: 'swap-function', description, ...spanOf(callee), text: other }]
}

function alwaysDefault(source: string, { pipeline, command, index }: CommandPlace): Edit[] {
  const fallback = command.operands[1]
  if (calledBy(command) !== 'default' || !fallback) return []
  if (index === 0 && command.operands.length < 3) return []
  const start = index > 0 ? pipeline.start : command.start
  const text = textOf(source, fallback)
  const description = 'always the default'
  return [{ operator: 'always-default', description, start, end: command.end, text }]
}

function swapTernary(source: string, { command }: CommandPlace): Edit[] {
  const [callee, yes, no] = command.operands
  if (callee?.text !== 'ternary' || !yes || !no) return []
  const text = `${textOf(source, no)} ${textOf(source, yes)}`
  const description = 'the two values of ternary change places'
  return [{ operator: 'swap-ternary', description, start: yes.start, end: no.end, text }]
}

function changeIndent({ command }: CommandPlace): Edit[] {
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

/** Functions whose operands from this position on are elements, each of which can be missing. */
const elements = new Map(
  Object.entries({
    ...{ list: 1, concat: 1, coalesce: 1, and: 1, or: 1 },
    ...{ merge: 1, mergeOverwrite: 1, mustMerge: 1, mustMergeOverwrite: 1 },
    ...{ omit: 2, pick: 2, without: 2 },
  }),
)
const needTwo = new Set(['and', 'or', 'concat', 'coalesce'])

/** Missing elements and different constants, in actions. */
export function mutateConstants({ source, places }: Template): Edit[] {
  return places.flatMap(({ command, index }) => [
    ...dropElements(source, command, index),
    ...dropPairs(source, command),
    ...command.operands.flatMap((operand, position) => changeConstant(command, operand, position)),
  ])
}

function dropElements(source: string, command: Command, index: number): Edit[] {
  const name = calledBy(command)
  const from = name === undefined ? undefined : elements.get(name)
  if (name === undefined || from === undefined) return []
  const operands = command.operands.slice(from)
  const given = operands.length + (index > 0 ? 1 : 0)
  if (given < (needTwo.has(name) ? 2 : 1)) return []
  return operands.map((operand) => dropped('drop-element', source, command, [operand]))
}

function dropPairs(source: string, command: Command): Edit[] {
  if (calledBy(command) !== 'dict') return []
  const operands = command.operands.slice(1)
  return operands.flatMap((key, index) => {
    const value = operands[index + 1]
    return index % 2 === 0 && value ? [dropped('drop-pair', source, command, [key, value])] : []
  })
}

/** Drops neighbouring operands with the blanks before them. */
function dropped(operator: string, source: string, command: Command, gone: Operand[]): Edit {
  const [first, last] = [gone[0] ?? command, gone.at(-1) ?? command]
  const before = source.slice(command.start, first.start).trimEnd()
  const start = command.start + before.length
  const description = `without ${source.slice(first.start, last.end)}`
  return { operator, description, start, end: last.end, text: '' }
}

function changeConstant(command: Command, operand: Operand, position: number): Edit[] {
  const name = calledBy(command) ?? ''
  if (isCovered(name, position)) return []
  const text = otherConstant(operand)
  if (text === undefined) return []
  const { start, end } = operand
  const description = `${text} instead of ${operand.text}`
  return [{ operator: `change-${operand.kind}`, description, start, end, text }]
}

/** Whether a different name of a template would only break it, or another operator does the same: keys, elements. */
function isCovered(name: string, position: number): boolean {
  if (name === 'include' || name === 'indent' || name === 'nindent') return position === 1
  if (name === 'dict') return position % 2 === 1
  const from = elements.get(name)
  return from !== undefined && position >= from
}

function otherConstant({ kind, text }: Operand): string | undefined {
  if (kind === 'bool') return text === 'true' ? 'false' : 'true'
  if (kind === 'number') return /^-?\d+$/.test(text) ? String(Number(text) + 1) : undefined
  if (kind !== 'string') return undefined
  return `${text.slice(0, -1)}x${text.slice(-1)}`
}
