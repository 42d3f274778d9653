// The chart of this repository, rendered with typed values as the release "mastodon".
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml, type Render, type RenderRequest } from 'chart-harness'
import { chart } from '../rules/project.ts'
import type { Values } from './values.generated.ts'

export type { Values }

/** All but the values. */
export type Options = Omit<RenderRequest, 'values' | 'files'>

const release = 'mastodon'

/** Renders these values; the names of all objects begin with `mastodon`. */
export async function render(values: Values = {}, options: Options = {}): Promise<Render> {
  return chart.render({ release, values, schema: 'ajv', ...options })
}

/** Renders all of these in bulk, so that tests that ask for them one by one find them. */
export async function renderAhead(all: readonly Values[]): Promise<void> {
  await chart.renderAll(all.map((values) => ({ release, values, schema: 'ajv' })))
}

/** The lines of the message with which the chart's own rules refuse these values. */
export async function refusal(values: Values, options: Options = {}): Promise<readonly string[]> {
  const failure = await chart.renderFails({ release, values, schema: 'ajv', ...options })
  if (failure.kind !== 'fail') throw new Error(`refused, but not by a rule: ${failure.message}`)
  const [introduction, ...lines] = failure.lines
  if (introduction !== 'these values do not fit together:') throw new Error(failure.message)
  if (/\n\s*\n/.test(failure.cause)) throw new Error(`blank lines: ${failure.message}`)
  return lines
}

/** The violations that Helm finds in these values by the schema, as `path: message`. */
export async function violations(values: object, options: Options = {}): Promise<string[]> {
  const failure = await chart.renderFails({ release, values, ...options })
  if (failure.kind !== 'schema')
    throw new Error(`refused, but not by the schema: ${failure.message}`)
  return (failure.violations ?? []).map(({ path, message }) => `${path}: ${message}`)
}

/** The text of a file of the chart. */
export function chartFile(path: string): string {
  return readFileSync(join(chart.path, path), 'utf8')
}

const about = parseYaml(chartFile('Chart.yaml')) as { appVersion: string; version: string }

/** The version of Mastodon that the chart installs by default. */
export const { appVersion } = about

/** The version of the chart itself. */
export const chartVersion = about.version
