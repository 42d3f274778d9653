import { expect, test } from 'vitest'
import { bookshop } from './fixtures/charts/bookshop.ts'
import { mailroom } from './fixtures/charts/mailroom.ts'
import { checkUp } from './foreign-check-up.ts'
import { lookDeeper } from './foreign-hidden.ts'

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
