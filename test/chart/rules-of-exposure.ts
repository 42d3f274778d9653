import { components, workers } from './components.ts'
import { merge, type Rules, type Values } from './render.ts'

const serving = components.filter(({ takes }) => takes('service'))
const served = serving.map(({ path }) => path)

/** The same Service for all components that have one. */
const services = (service: object): Values => merge(...serving.map(({ set }) => set({ service })))

/** The same budget and replicas for all Deployments. */
const budgets = (pdb: object, replicas = 2): Values =>
  merge({ web: { replicas, pdb }, streaming: { replicas, pdb } }, workers({ replicas, pdb }))

const budgeted = ['sidekiq.workers[0]', 'streaming', 'web']
const balancer = {
  ...{ loadBalancerClass: 'example.com/lb', loadBalancerIP: '192.0.2.1' },
  loadBalancerSourceRanges: ['192.0.2.0/24'],
}
const autoscaled = (minReplicas: number): Values => ({
  web: { autoscaling: { enabled: true, minReplicas }, pdb: { minAvailable: 3 } },
})
const blocking = ([0, '0%'] as const).map((maxUnavailable) => [
  `a budget that lets ${maxUnavailable} pods go`,
  {
    broken: budgets({ maxUnavailable }),
    says: budgeted.map(
      (path) =>
        `${path}.pdb.maxUnavailable: 0 would prevent every node with such a pod from being drained. Set at least 1.`,
    ),
    met: budgets({ maxUnavailable: '50%' }),
  },
])

/** Rules of zz-validate/_exposure.tpl. */
export const exposureRules: Rules = {
  ...Object.fromEntries(blocking),
  'a port on the nodes of a Service inside the cluster': {
    broken: services({ nodePort: 30080 }),
    says: served.map(
      (name) =>
        `${name}.service.nodePort: only used when ${name}.service.type is NodePort or LoadBalancer. Change the type or remove this line.`,
    ),
    met: services({ type: 'NodePort', nodePort: 30080 }),
  },
  'settings of a load balancer without one': {
    broken: services({ type: 'NodePort', ...balancer }),
    says: served.flatMap((name) =>
      Object.keys(balancer).map(
        (key) =>
          `${name}.service.${key}: only used when ${name}.service.type is LoadBalancer. Change the type or remove this line.`,
      ),
    ),
    met: services({ type: 'LoadBalancer', ...balancer }),
  },
  'settings that Tailscale ignores': {
    broken: services({ type: 'LoadBalancer', ...balancer, loadBalancerClass: 'tailscale' }),
    says: served.flatMap((name) =>
      ['loadBalancerIP', 'loadBalancerSourceRanges'].map(
        (key) =>
          `${name}.service.${key}: ignored by the class tailscale, where the tailnet's policy decides who may connect. Remove this line.`,
      ),
    ),
    met: services({ type: 'LoadBalancer', loadBalancerClass: 'tailscale' }),
  },
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
    met: budgets({ minAvailable: 2 }, 3),
  },
  'a budget that keeps as many pods as autoscaling starts with': {
    broken: autoscaled(3),
    says: 'web.pdb.minAvailable: with 3 replica(s), no pod could ever be evicted. Set a lower number, or maxUnavailable: 1 instead.',
    met: autoscaled(4),
  },
}
