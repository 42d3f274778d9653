import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Path } from '../../values/paths.ts'
import type { Origin } from '../origin.ts'
import { templateFiles } from './chart-templates.ts'
import { isMarkable, type MarkedRender, renderMarked } from './marked-render.ts'
import type { MarkedLine, TemplateLine } from './marks.ts'
import { type ObjectDocument, placeInDocument } from './object-document.ts'
import { findPlace, isLeaf, type YamlPlace } from './yaml-nodes.ts'

/** The lines of templates that made a place of a render. */
export interface TemplateTrace {
  /** From the line that wrote it outwards to the manifest's own template; files as paths. */
  readonly lines: readonly TemplateLine[]
  /** Whether the lines were watched writing it; else the key was searched for. */
  readonly isExact: boolean
}

/** Which lines of the templates made the place that the steps lead to; undefined when no template of the chart did. */
export async function traceTemplate(
  origin: Origin,
  renderText: string,
  document: ObjectDocument,
  steps: Path,
): Promise<TemplateTrace | undefined> {
  const marked = isMarkable(renderText) ? await renderMarked(origin) : undefined
  const watched = marked && watchedLines(marked, document, findPlace(document.node, steps))
  const lines = watched ?? searchKey(origin.chart, document, steps)
  if (!lines) return undefined
  const absolute = lines.map(({ file, line }) => ({ file: join(origin.chart, file), line }))
  return { lines: absolute, isExact: watched !== undefined }
}

function watchedLines(
  marked: MarkedRender,
  document: ObjectDocument,
  place: YamlPlace,
): readonly TemplateLine[] | undefined {
  const { line, column } = placeInDocument(document, isLeaf(place) ? place.valueStart : place.start)
  const span = markedLineOf(marked, document, line)?.spans.findLast((one) => one.column <= column)
  const lines = span?.chain.flatMap((id) => marked.lines[id] ?? []).reverse() ?? []
  const distinct = lines.filter(
    ({ file, line: at }, index) =>
      lines.findIndex((other) => other.file === file && other.line === at) === index,
  )
  return distinct.length > 0 ? distinct : undefined
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
