// What users ask for is no defect of the chart: only when these very values ask for it.
import { judgeOutcome, type Problem } from 'chart-harness'
import { expect, test } from 'vitest'
import { oracle } from '../rules/oracle.ts'
import { chart, oldestAndNewest } from '../rules/project.ts'

const [oldest = '', newest = ''] = oldestAndNewest
const shared = [{ secretRef: { name: 'shared' } }]
const podWith = (label: string) => [{ podSelector: { matchLabels: { [label]: 'b' } } }]

/** A rule, values that break it on purpose, and similar ones that do not ask for that. */
const wishes: readonly (readonly [rule: string, asked: object, other: object])[] = [
  [
    'streaming-without-rails-secrets',
    { envFrom: shared, streaming: { envFrom: shared } },
    { envFrom: shared, pod: { envFrom: [] } },
  ],
  ['config-map-values', { env: { A: '', B: ' ' } }, { env: { A: '' }, web: { env: { B: '' } } }],
  [
    'volume-is-mounted',
    { web: { volumes: [{ name: 'mine', emptyDir: {} }] } },
    { web: { volumes: [{ name: 'other', emptyDir: {} }] } },
  ],
  [
    'port-exists',
    { web: { probes: { readiness: { httpGet: { port: 'metrics' } } } } },
    { web: { probes: { readiness: { httpGet: { port: 'http' } } } } },
  ],
  [
    'pod-security',
    { web: { probes: { readiness: { tcpSocket: { host: 'a', port: 3000 } } } } },
    { web: { probes: { readiness: { tcpSocket: { port: 3000 } } } } },
  ],
  [
    'pod-security',
    { web: { lifecycle: { preStop: { httpGet: { host: 'a', port: 3000 } } } } },
    { web: { lifecycle: { preStop: { httpGet: { port: 3000 } } } } },
  ],
  [
    'pod-security',
    {
      web: { securityContext: { capabilities: null } },
      pod: { securityContext: { capabilities: null } },
    },
    { web: { securityContext: { runAsUser: null } } },
  ],
  [
    'selector-selects',
    { networkPolicy: { postgresql: { extraFrom: podWith('a') } } },
    { networkPolicy: { postgresql: { extraFrom: podWith('c') } } },
  ],
  [
    'kubernetes-schema',
    { web: { lifecycle: { stopSignal: 'SIGTERM' } } },
    { web: { lifecycle: { preStop: {} } } },
  ],
]

/** What a render of the values breaks of the rule. */
async function problemsOf(rule: string, values: object): Promise<Problem[]> {
  const problems: Problem[] = []
  const [outcome] = await chart.renderAll([{ release: 'fuzz', values: { ...values } }])
  if (!outcome) throw new Error('no outcome')
  judgeOutcome(outcome, values, { ...oracle, allows: (problem) => problems.push(problem) > 0 })
  return problems.filter((problem) => problem.rule === rule)
}

test.each(wishes)('%s: %j is allowed where the values ask for it', async (rule, asked, other) => {
  const problems = await problemsOf(rule, asked)
  expect(problems).not.toEqual([])
  const allowed = (values: object, change: Partial<Problem> = {}): Problem[] =>
    problems.filter((problem) => oracle.allows?.({ ...problem, ...change }, values))
  expect(allowed(asked)).toEqual(problems)
  expect(allowed(other)).toEqual([])
  expect(allowed({})).toEqual([])
  expect(allowed(asked, { rule: 'another' })).toEqual([])
  expect(allowed(asked, { message: 'is wrong' })).toEqual([])
})

test('a field that even the newest Kubernetes does not have is a defect', async () => {
  const asked = { web: { lifecycle: { stopSignal: 'SIGTERM' } } }
  const problems = await problemsOf('kubernetes-schema', asked)
  const inNewest = problems.map((problem) => ({
    ...problem,
    message: problem.message.replace(oldest, newest),
  }))
  expect(inNewest).not.toEqual([])
  expect(inNewest.filter((problem) => oracle.allows?.(problem, asked))).toEqual([])
})
