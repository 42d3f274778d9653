import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { measureCoverage } from '../src/coverage/measure.ts'
import { coverageProblems } from '../src/coverage/report.ts'
import { readRequests, recordVariable } from '../src/render/recorder.ts'
import { measureValuesCoverage } from '../src/values/coverage.ts'
import { fuzzValues } from '../src/values/fuzz.ts'
import { fuzzInvalidValues } from '../src/values/fuzz-invalid.ts'
import { bookshop } from './fixtures/charts/bookshop.ts'
import { mailroom } from './fixtures/charts/mailroom.ts'
import {
  type ChartEdit,
  chartWith,
  checkUp,
  type ForeignChart,
  kube,
  rendersOf,
  schemaOf,
  unique,
} from './foreign-check-up.ts'
import { temporaryFolder } from './support.ts'

const charts = [bookshop, mailroom]
const faultsOf = (list: 'faults' | 'hiddenFaults') =>
  charts.flatMap((chart) =>
    chart[list].map(([name, finds, ...edits]) => ({ chart, name, finds, edits })),
  )

test.each(charts)('nothing is found in the clean $name', async (chart) => {
  expect(await checkUp(chart, [])).toEqual([])
})

test.each(faultsOf('faults'))('$chart.name: $name', async ({ chart, finds, edits }) => {
  expect(await checkUp(chart, edits)).toEqual(finds)
})

test.each(charts)(
  'nothing is hidden in the clean $name',
  async (chart) => {
    expect(await lookDeeper(chart, [])).toEqual([])
  },
  120_000,
)

test.each(faultsOf('hiddenFaults'))(
  '$chart.name: $name',
  async ({ chart, finds, edits }) => {
    expect(await checkUp(chart, edits)).toEqual([])
    expect(await lookDeeper(chart, edits)).toEqual(finds)
  },
  120_000,
)

const runs = 150

// What the chart with these edits hides from the values at hand, as keys, branches and random values show it.
async function lookDeeper(foreign: ForeignChart, edits: readonly ChartEdit[]): Promise<string[]> {
  const chart = chartWith(foreign, edits)
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
    ...(await missedBranches(foreign, edits)),
    ...findings.map(({ signature }) => `random-values ${signature.split(' ')[0]}`),
  ])
}

async function missedBranches(
  foreign: ForeignChart,
  edits: readonly ChartEdit[],
): Promise<string[]> {
  const chart = chartWith(foreign, edits)
  const dir = temporaryFolder()
  process.env[recordVariable] = dir
  try {
    await Promise.all(rendersOf(foreign, chart))
    await Promise.all(rendersOf(foreign, chart, { release: foreign.name }))
    const refused = Object.values(foreign.refuses)
    await Promise.all(refused.map((values) => chart.renderFails({ values })))
  } finally {
    delete process.env[recordVariable]
  }
  const requests = readRequests([dir], chart.path)
  const coverage = await measureCoverage({ chart: chart.path, requests })
  return coverageProblems(coverage).map(({ file }) => `branch ${file}`)
}
