import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DriverChart, driverChart, type Printer } from '../render/bulk/driver-chart.ts'
import { copyChart, readChartFiles } from '../render/chart-files.ts'
import { hashOf } from '../render/disk-cache.ts'
import type { Arm } from './arms.ts'
import { askApisOfDict, instrument } from './instrument.ts'
import { probe, probeDriver } from './probe-driver.ts'

/** A template of a chart, with its arms. */
export interface Template {
  /** Relative to the chart. */
  readonly file: string
  readonly source: string
  readonly arms: readonly Arm[]
}

/** A copy of a chart that tells which arms it executes: by their numbers, counted over all templates. */
export interface ProbeChart extends DriverChart {
  readonly asksApis: boolean
}

/** The files that Helm reads as templates: path and text. */
export function templateSources(chart: string): readonly Pick<Template, 'file' | 'source'>[] {
  return readChartFiles(chart)
    .names.filter((file) => file.startsWith('templates/'))
    .map((file) => ({ file, source: readFileSync(join(chart, file), 'utf8') }))
}

/** Makes the copy below `dir`, or finds it there. Undefined for a chart that no driver can render. */
export async function probeChart(
  chart: string,
  templates: readonly Template[],
  dir: string,
  print: Printer,
): Promise<ProbeChart | undefined> {
  const asksApis = templates.some(({ source }) => source.includes('APIVersions'))
  const texts = instrumented(templates)
  const hash = hashOf(readChartFiles(chart).hash, probeDriver, ...texts.values())
  const copy = mkdtempSync(join(tmpdir(), 'chart-harness-probes-'))
  try {
    copyChart(chart, copy, Object.fromEntries(texts))
    const driver = await driverChart(copy, hash, dir, print, probeDriver)
    return driver && { ...driver, asksApis }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function instrumented(templates: readonly Template[]): ReadonlyMap<string, string> {
  let next = 0
  return new Map(
    templates.map(({ file, source, arms }) => [
      file,
      askApisOfDict(instrument(source, arms, () => probe(String(next++)))),
    ]),
  )
}
