// What a chart hides from the values at hand: keys, branches and values that nobody has tried.
import { measureCoverage } from '../src/coverage/measure.ts'
import { coverageProblems } from '../src/coverage/report.ts'
import { readRequests, recordVariable } from '../src/render/recorder.ts'
import { measureValuesCoverage } from '../src/values/coverage.ts'
import { fuzzValues } from '../src/values/fuzz.ts'
import { fuzzInvalidValues } from '../src/values/fuzz-invalid.ts'
import { openValuesSchema } from '../src/values/values-schema.ts'
import type { Edit, ForeignChart } from './fixtures/charts/foreign-chart.ts'
import { chartWith, kube, rendersOf, schemaOf, unique } from './foreign-check-up.ts'
import { temporaryFolder } from './support.ts'

const runs = 150

/** Everything that keys, branches and random values show about the chart with these edits; empty: nothing. */
export async function lookDeeper(foreign: ForeignChart, edits: readonly Edit[]): Promise<string[]> {
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
  if (openValuesSchema(chart.path).isDeclared) reports.push(await fuzzInvalidValues(chart, options))
  const findings = reports.flatMap(({ counterexamples }) => counterexamples)
  return unique([
    ...keys.filter(({ outcome }) => outcome === 'dead').map(({ name }) => `dead-key ${name}`),
    ...(await missedBranches(foreign, edits)),
    ...findings.map(({ signature }) => `random-values ${signature.split(' ')[0]}`),
  ])
}

async function missedBranches(foreign: ForeignChart, edits: readonly Edit[]): Promise<string[]> {
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
