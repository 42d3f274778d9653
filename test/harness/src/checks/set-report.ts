// What checking a set of values finds out, and the text that says it.
import type { Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

/** An explanation costs renders, so only the first findings of a set are explained, and shown. */
export const mostExplained = 20

/** Where a finding comes from, in the order of the work. */
export type Stage =
  | 'file'
  | 'schema'
  | 'rule'
  | 'template'
  | 'manifest'
  | 'kubernetes'
  | 'kubeconform'
  | 'check'

/** One thing that is wrong. */
export interface SetFinding {
  readonly stage: Stage
  readonly message: string
  /** `file:line` of the value; of a render's problem, of every value that makes it. */
  readonly value?: string
  /** `file:line` of the template that wrote it, and of those that include it. */
  readonly template?: string
  /** The `helm template` command that shows it. */
  readonly command?: string
  /** The Helm that it was found with; absent when it concerns both or none. */
  readonly helm?: 3 | 4
}

/** Something that is wrong with a render, and can be explained. */
export interface RenderFinding extends SetFinding {
  readonly problem: Problem
  readonly render: Render
}

/** The result of one Helm for a set of values. */
export interface HelmReport {
  readonly helm: 3 | 4
  readonly version: string
  readonly objects: number
  readonly images: readonly string[]
  /** Kubernetes minors, and whether every object is valid there. */
  readonly kubernetes: Readonly<Record<string, boolean>>
  readonly rulesPassed: number
  readonly rules: number
}

/** The result for one set of values. */
export interface SetReport {
  readonly name: string
  readonly files: readonly string[]
  readonly ok: boolean
  readonly helms: readonly HelmReport[]
  readonly findings: readonly SetFinding[]
  readonly warnings: readonly string[]
  /** Kinds without a schema, as `<apiVersion> <kind>`. */
  readonly unchecked: readonly string[]
}

/** Both Helms mostly report the same: then it is reported once, without naming one. */
export function mergeHelms<T extends SetFinding>(
  findings: readonly T[],
  helms: number,
): (Omit<T, 'helm'> & Pick<SetFinding, 'helm'>)[] {
  const byMessage = new Map<string, T[]>()
  for (const finding of findings) {
    byMessage.set(finding.message, [...(byMessage.get(finding.message) ?? []), finding])
  }
  return [...byMessage.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const { helm, ...rest } = first
    const reporting = new Set(same.map((finding) => finding.helm))
    return reporting.size === helms || helm === undefined ? [rest] : [first]
  })
}

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
  const shown = findings.slice(0, mostExplained)
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
