import { anywhere, components, everything, workers } from './components.ts'
import { merge, type Rules, type Values } from './render.ts'

/** The same budget and replicas for all Deployments. */
const budgets = (pdb: object, replicas = 2): Values =>
  merge(
    anywhere,
    { web: { replicas, pdb }, streaming: { replicas, pdb } },
    workers({ replicas, pdb }),
  )

const budgeted = ['sidekiq.workers[0]', 'streaming', 'web']
const autoscaled = (minReplicas: number): Values => ({
  ...anywhere,
  web: { autoscaling: { enabled: true, minReplicas }, pdb: { minAvailable: 3 } },
})
// No budget is rendered.
const off = [
  { web: { replicas: 2, pdb: { enabled: false, minAvailable: 2 } } },
  { web: { replicas: 2, pdb: { minAvailable: '100%' } } }, // their volume is on one node
  { streaming: { replicas: 1, pdb: { maxUnavailable: 0 } } },
]
const blocking = ([0, '0%'] as const).map((maxUnavailable) => [
  `a budget that lets ${maxUnavailable} pods go`,
  {
    broken: budgets({ maxUnavailable }),
    says: budgeted.map(
      (path) =>
        `${path}.pdb.maxUnavailable: 0 would prevent every node with such a pod from being drained. Set at least 1.`,
    ),
    met: [budgets({ maxUnavailable: '50%' }), ...off],
  },
])

const updated = (maxSurge: number | string | null, maxUnavailable: number | string): Values =>
  merge(
    ...['web', 'streaming'].map((name) => ({
      [name]: { strategy: { rollingUpdate: { maxSurge, maxUnavailable } } },
    })),
  )
const grace = (
  terminationGracePeriodSeconds: number | null,
  lifecycle?: object | null,
): Values => ({
  web: { terminationGracePeriodSeconds, ...(lifecycle === undefined ? {} : { lifecycle }) },
})
const needing = (requests: object, limits: object): Values => ({
  web: { resources: { requests, limits } },
})
const less = (limit: string, request: string) =>
  `${limit}: must be at least ${request}, or Kubernetes refuses the pods. Raise it, or lower the request.`

/** Rules of zz-validate/_workloads.tpl. */
export const workloadRules: Rules = {
  ...Object.fromEntries(blocking),
  'a budget that keeps all pods': {
    broken: budgets({ minAvailable: '100%' }),
    says: budgeted.map(
      (path) =>
        `${path}.pdb.minAvailable: 100% would prevent every node with such a pod from being drained. Set maxUnavailable: 1 instead.`,
    ),
    met: budgets({ minAvailable: '50%' }),
  },
  'a budget that keeps as many pods as there are': {
    broken: budgets({ minAvailable: 2 }),
    says: budgeted.map(
      (path) =>
        `${path}.pdb.minAvailable: with 2 replica(s), no pod could ever be evicted. Set a lower number, or maxUnavailable: 1 instead.`,
    ),
    met: [budgets({ minAvailable: 2 }, 3), ...off],
  },
  'a budget whose share is rounded up to all pods': {
    broken: budgets({ minAvailable: '60%' }),
    says: budgeted.map(
      (path) =>
        `${path}.pdb.minAvailable: with 2 replica(s), no pod could ever be evicted. Set a lower number, or maxUnavailable: 1 instead.`,
    ),
    met: budgets({ minAvailable: '60%' }, 3),
  },
  'a budget that keeps as many pods as autoscaling starts with': {
    broken: autoscaled(3),
    says: 'web.pdb.minAvailable: with 3 replica(s), no pod could ever be evicted. Set a lower number, or maxUnavailable: 1 instead.',
    met: autoscaled(4),
  },
  'a limit below the request': {
    broken: merge(
      everything,
      ...components.map(({ set }) =>
        set({ resources: { requests: { memory: '2G' }, limits: { memory: '1Gi' } } }),
      ),
    ),
    says: components.map(({ path }) => {
      const key = `${path === 'sidekiq' ? 'sidekiq.workers[0]' : path}.resources`
      return less(`${key}.limits.memory`, `${key}.requests.memory (2G)`)
    }),
    met: needing({ memory: '768Mi' }, { memory: '768Mi' }),
  },
  'a limit for all below the request of one': {
    broken: {
      pod: { resources: { limits: { cpu: '80m' } } },
      web: { resources: { requests: { cpu: 0.1 } } },
    },
    says: [
      ['web', '0.1'],
      ['sidekiq', '100m'],
      ['postgresql', '100m'],
    ].map(([path, request]) =>
      less('pod.resources.limits.cpu', `${path}.resources.requests.cpu (${request})`),
    ),
    met: [
      { pod: { resources: { limits: { cpu: '100m' } } } },
      needing({ cpu: '1500m' }, { cpu: 2 }),
      needing({ memory: '1e9' }, { memory: '2e9' }), // a unit that nobody uses
      needing({ memory: null }, { memory: '64Mi' }),
      { web: { resources: null } },
    ],
  },
  'a pod that ends before its preStop hook': {
    broken: grace(9),
    says: 'web.terminationGracePeriodSeconds: must be at least web.lifecycle.preStop.sleep.seconds (10), or Kubernetes refuses the pods. Raise it.',
    met: [grace(10), grace(5, { preStop: { exec: { command: ['sleep', '4'] } } }), grace(5, null)],
  },
  'a preStop hook that is longer than the time that Kubernetes gives': {
    broken: grace(null, { preStop: { sleep: { seconds: 31 } } }),
    says: 'web.terminationGracePeriodSeconds: must be at least web.lifecycle.preStop.sleep.seconds (31), or Kubernetes refuses the pods. Raise it.',
    met: grace(null, { preStop: { sleep: { seconds: 30 } } }),
  },
  'autoscaling by a share of nothing': {
    broken: {
      streaming: { autoscaling: { enabled: true }, resources: { requests: null } },
      web: { autoscaling: { enabled: true }, resources: { requests: { cpu: null } } },
    },
    says: ['streaming', 'web'].map(
      (name) =>
        `${name}.resources.requests.cpu: required when ${name}.autoscaling.enabled is true, as the target of autoscaling is a share of it. Set it.`,
    ),
    met: [
      { web: { autoscaling: { enabled: true } } },
      // Kubernetes takes the limit for the request.
      {
        web: { autoscaling: { enabled: true }, resources: { requests: null, limits: { cpu: 1 } } },
      },
      { web: { resources: { requests: null } } },
    ],
  },
  'autoscaling from more pods than to': {
    broken: { web: { autoscaling: { enabled: true, minReplicas: 6 } } },
    says: 'web.autoscaling.maxReplicas: must be at least web.autoscaling.minReplicas (6). Raise it.',
    met: [
      { web: { autoscaling: { enabled: true, minReplicas: 6, maxReplicas: 6 } } },
      { web: { autoscaling: { minReplicas: 6 } } },
    ],
  },
  'an update that can replace no pod': {
    broken: updated('0%', 0),
    says: ['streaming', 'web'].map(
      (name) =>
        `${name}.strategy.rollingUpdate: with 0 for both maxSurge and maxUnavailable no pod could ever be replaced. Set one of them to at least 1.`,
    ),
    met: [
      updated(0, '25%'),
      updated(null, 0),
      { web: { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 0 } } } },
    ],
  },
}
