// Marks are characters for private use, which no chart writes, around a number. A point says which
// line of a template wrote the text after it; a region is what one action wrote.

const [open, close, point, end] = ['\uE000', '\uE002', '\uE003', '\uE001']
const any = /\uE000(\d+)\uE001|\uE003(\d+)\uE001|(\uE002)|<no value>/g

/** A line of a template; `file` is relative to the chart. */
export interface TemplateLine {
  readonly file: string
  readonly line: number
}

/** Whether the text has characters that would be taken for marks. */
export function hasMarks(text: string): boolean {
  return /[\uE000-\uE003]/.test(text)
}

/** The mark before a text of a template. */
export function pointMark(id: number): string {
  return `${point}${id}${end}`
}

/** The named templates that put marks around what an action writes, unless that is blank, and that take marks out. */
export const markTemplates: string = [
  `{{- define "chart-harness.unmarked" }}{{ regexReplaceAll "[${open}${point}]\\\\d+${end}|${close}" . "" }}{{ end }}`,
  '{{- define "chart-harness.text" }}{{ . }}{{ end }}',
  '{{- define "chart-harness.region" -}}',
  '{{- $text := include "chart-harness.text" (index . 1) -}}',
  `{{- $marked := printf "\${1}${open}%d${end}\${2}${close}\${3}" (index . 0) -}}`,
  '{{- regexReplaceAll `(?s)^(\\s*)(\\S.*?)(\\s*)$` $text $marked -}}',
  '{{- end -}}',
  '',
].join('\n')

/** The pipeline that writes what `pipeline` writes, with marks around it. */
export function regionOf(id: number, pipeline: string): string {
  return `include "chart-harness.region" (list ${id} (${pipeline}))`
}

/** What comes behind a call whose text is read: the marks are taken out of it. */
export const unmark = ' | include "chart-harness.unmarked"'

/** Text from a column on, and the ids of what wrote it, from the manifest's template inwards. */
interface Span {
  readonly column: number
  readonly chain: readonly number[]
}

/** A line without its marks. */
export interface MarkedLine {
  readonly text: string
  readonly spans: readonly Span[]
}

interface Frame {
  readonly region?: number
  point?: number
}

/** Takes the marks out of a rendered text. */
export function readMarks(marked: string): MarkedLine[] {
  const lines: { text: string; spans: Span[] }[] = [{ text: '', spans: [] }]
  const stack: Frame[] = [{}]
  let position = 0
  for (const match of [...marked.matchAll(any), undefined]) {
    append(lines, marked.slice(position, match?.index), chainOf(stack))
    if (!match) break
    position = match.index + match[0].length
    follow(stack, match)
  }
  return lines
}

function follow(stack: Frame[], [, region, at, closes]: RegExpExecArray): void {
  const top = stack.at(-1)
  if (region !== undefined) stack.push({ region: Number(region) })
  else if (at !== undefined && top) top.point = Number(at)
  else if (closes !== undefined && stack.length > 1) stack.pop()
}

function chainOf(stack: readonly Frame[]): number[] {
  const regions = stack.flatMap(({ region }) => region ?? [])
  return [...regions, ...[stack.at(-1)?.point].filter((id) => id !== undefined)]
}

function append(
  lines: { text: string; spans: Span[] }[],
  text: string,
  chain: readonly number[],
): void {
  for (const [index, part] of text.split('\n').entries()) {
    if (index > 0) lines.push({ text: '', spans: [] })
    const line = lines.at(-1)
    if (!line || part === '') continue
    line.spans.push({ column: line.text.length, chain })
    line.text += part
  }
}
