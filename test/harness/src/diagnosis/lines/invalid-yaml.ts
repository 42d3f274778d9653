import { join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { HelmFailure } from '../../render/helm-errors.ts'
import { formatExcerpt, linesAround } from '../excerpt.ts'
import type { FailingLine } from '../explain-failure.ts'
import type { Origin } from '../origin.ts'
import { renderMarked } from './marked-render.ts'
import type { MarkedLine } from './marks.ts'

/**
 * The line of a template that wrote what is no YAML, with the rendered lines around it. Helm tells a
 * line of a text that it does not show; the marked render shows it, as there nobody reads it as YAML.
 */
export async function findInvalidYaml(
  { template }: HelmFailure,
  origin: Origin,
): Promise<FailingLine | undefined> {
  const marked = await renderMarked(origin)
  for (const document of marked?.documents.get(template ?? '') ?? []) {
    const text = document.map((line) => line.text).join('\n')
    const line = invalidLine(text)
    const at = line === undefined ? undefined : marked?.lines[writerOf(document, line)]
    if (line === undefined || !at) continue
    const excerpt = [`rendered (a Secret's lines stay unsaid):`]
    return {
      ...{ file: join(origin.chart, at.file), line: at.line, action: '' },
      excerpt: /^kind: *Secret/m.test(text) ? excerpt : formatExcerpt(linesAround(text, line)),
    }
  }
  return undefined
}

function invalidLine(text: string): number | undefined {
  const lineCounter = new LineCounter()
  const [error] = parseDocument(text, { version: '1.1', lineCounter }).errors
  return error && lineCounter.linePos(error.pos[0]).line
}

// Blank lines have no mark; the indentation before a mark belongs to what was written before.
function writerOf(document: readonly MarkedLine[], line: number): number {
  const written = document.slice(0, line).findLast(({ text }) => text.trim() !== '')
  const start = written?.text.search(/\S/) ?? 0
  return written?.spans.findLast(({ column }) => column <= start)?.chain.at(-1) ?? -1
}
