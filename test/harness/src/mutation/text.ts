import { isAssignment, type Token } from '../templates/tokens.ts'
import type { Edit, Template } from './template.ts'

/** Missing lines and different constants, in the text between the actions. */
export function mutateText(template: Template): Edit[] {
  const lines = linesOf(template)
  return [
    ...lines.flatMap((_, index) => dropLine(template.source, lines, index)),
    ...template.tokens
      .filter(({ type }) => type === 'text')
      .flatMap(({ start, end }) => changeScalars(template.source, start, end)),
  ]
}

function dropLine(source: string, lines: readonly Line[], index: number): Edit[] {
  const line = lines[index]
  if (!line || line.isControl || line.depth !== 0 || line.leaves) return []
  const text = line.text.trim()
  if (text === '') return blankActions(line)
  if (isBlock(source, line)) return []
  if (/^(?:#|---$)/.test(text)) return []
  const end = lines[lastOfBlock(lines, index)]?.end ?? line.end
  const what = source.slice(line.start, line.end).trim().split('\n')[0]
  const description = end === line.end ? `without "${what}"` : `without "${what}" and its block`
  return [{ operator: 'drop-line', description, start: line.start, end, text: '' }]
}

/** Makes a line that has only actions print nothing; its trim marks stay. Blocks on one line are left to other operators. */
function blankActions({ actions }: Line): Edit[] {
  const [first, last] = [actions[0], actions.at(-1)]
  if (!first || !last || first.keyword || !actions.some(isOutput)) return []
  const text = `{{${first.trimLeft ? '-' : ''} "" ${last.trimRight ? '-' : ''}}}`
  const description = `without ${first.text}`
  return [{ operator: 'drop-line', description, start: first.start, end: last.end, text }]
}

/** Whether it is one block from end to end, which `condition-false` empties as well. */
function isBlock(source: string, { start, end, actions }: Line): boolean {
  const text = source.slice(start, end).trim()
  const [first, last] = [actions[0], actions.at(-1)]
  return !!first?.keyword && text.startsWith(first.text) && text.endsWith(last?.text ?? '')
}

/** The last line of what is below a line: deeper lines with the blocks around them. */
function lastOfBlock(lines: readonly Line[], index: number): number {
  const parent = lines[index]
  if (!parent) return index
  const isKey = /^[^-#].*:$/.test(parent.text.trim()) && parent.actions.length === 0
  let last = index
  let depth = 0
  for (let at = index + 1; at < lines.length; at++) {
    const line = lines[at]
    if (!line || (!line.isControl && !isBelow(parent, line, isKey))) break
    if (line.leaves && depth === 0) break
    depth += line.depth
    if (depth < 0) break
    const hasContent = !line.isControl && line.text.trim() !== ''
    if (depth === 0 && (hasContent || closes(lines, last, at))) last = at
  }
  return last
}

/** Whether a block that holds content was closed since the line `from`. */
function closes(lines: readonly Line[], from: number, to: number): boolean {
  return lines.slice(from + 1, to).some((line) => !line.isControl)
}

function isBelow(parent: Line, line: Line, isKey: boolean): boolean {
  if (line.text.trim() === '' && line.actions.length === 0) return true
  if (line.indent > parent.indent) return true
  return isKey && line.indent === parent.indent && line.text.trim().startsWith('- ')
}

const quoted = `"[^"\\n{]*"`
const plain = '[\\w./:@%+*-]*[\\w./@%+*]'
const scalar = new RegExp(
  `(?<=(?:^|[\\n{,[])[ ]*(?:- +)?(?:[A-Za-z][\\w./-]*: +|(?<=- +|[[,] *)))(${quoted}|${plain})(?= *(?:[,}\\]\\n]|$))`,
  'g',
)

function changeScalars(source: string, from: number, to: number): Edit[] {
  return [...source.slice(from, to).matchAll(scalar)].flatMap(({ 0: before, index }) => {
    const start = from + index
    const line = source.slice(source.lastIndexOf('\n', start) + 1, start)
    const text = otherScalar(before)
    if (/^\s*#|(?:^|[\s{])(?:apiVersion|kind): *$/.test(line) || text === undefined) return []
    const isCut = start === from || (start + before.length === to && to < source.length)
    if (isCut) return []
    const description = `${text} instead of ${before}`
    return [{ operator: 'change-scalar', description, start, end: start + before.length, text }]
  })
}

/** A different scalar of the same type. */
function otherScalar(text: string): string | undefined {
  if (text === 'true') return 'false'
  if (text === 'false') return 'true'
  if (/^\d+$/.test(text)) return String(Number(text) + 1)
  if (text.startsWith('"')) return `${text.slice(0, -1)}x"`
  return /^[A-Za-z/]/.test(text) ? `${text}x` : undefined
}

/** A line of a template; one with an action over several lines includes all of them. */
interface Line {
  readonly start: number
  /** After its line break. */
  readonly end: number
  /** The actions on it, including comments. */
  readonly actions: readonly Token[]
  /** Its text without actions. */
  readonly text: string
  readonly indent: number
  /** How many more blocks it opens than it closes. */
  readonly depth: number
  /** Whether it closes, or continues, a block that an earlier line opened. */
  readonly leaves: boolean
  /** Whether it has only blocks and assignments, no output. */
  readonly isControl: boolean
}

function linesOf({ source, tokens }: Pick<Template, 'source' | 'tokens'>): Line[] {
  const actions = tokens.filter(({ type }) => type !== 'text')
  const lines: Line[] = []
  let next = 0
  for (let start = 0; start < source.length; ) {
    let end = endOfLine(source, start)
    const own: Token[] = []
    for (let token = actions[next]; token && token.start < end; token = actions[++next]) {
      own.push(token)
      if (token.end > end) end = endOfLine(source, token.end)
    }
    lines.push(createLine(source, start, end, own))
    start = end
  }
  return lines
}

function endOfLine(source: string, offset: number): number {
  const newline = source.indexOf('\n', offset)
  return newline < 0 ? source.length : newline + 1
}

function createLine(source: string, start: number, end: number, actions: Token[]): Line {
  const { depth, leaves } = depthOf(actions)
  const raw = source.slice(start, end)
  const text = actions.reduceRight(
    (rest, action) => rest.slice(0, action.start - start) + rest.slice(action.end - start),
    raw,
  )
  return {
    ...{ start, end, actions, text, depth, leaves },
    indent: raw.length - raw.trimStart().length,
    isControl: text.trim() === '' && actions.every((token) => !isOutput(token)),
  }
}

function depthOf(actions: readonly Token[]): { depth: number; leaves: boolean } {
  let depth = 0
  let leaves = false
  for (const { keyword } of actions) {
    if (keyword === 'end') depth -= 1
    if (depth < 0 || (keyword === 'else' && depth === 0)) leaves = true
    if (keyword && /^(?:if|with|range|define|block)$/.test(keyword)) depth += 1
  }
  return { depth, leaves }
}

/** Whether an action prints something: no comment, no block, no assignment. */
function isOutput(token: Token): boolean {
  return token.type === 'action' && !token.keyword && !isAssignment(token)
}
