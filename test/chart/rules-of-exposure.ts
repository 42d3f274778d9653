import type { Values } from './render.ts'
import type { RuleCase } from './rule-case.ts'

const components = ['web', 'streaming', 'postgresql', 'redis'] as const
type Service = NonNullable<NonNullable<Values['web']>['service']>
type Budget = NonNullable<NonNullable<Values['web']>['pdb']>

/** The same Service for all components that have one. */
function services(service: Service): Values {
  return Object.fromEntries(components.map((component) => [component, { service }]))
}

/** The same budget and replicas for all Deployments; media anywhere, so that they may be many. */
function budgets(pdb: Budget, replicas = 2): Values {
  const names = ['default', 'push', 'ingress', 'mailers', 'pull', 'fasp']
  return {
    web: { replicas, pdb },
    streaming: { replicas, pdb },
    sidekiq: {
      workers: [
        { name: 'main', queues: names, replicas, pdb },
        { name: 'scheduler', queues: ['scheduler'] },
      ],
    },
  }
}

const budgeted = ['sidekiq.workers[0]', 'streaming', 'web']

/** Rules of zz-validate/_exposure.tpl. */
export const exposureRules: readonly RuleCase[] = [
  {
    rule: 'an Ingress without host',
    broken: { ingress: { enabled: true } },
    lines: [
      'ingress.hosts: required when ingress.enabled is true and mastodon.localDomain is empty. Set mastodon.localDomain or a host.',
    ],
    met: { ingress: { enabled: true, hosts: ['example.com'] } },
  },
  {
    rule: 'a port on the nodes of a Service inside the cluster',
    broken: services({ nodePort: 30080 }),
    lines: components.map(
      (name) =>
        `${name}.service.nodePort: needs ${name}.service.type NodePort or LoadBalancer. Set the type or remove the line.`,
    ),
    met: services({ type: 'NodePort', nodePort: 30080 }),
  },
  {
    rule: 'settings of a load balancer without one',
    broken: services({
      type: 'NodePort',
      loadBalancerClass: 'tailscale',
      loadBalancerIP: '192.0.2.1',
      loadBalancerSourceRanges: ['192.0.2.0/24'],
    }),
    lines: components.flatMap((name) =>
      ['loadBalancerClass', 'loadBalancerIP', 'loadBalancerSourceRanges'].map(
        (key) =>
          `${name}.service.${key}: needs ${name}.service.type LoadBalancer. Set the type or remove the line.`,
      ),
    ),
    met: services({
      type: 'LoadBalancer',
      loadBalancerClass: 'tailscale',
      loadBalancerIP: '192.0.2.1',
      loadBalancerSourceRanges: ['192.0.2.0/24'],
    }),
  },
  ...([0, '0%'] as const).map((maxUnavailable) => ({
    rule: `a budget that lets ${maxUnavailable} pods go`,
    broken: budgets({ maxUnavailable }),
    lines: budgeted.map(
      (path) =>
        `${path}.pdb.maxUnavailable: 0 would keep every node with such a pod from being drained. Set at least 1.`,
    ),
    met: budgets({ maxUnavailable: '50%' }),
  })),
  {
    rule: 'a budget that keeps all pods',
    broken: budgets({ minAvailable: '100%' }),
    lines: budgeted.map(
      (path) =>
        `${path}.pdb.minAvailable: 100% would keep every node with such a pod from being drained. Set maxUnavailable: 1 instead.`,
    ),
    met: budgets({ minAvailable: '50%' }),
  },
  {
    rule: 'a budget that keeps as many pods as there are',
    broken: budgets({ minAvailable: 2 }),
    lines: budgeted.map(
      (path) =>
        `${path}.pdb.minAvailable: with 2 replica(s) no pod could ever be evicted. Set fewer, or maxUnavailable: 1.`,
    ),
    met: budgets({ minAvailable: 2 }, 3),
  },
  {
    rule: 'a budget that keeps as many pods as autoscaling starts with',
    broken: { web: { autoscaling: { enabled: true, minReplicas: 3 }, pdb: { minAvailable: 3 } } },
    lines: [
      'web.pdb.minAvailable: with 3 replica(s) no pod could ever be evicted. Set fewer, or maxUnavailable: 1.',
    ],
    met: { web: { autoscaling: { enabled: true, minReplicas: 4 }, pdb: { minAvailable: 3 } } },
  },
]
