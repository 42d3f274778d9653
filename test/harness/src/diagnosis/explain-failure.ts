import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { templateFiles } from '../render/chart-files.ts'
import type { HelmFailure } from '../render/helm-errors.ts'
import { type Origin, originOf } from '../render/render.ts'
import { tokenize } from '../templates/tokens.ts'
import { displayPath, formatExcerpt, formatSource, linesAround } from './format.ts'
import { findInvalidLine } from './lines/template-lines.ts'
import { maskCommand } from './mask.ts'
import { nearestSource, type ValueSource, valuesLayers } from './values-layers.ts'

/** What is known about a failed render in addition to Helm's message. */
export interface FailureExplanation {
  /** The command, without secrets. */
  readonly command: string
  /** Lines to be put after the message; empty when nothing is known. */
  readonly details: string
  /** The line of the template that failed, or that wrote what is not YAML. */
  readonly template?: { readonly file: string; readonly line: number }
  /** Where the values that it is about are set. */
  readonly values: readonly ValueSource[]
}

const mostValues = 5
const mostKept = 50
const recent: FailureExplanation[] = []

/** The latest explanations; the setup file for vitest finds those of a failed test here. */
export function recentFailures(): readonly FailureExplanation[] {
  return recent
}

/** The lines of the template and of the values that a failure is about. */
export async function explainFailure(failure: HelmFailure): Promise<FailureExplanation> {
  const origin = originOf(failure)
  if (!origin) return { command: failure.command, details: '', values: [] }
  const isInvalid = failure.kind === 'yaml'
  const failing = isInvalid ? await invalidLine(failure, origin) : failingLine(failure, origin)
  const values = sourcesOf(failure, origin, failing?.action ?? '')
  const lines = [
    ...(failing
      ? [
          '',
          `${displayPath(failing.file)}:${failing.line}${isInvalid ? ' wrote' : ''}`,
          ...failing.excerpt,
        ]
      : []),
    ...(values.length > 0 ? ['', ...values.map((value) => `set by: ${formatSource(value)}`)] : []),
  ]
  const explanation = {
    command: maskCommand(failure.command, origin.request.values),
    details: lines.map((line) => (line === '' ? '\n' : `\n  ${line}`)).join(''),
    ...(failing ? { template: { file: failing.file, line: failing.line } } : {}),
    values,
  }
  if (lines.length > 0) recent.unshift(explanation)
  recent.length = Math.min(recent.length, mostKept)
  return explanation
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
