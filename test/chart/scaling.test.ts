// How many pods there are, and on which nodes.
import { describe, expect, test } from 'vitest'
import { anywhere, bucket, components, workers } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { workload } from './views.ts'

/** The same block for every Deployment, so that they share a render. */
const withBlock = (block: object, more: Values = {}) =>
  render(merge(anywhere, { web: block, streaming: block }, workers(block), more))

describe.each([
  ['web', 'web'],
  ['streaming', 'streaming'],
  ['sidekiq-main', 'sidekiq'],
])('%s', (component, key) => {
  const name = `mastodon-${component}`

  // The budget of one replica would keep its node from being drained.
  test.each([{ replicas: 1 }, { replicas: 2, pdb: { enabled: false } }])(
    'there is no budget with %j',
    async (block) => {
      expect((await withBlock(block)).has('PodDisruptionBudget', name)).toBe(false)
    },
  )

  test('two replicas have the budget of values.yaml', async () => {
    const chart = await withBlock({ replicas: 2 })
    expect(chart.one('PodDisruptionBudget', name).spec).toEqual({
      maxUnavailable: preset(`${key}.pdb.maxUnavailable`),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: chart.one('Deployment', name).spec?.selector,
    })
  })

  test('what must stay replaces what may go', async () => {
    const chart = await withBlock({ replicas: 3, pdb: { minAvailable: 2 } })
    const { minAvailable, maxUnavailable } = chart.one('PodDisruptionBudget', name).spec ?? {}
    expect([minAvailable, maxUnavailable]).toEqual([2, undefined])
  })

  test('autoscaling has a budget, aims at the Deployment, and wins over replicas', async () => {
    const chart = await withBlock({ replicas: 4, autoscaling: { enabled: true } })
    const { targetCPUUtilizationPercentage: averageUtilization, ...limits } = preset<
      Record<string, number>
    >(`${key}.autoscaling`)
    const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization } }
    expect(chart.one('HorizontalPodAutoscaler', name).spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: limits.minReplicas,
      maxReplicas: limits.maxReplicas,
      metrics: [{ type: 'Resource', resource }],
    })
    expect(chart.one('Deployment', name).spec).not.toHaveProperty('replicas')
    expect(chart.has('PodDisruptionBudget', name)).toBe(true)
  })

  test('maintenance stops it, whatever else is set', async () => {
    const busy = { replicas: 3, autoscaling: { enabled: true } }
    const chart = await withBlock(busy, { maintenance: true })
    expect(chart.one('Deployment', name).spec?.replicas).toBe(0)
    expect(chart.has('HorizontalPodAutoscaler', name)).toBe(false)
    expect(chart.has('PodDisruptionBudget', name)).toBe(false)
  })

  test.each([
    ['replicas', { replicas: 2 }],
    ['pods that autoscaling adds', { autoscaling: { enabled: true } }],
  ])('%s spread over nodes if they can', async (_, block) => {
    const chart = await withBlock(block)
    const { selector: labelSelector, template } = chart.one('Deployment', name).spec ?? {}
    const topologyKey = 'kubernetes.io/hostname'
    const preferred = [{ weight: 100, podAffinityTerm: { labelSelector, topologyKey } }]
    expect(template?.spec).toMatchObject({
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
      ],
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred },
      },
    })
  })
})

test('a constraint of the user gets the selector of the component', async () => {
  const constraint = { maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }
  const chart = await render({ web: { topologySpreadConstraints: [constraint] } })
  const { selector: labelSelector, template } = chart.one('Deployment', 'mastodon-web').spec ?? {}
  expect(template?.spec?.topologySpreadConstraints).toEqual([{ ...constraint, labelSelector }])
})

test('streaming needs no media, so its budget does not depend on their volume', async () => {
  const chart = await render({ streaming: { replicas: 2 } })
  expect(chart.has('PodDisruptionBudget', 'mastodon-streaming')).toBe(true)
})

test.each(['StatefulSet', 'Job'] as const)('maintenance changes no %s', async (kind) => {
  const specs = async (maintenance: boolean) =>
    (await render({ maintenance })).all(kind).map(({ spec }) => spec)
  expect(await specs(true)).toEqual(await specs(false))
})

test('maintenance keeps the claims: a tool that prunes would delete what is missing', async () => {
  const chart = await render({ maintenance: true })
  expect(chart.has('PersistentVolumeClaim', 'mastodon-system')).toBe(true)
})

// Media on a volume that only one node can mount keep the pods that share it together.
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
  test.each<[string, object]>([
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
    ['a bucket', bucket],
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

test('replicas on one node are not asked to keep apart', async () => {
  expect(await affinityOf('web', { web: { replicas: 2 } })).not.toHaveProperty('podAntiAffinity')
})
