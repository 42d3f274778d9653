// What checking sets of values found, for people.
import { mostExplained as mostShown } from './judge-render.ts'
import type { HelmReport, SetFinding, SetReport } from './set-report.ts'

/** A table with one row for each set of values and Helm. */
export function formatTable(reports: readonly SetReport[], minors: readonly string[]): string {
  const versions = minors.map((minor) => `v${minor}`)
  const head = ['values', 'Helm', 'objects', 'images', ...versions, 'rules', 'warnings', 'result']
  const rows = reports.flatMap(({ name, helms, ok, warnings }) => {
    const end = [`${warnings.length}`, ok ? 'passed' : 'FAILED']
    const nothing = head.slice(1, -end.length).map(() => '-')
    if (helms.length === 0) return [[name, ...nothing, ...end]]
    return helms.map((row) => [name, ...cellsOf(row, minors), ...end])
  })
  return formatColumns([head, ...rows])
}

function cellsOf(row: HelmReport, minors: readonly string[]): string[] {
  const { version, objects, images, kubernetes, rules, rulesPassed } = row
  const valid = minors.map((minor) => (kubernetes[minor] ? 'ok' : 'NO'))
  return [version, `${objects}`, `${images.length}`, ...valid, `${rulesPassed}/${rules}`]
}

/** Text in columns that are as wide as their widest cell. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const pad = (cell: string, column: number): string => cell.padEnd(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

/** The findings of one set: what, where, and the commands that show them; paths below `cwd` are short. */
export function formatFindings({ name, findings }: SetReport, cwd: string): string {
  const shorten = (text: string): string => text.replaceAll(`${cwd}/`, './')
  const shown = findings.slice(0, mostShown)
  const more = findings.length - shown.length
  const commands = new Set(shown.flatMap(({ command }) => command ?? []))
  return [
    `${name}: ${findings.length === 1 ? '1 problem' : `${findings.length} problems`}`,
    ...shown.map((finding) => shorten(formatFinding(finding))),
    ...(more > 0 ? [`  … and ${more} more (--json shows all)`] : []),
    ...[...commands].map((command) => `  to see it: ${shorten(command)}`),
  ].join('\n')
}

function formatFinding({ stage, message, value, template, helm }: SetFinding): string {
  // All rules fail in one place of one template: the value says more.
  const made = stage === 'rule' && value !== undefined ? undefined : template
  const places = [value, made].flatMap((place) => place ?? [])
  const where = helm === undefined ? places : [...places, `Helm ${helm}`]
  return `  ${message}${where.length === 0 ? '' : ` (${where.join(', ')})`}`
}
