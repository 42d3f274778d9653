// Which actions of a template may carry marks: where the text of an `include` is only laid out, it may; where a function
// reads it, it may not.
import { type Block, type Define, findBlocks, findDefines } from '../../templates/blocks.ts'
import { type Command, literalText, parsePipeline } from '../../templates/expressions.ts'
import { isAssignment, type Token, tokenize } from '../../templates/tokens.ts'
import { pointMark, regionOf } from './marks.ts'

/** What is added to the name of a template for its twin that writes marks. */
export const twinSuffix = '#marked'

/** The templates that have a twin. `isComplete`: all have, so names made at run time have one, too. */
export interface Twins {
  readonly names: ReadonlySet<string>
  readonly isComplete: boolean
}

/** Gives a line of a template its number. */
export type Numbering = (line: number) => number

/** A template and its twin that writes marks; the named templates in it apart. */
export interface SplitTemplate {
  readonly body: string
  readonly markedBody: string
  readonly defines: string
  readonly markedDefines: string
}

/** Splits a template into its body and what it defines, each as it is and with marks. */
export function splitTemplate(source: string, number: Numbering, twins: Twins): SplitTemplate {
  const tokens = tokenize(source)
  const marked = markTokens(tokens, number, twins)
  const defines = definesOf(tokens)
  const isDefine = (index: number): boolean =>
    defines.some(({ open, end }) => index >= open && index <= end)
  // What a define leaves behind in the body is the trimming of its delimiters.
  const body = (texts: readonly string[]): string =>
    texts
      .map((text, index) => {
        if (!isDefine(index)) return text
        return defines.some(({ open }) => open === index) ? '{{- /* */ -}}' : ''
      })
      .join('')
  return {
    body: body(tokens.map(({ text }) => text)),
    markedBody: body(marked),
    defines: defines.map(({ open, end }) => join(tokens.slice(open, end + 1))).join('\n'),
    markedDefines: defines
      .map(({ name, open, end }) => {
        const opening = tokens[open]?.text.replace(
          /(["`])[^"`]*\1/,
          JSON.stringify(name + twinSuffix),
        )
        return opening + marked.slice(open + 1, end + 1).join('')
      })
      .join('\n'),
  }
}

// A `block` prints where it is: it gets no twin.
function definesOf(tokens: readonly Token[]): Define[] {
  return findDefines(tokens).filter(({ keyword }) => keyword === 'define')
}

/** The names of the templates that get a twin. */
export function twinNames(source: string): string[] {
  return definesOf(tokenize(source)).map(({ name }) => name)
}

function join(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('')
}

function markTokens(tokens: readonly Token[], number: Numbering, twins: Twins): string[] {
  const blocks = findBlocks(tokens)
  const plain = blocks
    .filter(({ keyword }) => keyword === 'block')
    .flatMap(({ branches }) => branches)
  return tokens.map((token, index) => {
    if (plain.some(({ open, close }) => index > open && index < close)) return token.text
    if (token.type === 'text') return markText(token, number)
    if (token.type === 'comment' || isAssignment(token)) return token.text
    const block = blocks.find(({ branches }) => branches.some(({ open }) => open === index))
    const body = markAction(token, tokens, block, number, twins)
    return body === undefined ? token.text : withDelimiters(token, body)
  })
}

function markText({ text, line }: Token, number: Numbering): string {
  return text
    .split('\n')
    .map((part, index) => part.replace(/\S/, (first) => pointMark(number(line + index)) + first))
    .join('\n')
}

function markAction(
  token: Token,
  tokens: readonly Token[],
  block: Block | undefined,
  number: Numbering,
  twins: Twins,
): string | undefined {
  const { body, keyword, line } = token
  if (keyword === 'template') return markCall(body, number(line), twins)
  if (keyword === 'with' && block && showsOnlyDot(block, tokens)) {
    const marked = includeMarked(body.replace(/^with\s+/, ''), twins)
    return marked === undefined ? undefined : `with ${marked}`
  }
  if (keyword !== undefined) return undefined
  return regionOf(number(line), includeMarked(body, twins) ?? body)
}

// `template "x" .` is a statement; the same as an expression can be put into a region.
function markCall(body: string, id: number, twins: Twins): string | undefined {
  const match = /^template\s+("[^"]*"|`[^`]*`)\s*([\s\S]+)?$/.exec(body)
  if (!match) return undefined
  const [, name, context] = match
  const pipeline = `include ${name} ${context === undefined ? 'nil' : `(${context})`}`
  return regionOf(id, includeMarked(pipeline, twins) ?? pipeline)
}

// `{{ with include "x" . }}{{ trim . | nindent 8 }}{{ end }}`: the text is tested, then only laid out.
function showsOnlyDot({ branches }: Block, tokens: readonly Token[]): boolean {
  const [branch] = branches
  if (!branch) return false
  return tokens
    .slice(branch.open + 1, branch.close)
    .filter(({ type }) => type === 'action')
    .every(({ keyword, body }) => {
      const core = keyword === undefined ? coreOf(body) : undefined
      return core?.operands.length === 1 && core.operands[0]?.text === '.'
    })
}

function withDelimiters({ trimLeft, trimRight }: Token, body: string): string {
  return `{{${trimLeft ? '- ' : ' '}${body}${trimRight ? ' -' : ' '}}}`
}

/** The pipeline with the marked twin of what it includes; undefined when it includes nothing to mark. */
function includeMarked(source: string, { names, isComplete }: Twins): string | undefined {
  const core = coreOf(source)
  const [call, name, context, ...more] = core?.operands ?? []
  if (!core || call?.text !== 'include' || !name || !context || more.length > 0) return undefined
  const written = source.slice(name.start, name.end)
  const literal = literalText(written)
  if (literal === undefined ? !isComplete : !names.has(literal)) return undefined
  const twin =
    literal === undefined
      ? `(printf "%s${twinSuffix}" ${written})`
      : JSON.stringify(literal + twinSuffix)
  const marked = `include ${twin} ${source.slice(context.start, context.end)}`
  return source.slice(0, core.start) + marked + source.slice(core.end)
}

// Functions that change nothing but the blanks around lines.
const layout = /^(?:trim|n?indent\s+\S+|trim(?:Suffix|Prefix)\s+"(?:\\n)+")$/

/** The command that the rest of a pipeline only lays out: `include "x" .` in `nindent 2 (include "x" .) | trim`. */
function coreOf(source: string, pipeline = parsePipeline(source)): Command | undefined {
  const isLayout = ({ start, end }: { start: number; end: number }): boolean =>
    layout.test(source.slice(start, end))
  const [first, ...rest] = pipeline?.commands ?? []
  if (!first || !rest.every(isLayout)) return undefined
  const [before, last] = [first.operands.at(-2), first.operands.at(-1)]
  if (!last || (before && !isLayout({ start: first.start, end: before.end }))) return first
  const { start, end } = last
  if (!last.pipeline) return { operands: [last], start, end }
  // Else a field is taken from the group.
  return source[end - 1] === ')' ? coreOf(source, last.pipeline) : undefined
}
