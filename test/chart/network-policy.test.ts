import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { viewOf } from './views.ts'

const release = {
  podSelector: {
    matchLabels: {
      'app.kubernetes.io/name': 'mastodon',
      'app.kubernetes.io/instance': 'mastodon',
    },
  },
}
const dns = {
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
}
const peer = { ipBlock: { cidr: '192.0.2.0/24' } }
const strict: Values = { networkPolicy: { egress: { enabled: true } } }
const outside: Values = {
  ...strict,
  smtp: { server: 'mail.example.com', port: 465 },
  postgresql: { mode: 'external', host: 'db.example.com', port: 6432, direct: { port: 5433 } },
  redis: { mode: 'external', host: 'redis.example.com', port: 6380 },
}

async function policyOf(name: string, values: Values = {}) {
  return (await render(values)).one('NetworkPolicy', `mastodon-${name}`).spec
}

/** The ports of servers outside that pods may reach. */
async function portsOf(name: string, values: Values): Promise<unknown[]> {
  const egress = (await policyOf(name, values))?.egress ?? []
  const { ports } = egress.find(({ to, ports: list }) => !to && list?.[0]?.port !== 53) ?? {}
  return ports?.map(({ port }) => port) ?? []
}

test('every policy rules both directions, whatever the rules are', async () => {
  for (const values of [{}, outside]) {
    const policies = (await render(values)).all('NetworkPolicy')
    expect(policies.map(({ spec }) => spec?.policyTypes)).toEqual(
      policies.map(() => ['Ingress', 'Egress']),
    )
  }
})

test.each(['postgresql', 'redis'])(
  '%s takes connections from pods of the release alone',
  async (name) => {
    expect((await policyOf(name))?.ingress).toEqual([{ ports: [{ port: name }], from: [release] }])
  },
)

test.each(['postgresql', 'redis'])('%s takes connections from further peers', async (name) => {
  const spec = await policyOf(name, { networkPolicy: { [name]: { extraFrom: [peer] } } })
  expect(spec?.ingress).toEqual([{ ports: [{ port: name }], from: [release, peer] }])
})

test.each(['web', 'streaming'])('%s takes connections from everybody on its port', async (name) => {
  expect((await policyOf(name))?.ingress).toEqual([{ ports: [{ port: 'http' }] }])
})

test.each(['web', 'streaming'])(
  '%s takes connections from the peers of the values and from the release',
  async (name) => {
    const spec = await policyOf(name, { networkPolicy: { [name]: { from: [peer] } } })
    expect(spec?.ingress).toEqual([{ ports: [{ port: 'http' }], from: [release, peer] }])
  },
)

test('nobody connects to any other pod', async () => {
  const spec = await policyOf('others')
  expect(spec?.policyTypes).toContain('Ingress')
  expect(spec?.ingress ?? []).toEqual([])
  expect(spec?.podSelector).toEqual({
    ...release.podSelector,
    matchExpressions: [
      {
        key: 'app.kubernetes.io/component',
        operator: 'NotIn',
        values: ['web', 'streaming', 'postgresql', 'redis'],
      },
    ],
  })
})

test.each(['web', 'streaming', 'postgresql', 'redis'])(
  'the policy of %s selects its pods',
  async (name) => {
    const chart = await render()
    const { podSelector } = chart.one('NetworkPolicy', `mastodon-${name}`).spec ?? {}
    expect(viewOf(chart, name).podMetadata.labels).toMatchObject(podSelector?.matchLabels ?? {})
    expect(podSelector?.matchLabels?.['app.kubernetes.io/component']).toBe(name)
  },
)

test.each(['web', 'streaming', 'postgresql', 'redis', 'others'])(
  'pods of %s reach everything unless told otherwise',
  async (name) => {
    const spec = await policyOf(name)
    expect(spec?.policyTypes).toContain('Egress')
    expect(spec?.egress).toEqual([{}])
  },
)

test.each(['postgresql', 'redis'])('%s reaches nothing but name servers', async (name) => {
  expect((await policyOf(name, strict))?.egress).toEqual([dns])
})

test.each(['web', 'streaming', 'others'])(
  'pods of %s reach name servers and the release',
  async (name) => {
    expect((await policyOf(name, strict))?.egress?.slice(0, 2)).toEqual([dns, { to: [release] }])
  },
)

test.each([
  ['web', [6432, 5433, 6380, 80, 443, 465]],
  ['streaming', [6432, 5433, 6380]],
  ['others', [6432, 5433, 6380, 80, 443, 465, 6443]],
])('pods of %s reach the servers that the values name', async (name, ports) => {
  expect(await portsOf(name, outside)).toEqual(ports)
})

test.each([
  ['web', [80, 443]],
  ['streaming', []],
  ['others', [80, 443, 6443]],
])('pods of %s reach no port that the values do not name', async (name, ports) => {
  expect(await portsOf(name, strict)).toEqual(ports)
})

test('an import reaches the old server', async () => {
  const server = { host: 'old.example.com', port: 5555 }
  const values: Values = {
    ...strict,
    envFrom: [{ secretRef: { name: 'old-keys' } }],
    import: { database: { enabled: true, server } },
  }
  expect(await portsOf('others', values)).toContain(5555)
})

test.each(['web', 'streaming', 'others'])(
  'further destinations are for pods of %s',
  async (name) => {
    const extra = [{ to: [peer], ports: [{ port: 9000, protocol: 'TCP' as const }] }]
    const spec = await policyOf(name, { networkPolicy: { egress: { enabled: true, extra } } })
    expect(spec?.egress?.at(-1)).toEqual(extra[0])
  },
)

test('policies can be switched off', async () => {
  const chart = await render({ networkPolicy: { enabled: false } })
  expect(() => chart.none('NetworkPolicy')).not.toThrow()
})
