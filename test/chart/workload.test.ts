import { diffValues } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import {
  type Component,
  components,
  everything,
  knownJobs,
  listedJobs,
  workloadKeys,
} from './components.ts'
import { merge } from './merge.ts'
import { render } from './render.ts'
import { viewOf } from './views.ts'
import { blockKeys, markedBlock } from './workload-block.ts'

// Autoscaling takes the place of replicas, so it has a render of its own.
const alone = ['autoscaling']
const together = workloadKeys.filter((key) => !alone.includes(key))

/** Every component with these keys, in one render: each bears its own name and number. */
function renderMarked(keys: readonly string[]) {
  const blocks = components.map(({ name, keys: own, set }, index) =>
    set(
      markedBlock(
        own.filter((key) => keys.includes(key)),
        name,
        index + 2,
      ),
    ),
  )
  return render(merge(everything, ...blocks))
}

test('the table has every key of the workload block', () => {
  expect(blockKeys.map(({ key }) => key).sort()).toEqual([...workloadKeys].sort())
})

test('the table has every Job', () => {
  expect([...listedJobs].sort()).toEqual([...knownJobs].sort())
})

describe.each(components.map((component, index) => ({ ...component, n: index + 2 })))(
  '$name',
  ({ name, keys, n }: Component & { n: number }) => {
    test.each(blockKeys.filter(({ key }) => keys.includes(key)))('takes $key', async (row) => {
      const chart = await renderMarked(alone.includes(row.key) ? alone : together)
      const found = row.found(viewOf(chart, name), name)
      expect(diffValues(row.value(name, n), found)).toEqual([])
    })
  },
)
