import { expect, test } from 'vitest'
import { bytes } from '../src/objects/quantity.ts'
import { diffRenders } from '../src/upgrade/check-upgrade.ts'
import { diffValues } from '../src/upgrade/finding.ts'
import { clean, renderOf, seeded } from './support.ts'

const before = await clean.render()
const nothing = { added: [], removed: [], changed: [], restarts: [], refused: [] }

test('equal renders do not differ, whatever their order', () => {
  const reversed = renderOf(before.text.split(/^---$/m).reverse().join('\n---\n'))
  expect(diffRenders(before, before)).toEqual(nothing)
  expect(diffRenders(before, reversed)).toEqual(nothing)
})

test('a changed value is named with its path and restarts only the pods that carry it', async () => {
  const diff = diffRenders(before, await clean.render({ values: { tag: '2.0' } }))
  const images = { before: 'example.org/web:1.0', after: 'example.org/web:2.0' }
  expect(diff.changed.find(({ object }) => object === 'Deployment/web')?.changes).toEqual([
    { path: 'spec.template.spec.initContainers[0].image', ...images },
    { path: 'spec.template.spec.containers[0].image', ...images },
  ])
  expect(diff.restarts).toEqual(['Deployment/web'])
  expect(diff.refused).toEqual([])
})

const [web, db] = ['Deployment/web', 'StatefulSet/db']

test.each([
  ['another number of replicas', web, 'spec.replicas', 5, []],
  ['a label of the pods', web, 'spec.template.metadata.labels.x', 'y', [web]],
  ['a default that is written out', db, 'spec.podManagementPolicy', 'OrderedReady', []],
] as const)('%s restarts what it must', async (_what, object, path, value, restarts) => {
  const diff = diffRenders(before, await seeded(object, { [path]: value }))
  expect(diff).toEqual({ ...nothing, changed: [expect.objectContaining({ object })], restarts })
})

test('a renamed object is one removed and one added', async () => {
  const diff = diffRenders(before, await seeded('ConfigMap/web', { 'metadata.name': 'web2' }))
  expect([diff.added, diff.removed]).toEqual([['ConfigMap/web2'], ['ConfigMap/web']])
})

test('a change that Kubernetes refuses is refused, and no other', async () => {
  const path = 'spec.serviceName'
  const message = 'cannot be changed after creation ("db" → "database")'
  const after = await seeded('StatefulSet/db', { [path]: 'database' })
  expect(diffRenders(before, after).refused).toEqual([{ object: 'StatefulSet/db', path, message }])
  const larger = await clean.render({ values: { size: '2Gi', tag: '2.0' } })
  expect(diffRenders(before, larger).refused).toEqual([])
})

test('values differ at the deepest place', () => {
  expect(diffValues({ a: [1, { b: 2 }], 'x.y': 1 }, { a: [1, { b: 3 }, 4] })).toEqual([
    { path: 'a[1].b', before: 2, after: 3 },
    { path: 'a[2]', before: undefined, after: 4 },
    { path: '"x.y"', before: 1, after: undefined },
  ])
})

test('quantities are numbers', () => {
  const numbers = [1024, 1.5 * 2 ** 30, 2e9, 128974848, 0]
  expect(['1Ki', '1.5Gi', '2G', '128974848', undefined].map(bytes)).toEqual(numbers)
})
