import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { measureCoverage } from '../src/coverage/measure.ts'
import { coverageProblems } from '../src/coverage/report.ts'
import type { Chart } from '../src/render/chart.ts'
import { readRequests, recordVariable } from '../src/render/recorder.ts'
import { measureValuesCoverage } from '../src/values/coverage.ts'
import { fuzzValues } from '../src/values/fuzz.ts'
import { fuzzInvalidValues } from '../src/values/fuzz-invalid.ts'
import {
  chartWith,
  checkUp,
  type ForeignChart,
  foreignCharts,
  kube,
  rendersOf,
  schemaOf,
  unique,
} from './foreign-check-up.ts'
import { temporaryFolder } from './support.ts'

const faultsOf = (list: 'faults' | 'hiddenFaults') =>
  foreignCharts.flatMap((chart) => chart[list].map((fault) => ({ chart, ...fault })))

test.each(foreignCharts)('nothing is found in the clean $name', async (chart) => {
  expect(await checkUp(chart)).toEqual([])
})

test.each(faultsOf('faults'))('$chart.name: $fault', async ({ chart, finds, edits }) => {
  expect(await checkUp(chart, edits)).toEqual(finds)
})

test.each(foreignCharts)('nothing is hidden in the clean $name', async (chart) => {
  expect(await lookDeeper(chart, chartWith(chart))).toEqual([])
})

test.each(faultsOf('hiddenFaults'))('$chart.name: $fault', async ({ chart, finds, edits }) => {
  expect(await checkUp(chart, edits)).toEqual([])
  expect(await lookDeeper(chart, chartWith(chart, edits))).toEqual(finds)
})

const runs = 150

// What the chart with these edits hides from the values at hand, as keys, branches and random values show it.
async function lookDeeper(foreign: ForeignChart, chart: Chart): Promise<string[]> {
  const options = {
    profiles: foreign.cases.map(({ values }, index) => ({ name: `case ${index}`, values })),
    request: { kube, apis: foreign.cases.flatMap(({ apis = [] }) => apis) },
    oracle: { schemas: { check: schemaOf, minors: [kube] } },
    ...{ runs, seed: 4, shrinks: 0 },
  }
  const { keys } = await measureValuesCoverage(chart, options)
  const reports = [await fuzzValues(chart, options)]
  // Without a schema nothing says which values are wrong.
  if (existsSync(join(chart.path, 'values.schema.json')))
    reports.push(await fuzzInvalidValues(chart, options))
  const findings = reports.flatMap(({ counterexamples }) => counterexamples)
  return unique([
    ...keys.filter(({ outcome }) => outcome === 'dead').map(({ name }) => `dead-key ${name}`),
    ...(await missedBranches(foreign, chart)),
    ...findings.map(({ signature }) => `random-values ${signature.split(' ')[0]}`),
  ])
}

async function missedBranches(foreign: ForeignChart, chart: Chart): Promise<string[]> {
  const dir = temporaryFolder()
  vi.stubEnv(recordVariable, dir)
  await Promise.all(rendersOf(foreign, chart))
  await Promise.all(rendersOf(foreign, chart, { release: foreign.name }))
  const refused = Object.values(foreign.refuses)
  await Promise.all(refused.map((values) => chart.renderFails({ values })))
  const requests = readRequests([dir], chart.path)
  const coverage = await measureCoverage({ chart: chart.path, requests })
  return coverageProblems(coverage).map(({ file }) => `branch ${file}`)
}
