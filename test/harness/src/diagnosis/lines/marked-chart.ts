// A copy of a chart whose templates mark what they write. Where the text of an `include` is only laid out, it keeps its
// marks; where anything else reads it (`sha256sum`, `eq`, a variable, …) they are taken out again.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeCopy, templateFiles } from '../../render/chart-files.ts'
import { hashOf } from '../../render/disk-cache.ts'
import { type Block, findBlocks } from '../../templates/blocks.ts'
import {
  type Command,
  calledBy,
  parsePipeline,
  placesOf,
  readStatement,
} from '../../templates/expressions.ts'
import { type Token, tokenize } from '../../templates/tokens.ts'
import { hasMarks, markTemplates, pointMark, regionOf, type TemplateLine, unmark } from './marks.ts'

/** A copy of a chart whose templates write marks, and what the marks' numbers mean. */
export interface MarkedChart {
  readonly path: string
  readonly lines: readonly TemplateLine[]
}

/**
 * Makes the copy below `dir`, or finds it there; `hash` is that of the chart's files. Each template prints its
 * text as a string in a ConfigMap, so that the marks are not read as YAML. Undefined for a package.
 */
export async function markedChart(
  chart: string,
  hash: string,
  dir: string,
): Promise<MarkedChart | undefined> {
  const templates = templateFiles(chart)
    .filter(({ file }) => basename(file) !== 'NOTES.txt')
    .map((template) => ({ ...template, source: readFileSync(join(chart, template.file), 'utf8') }))
  if (templates.length === 0 || templates.some(({ source }) => hasMarks(source))) return undefined
  const lines: TemplateLine[] = []
  const files = templates.flatMap(({ file, name, source }) => {
    const first = lines.length
    lines.push(...source.split('\n').map((_, index) => ({ file, line: index + 1 })))
    const marked = markTemplate(source, (line) => first + line - 1)
    if (basename(file).startsWith('_')) return [[file, marked] as const]
    return [[partialOf(file), marked] as const, [`${file}.marked`, printer(name)] as const]
  })
  const path = join(dir, hashOf(hash, markTemplates, ...files.flat()))
  await makeCopy(chart, path, (copy) => {
    for (const { file } of templates) rmSync(join(copy, file))
    for (const [file, text] of files) writeFileSync(join(copy, file), text)
    writeFileSync(join(copy, 'templates/_chart-harness-marks.tpl'), markTemplates)
  })
  return { path, lines }
}

/** The file, or the name, under which a marked template prints nothing on its own. */
function partialOf(file: string): string {
  return join(dirname(file), `_marked-${basename(file)}`)
}

// The file's own name is still a template, because others may include it.
function printer(name: string): string {
  const include = `include "${partialOf(name)}" .`
  return [
    `{{ define "${name}" }}{{ ${include} }}{{ end }}`,
    `{{- $_ := set . "Template" (dict "Name" "${name}" "BasePath" .Template.BasePath) -}}`,
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: {name: marked}',
    `data: {template: "${name}", text: {{ ${include} | toJson }}}`,
    '',
  ].join('\n')
}

function markTemplate(source: string, number: (line: number) => number): string {
  const tokens = tokenize(source)
  const blocks = findBlocks(tokens)
  const parts = tokens.map((token, index) => {
    if (token.type === 'text') return markText(token, number)
    const { keyword, trimLeft, trimRight, text } = token
    const block = blocks.find(({ branches }) => branches[0]?.open === index)
    const laysOut = keyword === 'with' && block !== undefined && laysOutDot(block, tokens)
    const body = markAction(token, number(token.line), laysOut)
    if (body === undefined) return text
    return `{{${trimLeft ? '- ' : ' '}${body}${trimRight ? ' -' : ' '}}}`
  })
  return parts.join('')
}

function markText({ text, line }: Token, number: (line: number) => number): string {
  return text
    .split('\n')
    .map((part, index) => part.replace(/\S/, (first) => pointMark(number(line + index)) + first))
    .join('\n')
}

/** What is between the delimiters then; undefined: nothing else. */
function markAction(token: Token, id: number, laysOut: boolean): string | undefined {
  // `template "x" .` is a statement; the same as an expression can be put into a region.
  const [call, name, context = 'nil'] = calling.exec(token.body) ?? []
  const body = call === undefined ? token.body : `include ${name} (${context})`
  const { keyword = undefined, ...plain } = { ...token, text: body, body, start: 0 }
  const statement = readStatement(call === undefined && keyword ? { ...plain, keyword } : plain)
  if (!statement) return undefined
  const isOutput = statement.keyword === 'none' && statement.assign === 'none'
  const core = isOutput || laysOut ? coreOf(body, statement.pipeline) : undefined
  const read = placesOf(statement)
    .map(({ command }) => command)
    .filter((command) => command !== core && /^(?:include|tpl)$/.test(calledBy(command) ?? ''))
    .sort((a, b) => b.end - a.end)
  const text = read.reduce((part, { end }) => part.slice(0, end) + unmark + part.slice(end), body)
  return isOutput ? regionOf(id, text) : text
}

const calling = /^template\s+("[^"]*"|`[^`]*`)\s*([\s\S]+)?$/

// `{{ with include "x" . }}{{ trim . | nindent 8 }}{{ end }}`: the text is tested, then only laid out.
function laysOutDot({ branches }: Block, tokens: readonly Token[]): boolean {
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
