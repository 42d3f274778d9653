import { isMap, isPair, isScalar, isSeq, type Node, parseDocument, type Scalar, visit } from 'yaml'
import type { Edit } from './template.ts'

/** Other defaults: each scalar of a values file becomes another, each list loses each element. */
export function mutateValues(source: string): Edit[] {
  const edits: Edit[] = []
  visit(parseDocument(source), {
    Pair: (_, pair) => {
      if (isScalar(pair.key) && isScalar(pair.value))
        edits.push(...changeDefault(source, String(pair.key.value), pair.value))
    },
    Seq: (_, list) => {
      edits.push(...list.items.flatMap((item) => (isNode(item) ? dropItem(source, item) : [])))
    },
  })
  return edits
}

function isNode(item: unknown): item is Node {
  return !isPair(item) && (isScalar(item) || isMap(item) || isSeq(item))
}

function changeDefault(source: string, key: string, { value, range }: Scalar): Edit[] {
  if (!range) return []
  const [start, end] = range
  const text = otherValue(value, source.slice(start, end))
  if (text === undefined) return []
  const description = `${key}: ${text} by default`
  return [{ operator: 'change-default', description, start, end, text }]
}

function otherValue(value: unknown, written: string): string | undefined {
  if (typeof value === 'boolean') return String(!value)
  if (typeof value === 'number') return String(value + 1)
  if (typeof value !== 'string' || /^[|>&*!]/.test(written)) return undefined
  return /["']$/.test(written) ? `${written.slice(0, -1)}x${written.slice(-1)}` : `${written}x`
}

/** Leaves out an item of a list: in a flow list with its comma, in a block list with its line. */
function dropItem(source: string, { range }: Node): Edit[] {
  if (!range) return []
  const [start, end] = range
  const first = source.lastIndexOf('\n', start) + 1
  const isBlock = /^ *- +$/.test(source.slice(first, start))
  const comma = /^\s*,\s*/.exec(source.slice(end))?.[0].length ?? 0
  const comesFirst = /\s*,\s*$/.exec(source.slice(0, start))?.[0].length ?? 0
  const span = isBlock
    ? { start: first, end: lineEnd(source, end) }
    : comma > 0
      ? { start, end: end + comma }
      : { start: start - comesFirst, end }
  const description = `without the item ${source.slice(start, end).split('\n')[0]}`
  return [{ operator: 'drop-default', description, ...span, text: '' }]
}

function lineEnd(source: string, offset: number): number {
  if (source[offset - 1] === '\n') return offset
  const newline = source.indexOf('\n', offset)
  return newline < 0 ? source.length : newline + 1
}
