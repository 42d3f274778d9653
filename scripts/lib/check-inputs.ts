// From files to merged values, with everything that can be said before Helm runs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  checkValuesSchema,
  isRecord,
  mergeDefaults,
  mergeFiles,
  nearestSource,
  parseYaml,
  valuesLayers,
} from 'chart-harness'
import { displayName, readValuesFile } from './check-files.ts'
import type { CheckOptions } from './check-options.ts'
import type { Finding } from './check-types.ts'

/** Tells where the files set a key, or what comes nearest to it. */
type FindValue = (path: string) => Pick<Finding, 'value'>

/** What is wrong with the files of a set, and where they set what. */
export interface Inputs {
  readonly findValue: FindValue
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
    return { findValue: () => ({}), findings, warnings: [] }
  }
  const findValue = valueFinder(chart, paths, cwd)
  const merged = mergeFiles(files.map(({ values }) => values))
  const { values, warnings } = mergeDefaults(defaultsOf(chart), merged, helms.at(-1) ?? 4)
  const findings = checkValuesSchema(chart, values).map(({ path, message }): Finding => {
    return { stage: 'schema', message: `${path || '(root)'}: ${message}`, ...findValue(path) }
  })
  return { findValue, findings, warnings }
}

/** Where the files set what the finding is about; rules begin with the key. */
export function withValue(findValue: FindValue, finding: Finding): Finding {
  const [, key] = /^([A-Za-z][\w.[\]-]*): /.exec(finding.message) ?? []
  return key === undefined ? finding : { ...finding, ...findValue(key) }
}

// Not in the chart's defaults: a mistake is corrected in the files.
function valueFinder(chart: string, files: readonly string[], cwd: string): FindValue {
  const layers = valuesLayers({ chart, request: { files } }).filter(({ giver }) => giver === 'file')
  return (path) => {
    const { file, line } = nearestSource(layers, path) ?? {}
    return file === undefined ? {} : { value: `${displayName(file, cwd)}:${line}` }
  }
}

function defaultsOf(chart: string): Record<string, unknown> {
  const values = parseYaml(readFileSync(join(chart, 'values.yaml'), 'utf8'), 'values.yaml')
  return isRecord(values) ? values : {}
}
