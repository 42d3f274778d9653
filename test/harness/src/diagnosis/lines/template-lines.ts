// How the exact line of a template is found that wrote a line of a render. A copy of the chart is rendered with the
// same request. Its templates write invisible marks: a mark with a number before each line of text, and a pair of
// marks around what each action writes (marks.ts; the number is that of a file and a line). Marks nest through all
// helpers; a function that reads the text of an include (`sha256sum`, `eq`, …) must not see marks, so they are taken
// out before it. Each file prints its marked text as a string in a ConfigMap, so that Helm never reads the marks as
// YAML (marked-chart.ts). Here the marks are taken out again: if the same line is in the render, its marks say who
// wrote it. Where that fails, the template is searched for the key, and the answer is called inexact.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isScalar } from 'yaml'
import { isRecord } from '../../objects/manifests.ts'
import { kept } from '../../objects/once.ts'
import type { Path } from '../../objects/paths.ts'
import { parseYaml, splitDocuments } from '../../objects/yaml.ts'
import { templateFiles } from '../../render/chart-files.ts'
import type { Origin } from '../../render/render.ts'
import { findPlace, type ObjectDocument, readYamlText, type YamlPlace } from './documents.ts'
import { markedChart } from './marked-chart.ts'
import { hasMarks, type MarkedLine, readMarks, type TemplateLine } from './marks.ts'

/** The lines of templates that made a place of a render. */
export interface TemplateTrace {
  /** From the line that wrote it outwards to the manifest's own template; files as paths. */
  readonly lines: readonly TemplateLine[]
  /** Whether the lines were seen writing it; otherwise the key was searched for. */
  readonly isExact: boolean
}

/** Which lines of the templates made the place at the end of the steps; undefined when no template of the chart did. */
export async function traceTemplate(
  origin: Origin,
  renderText: string,
  document: ObjectDocument,
  steps: Path,
): Promise<TemplateTrace | undefined> {
  const marked = hasMarks(renderText) ? undefined : await renderMarked(origin)
  const seen = marked && writersOf(marked, document, findPlace(document.node, steps))
  const lines = seen ?? searchKey(origin.chart, document, steps)
  if (!lines) return undefined
  const absolute = lines.map(({ file, line }) => ({ file: join(origin.chart, file), line }))
  return { lines: absolute, isExact: seen !== undefined }
}

/** What each template of a chart wrote, and which lines wrote it. */
export interface MarkedRender {
  /** The documents of a template, by its name. */
  readonly documents: ReadonlyMap<string, readonly (readonly MarkedLine[])[]>
  /** What the numbers in the lines' chains mean. */
  readonly lines: readonly TemplateLine[]
}

const renders = new WeakMap<Origin, Promise<MarkedRender | undefined>>()

/** Renders a copy of the chart that writes marks; undefined when that is not possible. */
export function renderMarked(origin: Origin): Promise<MarkedRender | undefined> {
  return kept(renders, origin, () => run(origin))
}

async function run(origin: Origin): Promise<MarkedRender | undefined> {
  const copy = await markedChart(origin.chart, origin.hash, join(origin.cacheDir, 'marked'))
  if (!copy) return undefined
  const { code, stdout } = await origin.runOn(copy.path)
  if (code !== 0) return undefined
  const documents = new Map<string, MarkedLine[][]>()
  for (const printed of splitDocuments(stdout).map(({ text }) => parseYaml(text))) {
    const { template, text } = isRecord(printed) && isRecord(printed.data) ? printed.data : {}
    if (typeof text === 'string') documents.set(String(template), cutDocuments(text))
  }
  return { documents, lines: copy.lines }
}

function cutDocuments(text: string): MarkedLine[][] {
  const documents: MarkedLine[][] = [[]]
  for (const line of readMarks(text)) {
    if (/^---[ \t]*$/.test(line.text)) documents.push([])
    else documents.at(-1)?.push(line)
  }
  const isText = (line: MarkedLine): boolean => line.text.trim() !== ''
  return documents
    .map((lines) => lines.slice(lines.findIndex(isText), lines.findLastIndex(isText) + 1))
    .filter((lines) => lines.length > 0)
}

function writersOf(
  marked: MarkedRender,
  document: ObjectDocument,
  { node, start, valueStart }: YamlPlace,
): readonly TemplateLine[] | undefined {
  const { line, col } = document.yaml.lines.linePos(isScalar(node) ? valueStart : start)
  const span = markedLineOf(marked, document, line)?.spans.findLast(({ column }) => column < col)
  const lines = span?.chain.flatMap((id) => marked.lines[id] ?? []).reverse() ?? []
  const distinct = new Map(lines.map((one) => [`${one.file}:${one.line}`, one]))
  return distinct.size > 0 ? [...distinct.values()] : undefined
}

/** The same line of the marked text; undefined where that text differs. */
export function markedLineOf(
  { documents }: MarkedRender,
  { source, yaml }: ObjectDocument,
  line: number,
): MarkedLine | undefined {
  const lines = yaml.text.split('\n')
  const found = (documents.get(source) ?? []).map((candidate) => ({
    candidate,
    equal: candidate.filter(({ text }, index) => text === lines[index]).length,
  }))
  const best = found.sort((a, b) => b.equal - a.equal)[0]?.candidate
  if (best?.length !== lines.length) return undefined
  const same = best[line - 1]
  return same?.text === lines[line - 1] ? same : undefined
}

/** Goes through the template from key to key of the path, as far as they are written there. */
function searchKey(
  chart: string,
  { source }: ObjectDocument,
  steps: Path,
): readonly TemplateLine[] | undefined {
  const template = templateFiles(chart).find(({ name }) => name === source)
  if (!template) return undefined
  const lines = readFileSync(join(chart, template.file), 'utf8').split('\n')
  let at = 0
  for (const key of steps.filter((step) => typeof step === 'string')) {
    const next = lines.findIndex((line, index) => index >= at && writesKey(line, key))
    if (next >= 0) at = next
  }
  return [{ file: template.file, line: at + 1 }]
}

function writesKey(line: string, key: string): boolean {
  const start = line.indexOf(`${key}:`)
  return start >= 0 && !/\w/.test(line[start - 1] ?? '')
}

/** A line that is not YAML: the document, its line (from 1), and who wrote it. */
export interface InvalidLine {
  readonly text: string
  readonly line: number
  readonly writer: TemplateLine
}

/**
 * The first line of a template's output that is not YAML. Helm names a line of a text that it does not show; the marked
 * render shows it, because it is not read as YAML there.
 */
export async function findInvalidLine(
  origin: Origin,
  template: string,
): Promise<InvalidLine | undefined> {
  const marked = await renderMarked(origin)
  for (const document of marked?.documents.get(template) ?? []) {
    const text = document.map((line) => line.text).join('\n')
    const { invalidLine: line } = readYamlText(text)
    if (line === undefined) continue
    // Blank lines have no mark; the indentation before a mark belongs to what was written before.
    const written = document.slice(0, line).findLast((one) => one.text.trim() !== '')
    const start = written?.text.search(/\S/) ?? 0
    const id = written?.spans.findLast(({ column }) => column <= start)?.chain.at(-1) ?? -1
    const writer = marked?.lines[id]
    if (writer) return { text, line, writer }
  }
  return undefined
}
