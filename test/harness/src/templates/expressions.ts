import type { Token } from './tokens.ts'

/** A part of a source, by its offsets. */
interface SourceSpan {
  readonly start: number
  readonly end: number
}

/** One word of a command; a `group` is a pipeline in parentheses, with the fields taken from it. */
export interface Operand extends SourceSpan {
  readonly kind: 'string' | 'number' | 'bool' | 'path' | 'function' | 'group'
  readonly text: string
  readonly pipeline?: Pipeline
}

/** A function with its operands, or a single operand. */
export interface Command extends SourceSpan {
  readonly operands: readonly Operand[]
}

/** Commands joined by `|`. */
export interface Pipeline extends SourceSpan {
  readonly commands: readonly Command[]
}

/** What an action says: `keyword $variable := pipeline`, with all but the pipeline optional. */
export interface Statement {
  readonly keyword: 'if' | 'with' | 'range' | 'none'
  readonly assign: ':=' | '=' | 'none'
  /** The variables before the assignment, as written. */
  readonly variables: string
  readonly pipeline: Pipeline
}

interface Word extends SourceSpan {
  readonly text: string
}

const words =
  /"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|[+-]?\d[\w.]*|\$?\w+(?:\.\w+)*|\$(?:\.\w+)*|(?:\.\w+)+|\.|\(|\)(?:\.\w+)*|\|/g
const head = /^(?:else\s+)?(if|with|range)\b\s*/
const declaration = /^(\$\w*(?:\s*,\s*\$\w*)?)\s*(:?=)\s*/

/** Reads an action; undefined for those without a pipeline of their own (`else`, `end`, `define`, …). */
export function readStatement(token: Token): Statement | undefined {
  if (token.type !== 'action') return undefined
  const keyword = head.exec(token.body)
  if (token.keyword && !keyword) return undefined
  const rest = token.body.slice(keyword?.[0].length ?? 0)
  const declared = declaration.exec(rest)
  const expression = rest.slice(declared?.[0].length ?? 0)
  const end = token.start + token.text.indexOf(token.body) + token.body.length
  const pipeline = parsePipeline(expression, end - expression.length)
  if (!pipeline) return undefined
  return {
    keyword: (keyword?.[1] ?? 'none') as Statement['keyword'],
    assign: (declared?.[2] ?? 'none') as Statement['assign'],
    variables: declared?.[1] ?? '',
    pipeline,
  }
}

/** Reads the pipeline at this offset; undefined when there is none. */
export function parsePipeline(text: string, offset = 0): Pipeline | undefined {
  return readPipeline(splitWords(text, offset))
}

function splitWords(expression: string, offset: number): Word[] {
  return [...expression.matchAll(words)].map(({ 0: text, index }) => ({
    text,
    start: offset + index,
    end: offset + index + text.length,
  }))
}

// Takes the words of one pipeline from the front, up to its closing parenthesis.
function readPipeline(queue: Word[]): Pipeline | undefined {
  const commands: Command[] = []
  let operands: Operand[] = []
  const closeCommand = (): void => {
    const [first, last] = [operands[0], operands.at(-1)]
    if (first && last) commands.push({ operands, start: first.start, end: last.end })
    operands = []
  }
  while (queue[0] && !queue[0].text.startsWith(')')) {
    const word = queue.shift()
    if (!word) break
    if (word.text === '|') closeCommand()
    else
      operands.push(
        word.text === '(' ? readGroup(word, queue) : { ...word, kind: kindOf(word.text) },
      )
  }
  closeCommand()
  const [first, last] = [commands[0], commands.at(-1)]
  return first && last ? { commands, start: first.start, end: last.end } : undefined
}

function readGroup(open: Word, queue: Word[]): Operand {
  const pipeline = readPipeline(queue)
  const close = queue.shift() ?? open
  const span = { start: open.start, end: close.end }
  return { kind: 'group', text: '', ...span, ...(pipeline ? { pipeline } : {}) }
}

function kindOf(text: string): Operand['kind'] {
  if (/^["`]/.test(text)) return 'string'
  if (/^[+-]?\d|^'/.test(text)) return 'number'
  if (text === 'true' || text === 'false') return 'bool'
  return /^[.$]/.test(text) ? 'path' : 'function'
}

/** A command and where it is. */
export interface CommandPlace {
  readonly statement: Statement
  readonly pipeline: Pipeline
  readonly command: Command
  /** Its position in the pipeline. */
  readonly index: number
  /** Whether it is the whole condition of an `if`. */
  readonly isCondition: boolean
}

/** Every command of a statement, including those in parentheses. */
export function placesOf(statement: Statement, pipeline = statement.pipeline): CommandPlace[] {
  const isCondition =
    statement.keyword === 'if' && pipeline === statement.pipeline && pipeline.commands.length === 1
  return pipeline.commands.flatMap((command, index) => [
    { statement, pipeline, command, index, isCondition },
    ...command.operands.flatMap(({ pipeline: inner }) => (inner ? placesOf(statement, inner) : [])),
  ])
}

/** The name of the function that a command calls, if it calls one. */
export function calledBy(command: Command): string | undefined {
  const [first] = command.operands
  return first?.kind === 'function' ? first.text : undefined
}

/** The text of a string literal without escapes; undefined for anything else. */
export function literalText(text: string): string | undefined {
  const [, quoted, raw] = /^(?:"([^"\\]*)"|`([^`]*)`)$/.exec(text) ?? []
  return quoted ?? raw
}
