import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { type Coverage, measureCoverage } from '../src/coverage/measure.ts'
import { titleOf } from '../src/coverage/measured.ts'
import { type Chart, createChart } from '../src/render/chart.ts'
import { copyChart } from '../src/render/chart-files.ts'
import { readRequests, recordVariable } from '../src/render/recorder.ts'
import type { RenderRequest } from '../src/render/request.ts'
import { fixture, temporaryFolder } from './support.ts'

/** A request, and whether the test expects it to fail. */
export type Ask = RenderRequest & { readonly fails?: boolean }

/** A copy of the fixture with one text put for another in its ConfigMap. */
export function changed(search: string, replacement: string): string {
  const file = 'templates/config.yaml'
  const source = readFileSync(join(fixture('branches'), file), 'utf8')
  if (!source.includes(search)) throw new Error(`${search} is not in the template`)
  return copyChart(fixture('branches'), join(temporaryFolder(), 'branches'), {
    [file]: source.replace(search, () => replacement),
  })
}

/** The coverage of these requests, recorded as a test would record them. */
export async function coverageOf(path: string, asks: readonly Ask[]): Promise<Coverage> {
  const cacheDir = temporaryFolder()
  const record = join(cacheDir, 'record')
  vi.stubEnv(recordVariable, record)
  const chart = createChart({ path, release: 'r', schema: 'skip', cacheDir })
  await Promise.all(asks.map((request) => ask(chart, request)))
  vi.unstubAllEnvs()
  return measureCoverage({ chart: path, requests: readRequests([record], path), cacheDir })
}

function ask(chart: Chart, { fails, ...request }: Ask): Promise<unknown> {
  return fails ? chart.renderFails(request) : chart.renderAll([request])
}

/** Titles of the branches that some request executes, or none does. */
export function titles(coverage: Coverage, covered: boolean): string[] {
  return coverage.branches
    .filter(({ rendering, failing }) => rendering.length + failing.length > 0 === covered)
    .map(({ branch }) => titleOf(branch))
}
