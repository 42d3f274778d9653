// What was measured. Times depend on the machine, so no test asserts one; they are printed at the end.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { summaryFile } from './run.ts'

/** Records one measurement for the summary, for example `record('outage of web, Recreate', '12.4 s')`. */
export function record(what: string, value: string): void {
  appendFileSync(summaryFile(), `${JSON.stringify({ what, value })}\n`)
}

/** Runs a step and records how long it took. */
export async function timed<T>(what: string, step: () => Promise<T>): Promise<T> {
  const start = Date.now()
  const result = await step()
  record(what, `${((Date.now() - start) / 1000).toFixed(1)} s`)
  return result
}

/** All measurements of this run as an aligned table. */
export function printedSummary(): string {
  if (!existsSync(summaryFile())) return ''
  const rows = readFileSync(summaryFile(), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { what: string; value: string })
  const width = Math.max(0, ...rows.map(({ what }) => what.length))
  return rows.map(({ what, value }) => `${what.padEnd(width)}  ${value}`).join('\n')
}
