import { join } from 'node:path'
import { isRecord } from '../../objects/manifests.ts'
import { parseYaml, splitDocuments } from '../../objects/yaml.ts'
import type { Origin } from '../origin.ts'
import { markedChart, unmarkedName } from './marked-chart.ts'
import { hasMarks, type MarkedLine, readMarks, type TemplateLine } from './marks.ts'

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
  const known = renders.get(origin) ?? run(origin)
  renders.set(origin, known)
  return known
}

async function run(origin: Origin): Promise<MarkedRender | undefined> {
  const copy = markedChart(origin.chart, origin.hash, join(origin.cacheDir, 'marked'))
  if (!copy) return undefined
  const { code, stdout } = await origin.runOn(copy.path)
  if (code !== 0) return undefined
  const documents = new Map<string, MarkedLine[][]>()
  for (const { source, text } of splitDocuments(stdout)) {
    const printed = parseYaml(text)
    const data = isRecord(printed) && isRecord(printed.data) ? printed.data.text : undefined
    if (typeof data === 'string') documents.set(unmarkedName(source), cutDocuments(data))
  }
  return { documents, lines: copy.lines }
}

function cutDocuments(text: string): MarkedLine[][] {
  const documents: MarkedLine[][] = [[]]
  for (const line of readMarks(text)) {
    if (/^---[ \t]*$/.test(line.text)) documents.push([])
    else documents.at(-1)?.push(line)
  }
  return documents.map(trimLines).filter((lines) => lines.length > 0)
}

function trimLines(lines: readonly MarkedLine[]): MarkedLine[] {
  const isText = ({ text }: MarkedLine): boolean => text.trim() !== ''
  return lines.slice(lines.findIndex(isText), lines.findLastIndex(isText) + 1)
}

/** Whether a render may be compared with a marked one at all. */
export function isMarkable(text: string): boolean {
  return !hasMarks(text)
}
