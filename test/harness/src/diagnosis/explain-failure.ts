import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { templateFiles } from '../render/chart-files.ts'
import { describeFailure, type HelmFailure } from '../render/helm-errors.ts'
import { type Origin, originOf } from '../render/render.ts'
import { tokenize } from '../templates/tokens.ts'
import type { ReportedExplanation } from './explain.ts'
import { displayPath, formatExcerpt, formatSource, linesAround } from './format.ts'
import { findInvalidLine } from './lines/template-lines.ts'
import { maskCommand } from './mask.ts'
import { nearestSource, type ValueSource, valuesLayers } from './values-layers.ts'

const mostValues = 5
const mostKept = 50

/** The latest failures by the details in their messages, for the setup file for vitest. */
const recent = new Map<string, ReportedExplanation>()

/** What is known about the render that failed with this message, if one did. */
export function explainedFailures(message: string): readonly ReportedExplanation[] {
  const known = [...recent].reverse().find(([details]) => message.includes(details))
  return known ? [known[1]] : []
}

/**
 * What a person needs in addition to Helm's message: the lines of the template and of the values that the
 * failure is about, and the command without secrets.
 */
export async function explainFailure(
  failure: HelmFailure,
): Promise<{ readonly command: string; readonly details: string }> {
  const origin = originOf(failure)
  if (!origin) return { command: failure.command, details: '' }
  const isInvalid = failure.kind === 'yaml'
  const failing = isInvalid ? await invalidLine(failure, origin) : failingLine(failure, origin)
  const values = sourcesOf(failure, origin, failing?.action ?? '')
  const place =
    failing && `${displayPath(failing.file)}:${failing.line}${isInvalid ? ' wrote' : ''}`
  const lines = [
    ...(failing ? ['', place, ...failing.excerpt] : []),
    ...(values.length > 0 ? ['', ...values.map((value) => `set by: ${formatSource(value)}`)] : []),
  ]
  const command = maskCommand(failure.command, origin.request.values)
  const details = lines.map((line) => (line === '' ? '\n' : `\n  ${line}`)).join('')
  if (lines.length > 0) {
    const template = failing ? { template: { lines: [failing], isExact: true } } : {}
    recent.set(details, { message: describeFailure(failure), values, command, ...template })
  }
  if (recent.size > mostKept) recent.delete([...recent.keys()][0] ?? '')
  return { command, details }
}

function sourcesOf(failure: HelmFailure, origin: Origin, action: string): ValueSource[] {
  const layers = valuesLayers(origin)
  const found = keysOf(failure, origin, action).flatMap((key) => nearestSource(layers, key) ?? [])
  const distinct = new Map(found.map((source) => [formatSource(source), source]))
  return [...distinct.values()].slice(0, mostValues)
}

/** The keys that the failure names: paths of the schema, those in a message, `.Values.…`. */
function keysOf(
  { kind, violations, lines }: HelmFailure,
  origin: Origin,
  action: string,
): readonly string[] {
  if (kind === 'schema') return (violations ?? []).map(({ path }) => path)
  if (kind === 'fail') return lines.flatMap((line) => origin.keysIn(line))
  return [...action.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = '']) => path)
}

/** A line of a template that cannot be rendered. */
interface FailingLine {
  readonly file: string
  readonly line: number
  /** What is between the braces there. */
  readonly action: string
  readonly excerpt: readonly string[]
}

async function invalidLine(
  { template = '' }: HelmFailure,
  origin: Origin,
): Promise<FailingLine | undefined> {
  const found = await findInvalidLine(origin, template)
  if (!found) return undefined
  const { text, line, writer } = found
  const excerpt = /^kind: *Secret/m.test(text)
    ? [`rendered (the lines of a Secret are not shown):`]
    : formatExcerpt(linesAround(text, line))
  return { file: join(origin.chart, writer.file), line: writer.line, action: '', excerpt }
}

function failingLine(
  { template, line, column }: HelmFailure,
  { chart }: Origin,
): FailingLine | undefined {
  const found = templateFiles(chart).find(({ name }) => name === template)
  if (!found || line === undefined) return undefined
  const file = join(chart, found.file)
  const source = readFileSync(file, 'utf8')
  // Go counts columns from 0.
  const caret = column === undefined ? undefined : column + 1
  return {
    ...{ file, line, excerpt: formatExcerpt(linesAround(source, line), caret) },
    action: column === undefined ? '' : actionAt(source, line, column),
  }
}

function actionAt(source: string, line: number, column: number): string {
  const before = source.split('\n').slice(0, line - 1)
  const offset = before.reduce((sum, text) => sum + text.length + 1, column)
  const token = tokenize(source).find(({ start, end }) => start <= offset && offset < end)
  return token?.type === 'action' ? token.body : ''
}
