import { expect, test } from 'vitest'
import { components, queues } from './components.ts'
import { merge } from './merge.ts'
import { render, type Values } from './render.ts'
import { viewOf } from './views.ts'

const label = 'mastodon-chart/media'
const together = {
  labelSelector: { matchLabels: { [label]: 'mastodon' } },
  topologyKey: 'kubernetes.io/hostname',
}
const media = ['web', 'sidekiq-main', 'sidekiq-scheduler']
const workers: Values = {
  sidekiq: {
    workers: [
      { name: 'main', queues: queues.slice(0, -1) },
      { name: 'scheduler', queues: ['scheduler'] },
    ],
  },
}
const system = (block: NonNullable<Values['storage']>['system'] & object): Values =>
  merge(workers, { storage: { system: block } })

test.each(media)('%s runs where the media are that one node can mount', async (name) => {
  const { pod, podMetadata } = viewOf(await render(workers), name)
  expect(pod.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
    together,
  ])
  expect(podMetadata.labels?.[label]).toBe('mastodon')
})

test.each(media)('%s runs anywhere when the media are mounted by many', async (name) => {
  const { pod } = viewOf(await render(system({ accessModes: ['ReadWriteMany'] })), name)
  expect(pod.affinity?.podAffinity).toBeUndefined()
})

test.each([
  ['an emptyDir', system({ type: 'emptyDir' })],
  ['a bucket', merge(workers, { objectStorage: { type: 's3', s3: { bucket: 'media' } } })],
])('pods run anywhere with %s', async (_, values) => {
  expect(viewOf(await render(values), 'web').pod.affinity).toBeUndefined()
})

test.each([
  ['a share', { type: 'nfs', nfs: { server: '192.0.2.1', path: '/a' } }],
  ['an existing claim', { type: 'existingClaim', existingClaim: 'mine' }],
] as const)('pods stay together with %s for one node', async (_, block) => {
  const { pod } = viewOf(await render(system(block)), 'web')
  expect(pod.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
    together,
  ])
})

test('pods that mount no media bear no label of it', async () => {
  const others = components
    .map(({ name }) => name)
    .filter((name) => !/web|sidekiq|admin|import/.test(name))
  const chart = await render(workers)
  const marked = others.filter((name) => viewOf(chart, name).podMetadata.labels?.[label])
  expect(marked).toEqual([])
})

test('what the user wants near stays beside it', async () => {
  const term = { labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'zone' }
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
  const { pod } = viewOf(await render({ web: { affinity } }), 'web')
  const terms = pod.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  expect(terms).toHaveLength(2)
  expect(terms).toEqual(expect.arrayContaining([term, together]))
})

test('replicas on one node are not told to keep apart', async () => {
  const { pod } = viewOf(await render({ web: { replicas: 2 } }), 'web')
  expect(pod.affinity?.podAntiAffinity).toBeUndefined()
})

test('each release keeps to its own media', async () => {
  const { podMetadata } = viewOf(await render({}, { release: 'other' }), 'web')
  expect(podMetadata.labels?.[label]).toBe('other-mastodon')
})

test('all else that the user says of affinity is kept', async () => {
  const nodeAffinity = {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } },
    ],
  }
  const preferred = [{ weight: 1, podAffinityTerm: { topologyKey: 'zone' } }]
  const podAffinity = { preferredDuringSchedulingIgnoredDuringExecution: preferred }
  const { pod } = viewOf(await render({ web: { affinity: { nodeAffinity, podAffinity } } }), 'web')
  expect(pod.affinity).toEqual({
    nodeAffinity,
    podAffinity: { ...podAffinity, requiredDuringSchedulingIgnoredDuringExecution: [together] },
  })
})

test('streaming needs no media, and so keeps its budget', async () => {
  const chart = await render({ streaming: { replicas: 2 } })
  expect(chart.has('PodDisruptionBudget', 'mastodon-streaming')).toBe(true)
})
