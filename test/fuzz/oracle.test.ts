// What users ask for is no defect of the chart: only when these very values ask for it.
import { expect, test } from 'vitest'
import { oracle } from '../rules/oracle.ts'
import { oldestAndNewest } from '../rules/project.ts'

const [oldest, newest] = oldestAndNewest
const container = 'spec.template.spec.containers[0]'

const wishes = [
  {
    rule: 'streaming-without-rails-secrets',
    message: 'reads shared, which is for Rails.',
    asked: { streaming: { envFrom: [{ secretRef: { name: 'shared' } }] } },
    other: { envFrom: [{ secretRef: { name: 'shared' } }], pod: { envFrom: [] } },
  },
  {
    rule: 'config-map-values',
    message: 'A, B is empty; a value that is not set must render no key.',
    asked: { env: { A: '', B: ' ' } },
    other: { env: { A: '' }, web: { env: { B: '' } } },
  },
  {
    rule: 'volume-is-mounted',
    message: 'no container mounts the volume mine. Mount or drop it.',
    asked: { web: { volumes: [{ name: 'mine', emptyDir: {} }] } },
    other: { web: { volumes: [{ name: 'other', emptyDir: {} }] } },
  },
  {
    rule: 'port-exists',
    message: 'container main has no port 3000. Its ports: http=4000.',
    asked: { web: { probes: { readiness: { httpGet: { port: 3000 } } } } },
    other: { web: { probes: { readiness: { httpGet: { port: 'http' } } } } },
  },
  {
    rule: 'pod-security',
    path: `${container}.readinessProbe`,
    message: 'must not name a host (container main).',
    asked: { web: { probes: { readiness: { tcpSocket: { host: 'a', port: 1 } } } } },
    other: { web: { probes: { readiness: { tcpSocket: { port: 1 } } } } },
  },
  {
    rule: 'pod-security',
    path: `${container}.securityContext.capabilities.drop`,
    message: 'must contain ALL (container main).',
    asked: { web: { securityContext: { capabilities: null } } },
    other: { web: { securityContext: { runAsUser: null } } },
  },
  {
    rule: 'selector-selects',
    message: "selects no pod in its namespace: a=b. Fix the selector or the pod's labels.",
    asked: {
      networkPolicy: { web: { extraFrom: [{ podSelector: { matchLabels: { a: 'b' } } }] } },
    },
    other: { commonLabels: { a: 'b' } },
  },
  {
    rule: 'kubernetes-schema',
    path: `${container}.lifecycle.stopSignal`,
    message: `Kubernetes ${oldest}: unknown field`,
    asked: { web: { lifecycle: { stopSignal: 'SIGTERM' } } },
    other: { web: { lifecycle: { preStop: {} } } },
  },
]

const allows = (wish: (typeof wishes)[number], values: object): boolean | undefined =>
  oracle.allows?.({ object: 'Deployment/web', ...wish }, values)

test.each(wishes)('$rule: "$message" is allowed where the values ask for it', (wish) => {
  expect(allows(wish, wish.asked)).toBe(true)
  expect(allows(wish, wish.other)).toBe(false)
  expect(allows(wish, {})).toBe(false)
})

test.each(wishes)('$rule: other problems are defects, whatever the values ask', (wish) => {
  expect(allows({ ...wish, rule: 'another' }, wish.asked)).toBe(false)
  expect(allows({ ...wish, message: 'is wrong' }, wish.asked)).toBe(false)
})

test('a field that even the newest Kubernetes does not have is a defect', () => {
  const [wish] = wishes.filter(({ rule }) => rule === 'kubernetes-schema')
  if (!wish) throw new Error('no wish is about fields')
  const message = `Kubernetes ${newest}: unknown field`
  expect(allows({ ...wish, message }, wish.asked)).toBe(false)
})
