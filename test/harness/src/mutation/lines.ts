import type { Token } from '../templates/tokens.ts'
import type { Template } from './template.ts'

/** A line of a template; one with an action over several lines is as long as that. */
export interface Line {
  readonly start: number
  /** Behind its line break. */
  readonly end: number
  /** The actions on it, comments too. */
  readonly actions: readonly Token[]
  /** Its text without actions. */
  readonly text: string
  readonly indent: number
  /** How many blocks it opens more than it closes. */
  readonly depth: number
  /** Whether it closes, or goes on with, a block that an earlier line opened. */
  readonly leaves: boolean
  /** Whether it only steers: blocks and assignments, no output. */
  readonly isControl: boolean
}

/** The lines of a template. */
export function linesOf({ source, tokens }: Pick<Template, 'source' | 'tokens'>): Line[] {
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
  const text = textBetween(source, start, end, actions)
  const raw = source.slice(start, end)
  return {
    ...{ start, end, actions, text, depth, leaves },
    indent: raw.length - raw.trimStart().length,
    isControl: text.trim() === '' && actions.every((token) => !isOutput(token)),
  }
}

function textBetween(source: string, start: number, end: number, actions: Token[]): string {
  let position = start
  let text = ''
  for (const action of actions) {
    text += source.slice(position, action.start)
    position = action.end
  }
  return text + source.slice(position, end)
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
export function isOutput({ type, keyword, body }: Token): boolean {
  return type === 'action' && !keyword && !/^\$\w*(?:\s*,\s*\$\w*)?\s*:?=/.test(body)
}
