// Tells what was found: a table, the findings, what the values need.
import { mostExplained as shownFindings } from './check-explain.ts'
import type { Finding, SetReport } from './check-types.ts'

/** One row for each set of values and Helm. */
export function formatTable(reports: readonly SetReport[], minors: readonly string[]): string {
  const head = [
    'values',
    'Helm',
    'objects',
    'images',
    ...minors.map((minor) => `v${minor}`),
    'rules',
    'warnings',
    'result',
  ]
  const rows = reports.flatMap((report) => {
    const result = report.ok ? 'passed' : 'FAILED'
    if (report.helms.length === 0)
      return [
        [
          report.name,
          '-',
          '-',
          '-',
          ...minors.map(() => '-'),
          '-',
          `${report.warnings.length}`,
          result,
        ],
      ]
    return report.helms.map((row) => [
      report.name,
      row.version,
      `${row.objects}`,
      `${row.images.length}`,
      ...minors.map((minor) => (row.kubernetes[minor] ? 'ok' : 'NO')),
      `${row.rulesPassed}/${row.rules}`,
      `${report.warnings.length}`,
      result,
    ])
  })
  return formatColumns([head, ...rows])
}

/** Text in columns that are as wide as their widest cell. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The findings of one set: what, the value, the template, the command; paths below `cwd` are short. */
export function formatFindings({ name, findings }: SetReport, cwd: string): string {
  const shorten = (text: string): string => text.replaceAll(`${cwd}/`, './')
  const shown = findings.slice(0, shownFindings)
  const more = findings.length - shown.length
  const commands = new Set(shown.flatMap(({ command }) => command ?? []))
  return [
    `${name}: ${findings.length === 1 ? '1 problem' : `${findings.length} problems`}`,
    ...shown.map((finding) => shorten(formatFinding(finding))),
    ...(more > 0 ? [`  … and ${more} more (--json shows all)`] : []),
    ...[...commands].map((command) => `  to see it: ${shorten(command)}`),
  ].join('\n')
}

function formatFinding({ stage, message, value, template, helm }: Finding): string {
  // All rules fail in one place of one template: the value says more.
  const made = stage === 'rule' && value !== undefined ? undefined : template
  const places = [value, made].flatMap((place) => place ?? [])
  const where = helm === undefined ? places : [...places, `Helm ${helm}`]
  return `  ${message}${where.length === 0 ? '' : ` (${where.join(', ')})`}`
}

/** What must exist before the install, one line for each object. */
export function formatNeeds(reports: readonly SetReport[]): string[] {
  return reports.flatMap(({ name, needs }) =>
    needs.map(({ kind, name: object, keys }) => {
      const holding = keys.length === 0 ? '' : ` with ${keys.join(', ')}`
      return `${name} needs ${kind} ${object}${holding}`
    }),
  )
}
