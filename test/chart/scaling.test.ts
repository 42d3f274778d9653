import { describe, expect, test } from 'vitest'
import { queues } from './components.ts'
import { render, type Values } from './render.ts'

type Block = Pick<NonNullable<Values['web']>, 'replicas' | 'pdb' | 'autoscaling'>

const base: Values = { storage: { system: { accessModes: ['ReadWriteMany'] } } }

/** The same block for every Deployment, so that they share a render. */
function withBlock(block: Block): Values {
  const workers = [
    { name: 'main', queues: queues.slice(0, -1), ...block },
    { name: 'scheduler', queues: ['scheduler'] },
  ]
  return { ...base, web: block, streaming: block, sidekiq: { workers } }
}

describe.each(['web', 'streaming', 'sidekiq-main'])('%s', (component) => {
  const name = `mastodon-${component}`
  const chartWith = (block: Block) => render(withBlock(block))

  test('one replica has no budget: it would keep its node from being drained', async () => {
    expect((await chartWith({ replicas: 1 })).has('PodDisruptionBudget', name)).toBe(false)
  })

  test('two replicas have a budget that lets one go', async () => {
    const chart = await chartWith({ replicas: 2 })
    expect(chart.one('PodDisruptionBudget', name).spec).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: chart.one('Deployment', name).spec?.selector,
    })
  })

  test('a budget can be switched off', async () => {
    const chart = await chartWith({ replicas: 2, pdb: { enabled: false } })
    expect(chart.has('PodDisruptionBudget', name)).toBe(false)
  })

  test('what must stay replaces what may go', async () => {
    const chart = await chartWith({ replicas: 3, pdb: { minAvailable: 2 } })
    expect(chart.one('PodDisruptionBudget', name).spec).toMatchObject({ minAvailable: 2 })
    expect(chart.one('PodDisruptionBudget', name).spec).not.toHaveProperty('maxUnavailable')
  })

  test('autoscaling aims at the Deployment, and its replicas are left to it', async () => {
    const chart = await chartWith({ replicas: 4, autoscaling: { enabled: true } })
    expect(chart.one('HorizontalPodAutoscaler', name).spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    })
    expect(chart.one('Deployment', name).spec).not.toHaveProperty('replicas')
  })

  test('autoscaling has a budget', async () => {
    const chart = await chartWith({ autoscaling: { enabled: true } })
    expect(chart.has('PodDisruptionBudget', name)).toBe(true)
  })

  test('maintenance stops it, whatever else is said', async () => {
    const values = withBlock({ replicas: 3, autoscaling: { enabled: true } })
    const chart = await render({ ...values, maintenance: true })
    expect(chart.one('Deployment', name).spec?.replicas).toBe(0)
    expect(chart.has('HorizontalPodAutoscaler', name)).toBe(false)
    expect(chart.has('PodDisruptionBudget', name)).toBe(false)
  })
})

test('maintenance leaves databases and Jobs', async () => {
  const [busy, resting] = [await render(), await render({ maintenance: true })]
  for (const kind of ['StatefulSet', 'Job'] as const)
    expect(resting.all(kind).map(({ spec }) => spec)).toEqual(
      busy.all(kind).map(({ spec }) => spec),
    )
})
