import { expect, test } from 'vitest'
import { bookshop } from './fixtures/charts/bookshop.ts'
import { mailroom } from './fixtures/charts/mailroom.ts'
import { checkUp } from './foreign-check-up.ts'
import { lookDeeper } from './foreign-hidden.ts'

const charts = [bookshop, mailroom]
const faults = charts.flatMap((chart) =>
  chart.faults.map((fault) => [chart.name, fault.name, chart, fault] as const),
)

test.each(charts)('nothing is found in the clean $name', async (chart) => {
  expect(await checkUp(chart, [])).toEqual([])
})

test.each(faults)('%s: %s', async (_chart, _fault, chart, fault) => {
  expect(await checkUp(chart, fault.edits)).toEqual(fault.finds)
})

const hidden = charts.flatMap((chart) =>
  chart.hiddenFaults.map((fault) => [chart.name, fault.name, chart, fault] as const),
)

test.each(charts)(
  'nothing is hidden in the clean $name',
  async (chart) => {
    expect(await lookDeeper(chart, [])).toEqual([])
  },
  120_000,
)

test.each(hidden)(
  '%s: %s',
  async (_chart, _fault, chart, fault) => {
    expect(await checkUp(chart, fault.edits)).toEqual([])
    expect(await lookDeeper(chart, fault.edits)).toEqual(fault.finds)
  },
  120_000,
)
