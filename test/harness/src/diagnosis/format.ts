import { displayName } from '../checks/values-file.ts'
import type { Explanation } from './explain.ts'
import type { ValueSource } from './values-layers.ts'

/** A line of a text, as it is shown. */
export interface ExcerptLine {
  readonly number: number
  readonly text: string
  /** Whether the excerpt is about this line. */
  readonly isMarked: boolean
}

const around = 3
const widest = 140

/** The lines around one line (from 1). */
export function linesAround(text: string, line: number): ExcerptLine[] {
  const lines = text.replace(/\n$/, '').split('\n')
  const first = Math.max(1, line - around)
  return lines.slice(first - 1, line + around).map((shown, index) => ({
    number: first + index,
    text: shown.length > widest ? `${shown.slice(0, widest)}…` : shown,
    isMarked: first + index === line,
  }))
}

/** The lines with their numbers and a mark; a caret below the column (from 1) of the marked line. */
export function formatExcerpt(lines: readonly ExcerptLine[], column?: number): string[] {
  const width = String(lines.at(-1)?.number ?? 0).length
  return lines.flatMap(({ number, text, isMarked }) => {
    const head = `${isMarked ? '>' : ' '} ${String(number).padStart(width)} |`
    const line = `${head} ${text}`.trimEnd()
    if (!isMarked || column === undefined || column > widest) return [line]
    return [line, `${' '.repeat(head.length - 1)}| ${' '.repeat(column - 1)}^`]
  })
}

/** The explanation for a person: the rendered lines, what made them, what set them, how to see it. */
export function formatExplanation(explanation: Explanation): string {
  return [...formatBody(explanation), `see it:  ${explanation.command}`].join('\n')
}

/** Several explanations of one failure: each with its place, and a command that they share only once. */
export function formatExplanations(explanations: readonly Explanation[]): string {
  const [first] = explanations
  if (explanations.length === 1 && first) return formatExplanation(first)
  const parts = explanations.map((one) => {
    const place = one.path === undefined ? one.object : `${one.object} ${one.path}`
    return [place, ...formatBody(one)].join('\n').trimEnd()
  })
  const commands = new Set(explanations.map(({ command }) => `see it:  ${command}`))
  return [...parts, ...commands].join('\n\n')
}

function formatBody({ excerpt, template, values }: Explanation): string[] {
  // `chart/templates/_pod.tpl:12, included by chart/templates/web.yaml:9`
  const places = (template?.lines ?? []).map(({ file, line }) => `${displayPath(file)}:${line}`)
  return [
    ...formatExcerpt(excerpt),
    ...(excerpt.length > 0 ? [''] : []),
    ...(template
      ? [`made by: ${template.isExact ? '' : 'about '}${places.join(', included by ')}`]
      : []),
    ...values.map((value) => `set by:  ${formatSource(value)}`),
  ]
}

/** `web.yaml:3 (web.replicas)`. */
export function formatSource({ giver, path, file, line }: ValueSource): string {
  if (file === undefined) return `${path}, given by the test`
  return `${displayPath(file)}:${line} (${path}${giver === 'default' ? ', default' : ''})`
}

/** The path relative to the current folder, if it is below it. */
export function displayPath(path: string): string {
  return displayName(path, process.cwd())
}
