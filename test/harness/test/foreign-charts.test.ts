import { expect, test } from 'vitest'
import { bookshop } from './fixtures/charts/bookshop.ts'
import { mailroom } from './fixtures/charts/mailroom.ts'
import { checkUp } from './foreign-check-up.ts'

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
