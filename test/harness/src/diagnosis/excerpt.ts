/** A line of a text, as it is shown. */
export interface ExcerptLine {
  readonly number: number
  readonly text: string
  /** Whether this is the line that it is about. */
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
