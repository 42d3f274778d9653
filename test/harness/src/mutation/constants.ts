import { type Command, calledBy, type Operand } from '../templates/expressions.ts'
import type { Edit, Template } from './template.ts'

/** Functions of which each operand from this position on is an element that can be missing. */
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
