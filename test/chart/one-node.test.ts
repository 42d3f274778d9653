// Media on a volume that only one node can mount keep the pods that share it together.
import { describe, expect, test } from 'vitest'
import { components, workers } from './components.ts'
import { merge, render, type Values } from './render.ts'
import { workload } from './views.ts'

const label = 'mastodon-chart/media'
const together = {
  labelSelector: { matchLabels: { [label]: 'mastodon' } },
  topologyKey: 'kubernetes.io/hostname',
}
const media = ['web', 'sidekiq-main', 'sidekiq-scheduler']

async function affinityOf(name: string, values: Values) {
  return (await workload(name, merge(workers(), values))).pod.affinity
}

describe.each(media)('%s', (name) => {
  test.each<[string, NonNullable<Values['storage']>['system'] & object]>([
    ['a claim', {}],
    ['a share', { type: 'nfs', nfs: { server: '192.0.2.1', path: '/a' } }],
    ['an existing claim', { type: 'existingClaim', existingClaim: 'mine' }],
  ])('runs where the media are with %s that one node can mount', async (_, system) => {
    const { podAffinity } = (await affinityOf(name, { storage: { system } })) ?? {}
    expect(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual([together])
  })

  test.each<[string, Values]>([
    [
      'a volume that many nodes can mount',
      { storage: { system: { accessModes: ['ReadWriteMany'] } } },
    ],
    ['an emptyDir', { storage: { system: { type: 'emptyDir' } } }],
    ['a bucket', { objectStorage: { type: 's3', s3: { bucket: 'media' } } }],
  ])('runs anywhere with %s', async (_, values) => {
    expect((await affinityOf(name, values))?.podAffinity).toBeUndefined()
  })
})

test('only pods that mount media have the label of the media', async () => {
  const chart = await render(workers())
  const labels = chart.pods().map(({ owner, metadata }) => [owner.metadata.name, metadata.labels])
  const marked = labels.filter(([, own]) => label in (own as object)).map(([name]) => name)
  expect(marked.sort()).toEqual(media.map((name) => `mastodon-${name}`).sort())
  expect(marked.length).toBeLessThan(components.length)
})

test('each release stays with its own media', async () => {
  const { podMetadata } = await workload('web', {}, { release: 'other' })
  expect(podMetadata.labels?.[label]).toBe('other-mastodon')
})

test('what the user wants nearby is wanted as well', async () => {
  const term = { labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'zone' }
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
  const { podAffinity } = (await affinityOf('web', { web: { affinity } })) ?? {}
  const terms = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  expect(terms).toHaveLength(2)
  expect(terms).toEqual(expect.arrayContaining([term, together]))
})

test('everything else in the affinity of the user is kept', async () => {
  const nodeAffinity = {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } },
    ],
  }
  const preferred = [{ weight: 1, podAffinityTerm: { topologyKey: 'zone' } }]
  const podAffinity = { preferredDuringSchedulingIgnoredDuringExecution: preferred }
  const web = { affinity: { nodeAffinity, podAffinity } }
  expect(await affinityOf('web', { web })).toEqual({
    nodeAffinity,
    podAffinity: { ...podAffinity, requiredDuringSchedulingIgnoredDuringExecution: [together] },
  })
})

test('replicas on one node are not told to keep apart', async () => {
  expect(await affinityOf('web', { web: { replicas: 2 } })).not.toHaveProperty('podAntiAffinity')
})
