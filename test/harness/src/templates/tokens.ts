/** The words of Go's template language that open, divide, close or leave a block. */
type Keyword = (typeof keywords)[number]

const keywords = [
  ...['if', 'else', 'with', 'range', 'define', 'block', 'end'],
  ...['template', 'break', 'continue'],
] as const

/** A piece of a template's source. Joined, the texts of all pieces are the source. */
export interface Token {
  readonly type: 'text' | 'comment' | 'action'
  /** The source of this piece, with its delimiters. */
  readonly text: string
  /** Offsets into the source. */
  readonly start: number
  readonly end: number
  /** The line on which it starts, from 1. */
  readonly line: number
  /** What is between the delimiters and their trim marks; the whole text for `text`. */
  readonly body: string
  /** `{{-`: blanks before it are dropped. */
  readonly trimLeft: boolean
  /** `-}}`: blanks after it are dropped. */
  readonly trimRight: boolean
  readonly keyword?: Keyword
}

/** Whether an action gives a variable a value. */
export function isAssignment({ type, body }: Token): boolean {
  return type === 'action' && /^\$\w*(?:\s*,\s*\$\w*)?\s*:?=/.test(body)
}

/** Thrown for a source that Go would not parse either. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError'
}

/** Splits a template's source as Go's text/template does (https://pkg.go.dev/text/template). */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  let position = 0
  const push = (token: Omit<Token, 'line' | 'start' | 'end' | 'text'>, end: number): void => {
    const text = source.slice(position, end)
    tokens.push({ ...token, text, start: position, end, line })
    line += text.split('\n').length - 1
    position = end
  }
  while (position < source.length) {
    const open = source.indexOf('{{', position)
    const end = open < 0 ? source.length : open
    const body = source.slice(position, end)
    if (body !== '') push({ type: 'text', body, trimLeft: false, trimRight: false }, end)
    if (open < 0) break
    const { end: close, ...action } = readAction(source, open, line)
    push(action, close)
  }
  return tokens
}

function readAction(
  source: string,
  open: number,
  line: number,
): Omit<Token, 'line' | 'start' | 'text'> {
  const trimLeft = /^-\s/.test(source.slice(open + 2, open + 4))
  const start = open + (trimLeft ? 4 : 2)
  const isComment = source.startsWith('/*', start)
  const close = isComment ? closeOfComment(source, start) : closeOfAction(source, start)
  if (close < 0) throw new TemplateSyntaxError(`the action on line ${line} is not closed by "}}"`)
  const trimRight = /\s-$/.test(source.slice(start, close))
  const body = source.slice(start, trimRight ? close - 2 : close).trim()
  const keyword = isComment
    ? undefined
    : keywords.find((word) => new RegExp(`^${word}\\b`).test(body))
  return {
    type: isComment ? 'comment' : 'action',
    ...{ body, trimLeft, trimRight, end: close + 2 },
    ...(keyword ? { keyword } : {}),
  }
}

function closeOfComment(source: string, start: number): number {
  const end = source.indexOf('*/', start + 2)
  return end < 0 ? -1 : source.indexOf('}}', end)
}

// Delimiters inside strings and characters do not count.
const unquoted = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\}\}|["'`]/g

function closeOfAction(source: string, start: number): number {
  unquoted.lastIndex = start
  for (let match = unquoted.exec(source); match; match = unquoted.exec(source)) {
    if (match[0] === '}}') return match.index
    if (match[0].length === 1) return -1 // a quote that nothing closes
  }
  return -1
}
