// The chart of this repository, rendered with typed values as the release "mastodon".
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  checkValuesSchema,
  isRecord,
  mergeDefaults,
  mergeFiles,
  parseYaml,
  type Render,
  type RenderRequest,
} from 'chart-harness'
import { chart } from '../rules/project.ts'

/** Values of the chart. The schema, which every render here is checked with, refuses a key that does not exist. */
export type Values = Readonly<Record<string, unknown>>

/** Everything but the values. */
export type Options = Omit<RenderRequest, 'values' | 'files'>

const release = 'mastodon'

/** The text of a file of the chart. */
export function chartFile(path: string): string {
  return readFileSync(join(chart.path, path), 'utf8')
}

/** The values of values.yaml. Tests read defaults from here, or by `preset`, and never repeat them. */
export const defaults = parseYaml(chartFile('values.yaml')) as Values

/** What values.yaml has at a path such as `web.probes`. */
export function preset<T = string>(path: string): T {
  return path.split('.').reduce<unknown>((at, key) => {
    if (!isRecord(at) || !(key in at)) throw new Error(`values.yaml has no ${path}`)
    return at[key]
  }, defaults) as T
}

/** The version of the chart itself. */
export const { version: chartVersion } = parseYaml(chartFile('Chart.yaml')) as { version: string }

export { appVersion } from '../rules/pins.ts'

/** Renders these values; the names of all objects begin with `mastodon`. */
export async function render(values: Values = {}, options: Options = {}): Promise<Render> {
  return chart.render({ release, values, schema: 'ajv', ...options })
}

/** Renders all of these in bulk, so that tests that ask for them one by one find them. */
export async function renderAhead(all: readonly Values[]): Promise<void> {
  await chart.renderAll(all.map((values) => ({ release, values, schema: 'ajv' })))
}

/** Whether the schema accepts these values. */
export function fits(values: Values): boolean {
  return checkValuesSchema(chart, mergeDefaults(defaults, values).values).length === 0
}

/** The lines of the message with which the chart's own rules refuse these values. */
export async function refusal(values: Values, options: Options = {}): Promise<readonly string[]> {
  const failure = await chart.renderFails({ release, values, schema: 'ajv', ...options })
  if (failure.kind !== 'fail') throw new Error(`refused, but not by a rule: ${failure.message}`)
  const [introduction, ...lines] = failure.lines
  if (introduction !== 'these values are invalid:') throw new Error(failure.message)
  if (/\n\s*\n/.test(failure.cause)) throw new Error(`blank lines: ${failure.message}`)
  return lines
}

/** Rules across keys, by what breaks them: such values, the exact lines of the refusal, values that keep the rule. */
export type Rules = Readonly<
  Record<
    string,
    {
      readonly broken: Values
      readonly says: string | readonly string[]
      readonly met: Values | readonly Values[]
      /** The release, where the rule is about it. */
      readonly release?: string
    }
  >
>

/** The violations that Helm finds in these values by the schema, as `path: message`. */
export async function violations(values: object, options: Options = {}): Promise<string[]> {
  const failure = await chart.renderFails({ release, values, ...options })
  if (failure.kind !== 'schema')
    throw new Error(`refused, but not by the schema: ${failure.message}`)
  return (failure.violations ?? []).map(({ path, message }) => `${path}: ${message}`)
}

/** The values with this one at a path such as `web.probes`. */
export function valuesAt(path: string, value: unknown): Values {
  const keys = path.split('.')
  return keys.reduceRight((inner, key) => ({ [key]: inner }), value) as Values
}

/** Values over values: maps merge, everything else replaces. */
export function merge(...parts: readonly object[]): Values {
  return mergeFiles(parts as readonly Record<string, unknown>[])
}
