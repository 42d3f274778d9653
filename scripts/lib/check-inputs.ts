// From files to merged values, with everything that can be said before Helm runs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkValuesSchema, isRecord, mergeDefaults, mergeFiles, parseYaml } from 'chart-harness'
import { findValue, readValuesFile, type ValuesFile } from './check-files.ts'
import type { CheckOptions } from './check-options.ts'
import type { Finding } from './check-types.ts'

/** The files of a set, and what is wrong with them. */
export interface Inputs {
  readonly files: readonly ValuesFile[]
  readonly findings: readonly Finding[]
  readonly warnings: readonly string[]
}

/** Reads and merges the files, as the last Helm does, and judges them by the chart's schema. */
export function readInputs(
  chart: string,
  paths: readonly string[],
  { cwd, helms }: Pick<CheckOptions, 'cwd' | 'helms'>,
): Inputs {
  const read = paths.map((path) => readValuesFile(path, cwd))
  const problems = read.filter((file) => typeof file === 'string')
  const files = read.filter((file) => typeof file !== 'string')
  if (problems.length > 0) {
    const findings = problems.map((message): Finding => ({ stage: 'file', message }))
    return { files, findings, warnings: [] }
  }
  const merged = mergeFiles(files.map(({ values }) => values))
  const { values, warnings } = mergeDefaults(defaultsOf(chart), merged, helms.at(-1) ?? 4)
  const findings = checkValuesSchema(chart, values).map(({ path, message }): Finding => {
    return { stage: 'schema', message: `${path || '(root)'}: ${message}`, ...valueAt(files, path) }
  })
  return { files, findings, warnings }
}

/** Where the files set what the finding is about; rules begin with the key. */
export function withValue(files: readonly ValuesFile[], finding: Finding): Finding {
  const [, key] = /^([A-Za-z][\w.[\]-]*): /.exec(finding.message) ?? []
  return key === undefined ? finding : { ...finding, ...valueAt(files, key) }
}

function valueAt(files: readonly ValuesFile[], path: string): { readonly value?: string } {
  const value = findValue(files, path)
  return value === undefined ? {} : { value }
}

function defaultsOf(chart: string): Record<string, unknown> {
  const values = parseYaml(readFileSync(join(chart, 'values.yaml'), 'utf8'), 'values.yaml')
  return isRecord(values) ? values : {}
}
