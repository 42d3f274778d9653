import { describe, expect, test } from 'vitest'
import { bytes } from '../src/objects/quantity.ts'
import { diffRenders } from '../src/upgrade/check-upgrade.ts'
import { diffObjects } from '../src/upgrade/diff-objects.ts'
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
    { path: 'spec.template.spec.initContainers[prepare].image', ...images },
    { path: 'spec.template.spec.containers[web].image', ...images },
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

describe('items of lists are found again', () => {
  const changes = (key: string, before: unknown, after: unknown): string[] =>
    diffObjects({ [key]: before }, { [key]: after }).map(({ path, before: old, after: fresh }) =>
      [path, JSON.stringify(old), JSON.stringify(fresh)].join(' '),
    )
  const named = (names: string) => [...names].map((name) => ({ name, value: 1 }))

  test.each([
    ['an additional one', 'env', named('ab'), named('xab'), ['env[x]  {"name":"x","value":1}']],
    ['one less', 'volumes', named('abc'), named('ac'), ['volumes[b] {"name":"b","value":1} ']],
    [
      'mounts by their paths',
      'volumeMounts',
      [{ name: 'a', mountPath: '/a' }],
      [{ mountPath: '/b' }, { name: 'c', mountPath: '/a' }],
      ['volumeMounts[/b]  {"mountPath":"/b"}', 'volumeMounts[/a].name "a" "c"'],
    ],
    [
      'ports by number and protocol',
      'ports',
      [{ containerPort: 53, name: 'a' }],
      [
        { containerPort: 53, protocol: 'UDP' },
        { containerPort: 53, name: 'b' },
      ],
      ['ports[53/UDP]  {"containerPort":53,"protocol":"UDP"}', 'ports[53/TCP].name "a" "b"'],
    ],
    [
      'by their values',
      'args',
      ['-c', '5', 'x'],
      ['-v', '-c', '6', 'x'],
      ['args[0]  "-v"', 'args[2] "5" "6"'],
    ],
    [
      'by position where a key is there twice',
      'env',
      named('aa'),
      named('aab'),
      ['env[2]  {"name":"b","value":1}'],
    ],
  ])('%s', (_, key, before, after, expected) => {
    expect(changes(key, before, after)).toEqual(expected)
  })

  const reference = [...named('a'), { name: 'b', value: '$(a)' }]
  const reversed = reference.toReversed()

  test('another order is a change where it has a meaning', () => {
    expect(changes('env', reference, reversed)).toEqual(['env (order) ["a","b"] ["b","a"]'])
    expect(changes('args', ['a', 'b'], ['b', 'a'])).toEqual(['args (order) ["a","b"] ["b","a"]'])
  })

  test('elsewhere only if nothing else is different', () => {
    const [old, fresh] = [named('ab'), named('ba')]
    expect(changes('volumes', old, fresh)).toEqual(['volumes (order) ["a","b"] ["b","a"]'])
    expect(diffObjects({ volumes: old, x: 1 }, { volumes: fresh, x: 2 })).toEqual([
      { path: 'x', before: 1, after: 2 },
    ])
    expect(changes('env', named('ab'), named('xab'))).toHaveLength(1)
  })
})

test('quantities are numbers', () => {
  const numbers = [1024, 1.5 * 2 ** 30, 2e9, 128974848, 0]
  expect(['1Ki', '1.5Gi', '2G', '128974848', undefined].map(bytes)).toEqual(numbers)
})
