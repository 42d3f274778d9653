import { isRecord } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { embeddedSearch, importing, mail, split, stores } from './components.ts'
import { ldap } from './facilities.ts'
import { merge, preset, render, type Values } from './render.ts'
import { workload } from './views.ts'

const release = {
  podSelector: {
    matchLabels: { 'app.kubernetes.io/name': 'mastodon', 'app.kubernetes.io/instance': 'mastodon' },
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
  smtp: { ...mail, port: 465, tls: true },
  postgresql: { mode: 'external', host: 'db.example.com', port: 6432, direct: { port: 5433 } },
  redis: { mode: 'external', host: 'redis.example.com', port: 6380 },
}
const s3 = (endpoint: string): Values => ({
  objectStorage: { type: 's3', s3: { bucket: 'media', endpoint, aliasHost: 'media.example.com' } },
})
const redisAt = (value: string): Values => ({ redis: { mode: 'external', url: { value } } })
const sentinels: Values = {
  redis: { mode: 'external', sentinel: { addresses: ['s0:26380', 's1'], master: 'fedi' } },
}
const db = { postgresql: { mode: 'external', host: 'db.example.com' } }
/** The components whose block of `networkPolicy` has this key. */
const withKey = (key: string) =>
  Object.entries(preset<object>('networkPolicy')).flatMap(([name, block]) =>
    isRecord(block) && key in block ? [name] : [],
  )
const fronts = withKey('from').filter((name) => name !== 'metrics')
const databases = withKey('extraFrom')
const clients = [...fronts, 'others']

async function policyOf(name: string, values: Values = {}) {
  const all = name === 'search' ? merge(embeddedSearch, values) : values
  return (await render(all)).one('NetworkPolicy', `mastodon-${name}`).spec
}

/** The ports of servers outside that pods may reach. */
async function portsOf(name: string, values: Values): Promise<unknown[]> {
  const egress = (await policyOf(name, values))?.egress ?? []
  const { ports } = egress.find(({ to, ports: list }) => !to && list?.[0]?.port !== 53) ?? {}
  return ports?.map(({ port }) => port) ?? []
}

test.each([{}, outside])(
  'every policy covers both directions, whatever it says: %j',
  async (values) => {
    const types = (await render(values)).all('NetworkPolicy').map(({ spec }) => spec?.policyTypes)
    expect(types).toEqual(types.map(() => ['Ingress', 'Egress']))
  },
)

test('policies can be switched off', async () => {
  const chart = await render({ networkPolicy: { enabled: false } })
  expect(() => chart.none('NetworkPolicy')).not.toThrow()
})

describe.each(databases)('%s', (name) => {
  test.for([[], [peer]])('takes connections from pods of the release and %j', async (extraFrom) => {
    const spec = await policyOf(name, { networkPolicy: { [name]: { extraFrom } } })
    const [own, ...others] = spec?.ingress?.[0]?.from ?? []
    expect(spec?.ingress?.[0]?.ports).toEqual([{ port: name }])
    expect(own?.podSelector?.matchLabels).toEqual(release.podSelector.matchLabels)
    expect(others).toEqual(extraFrom)
  })

  test('reaches nothing but name servers if egress is limited', async () => {
    expect((await policyOf(name, strict))?.egress).toEqual([dns])
  })
})

describe.each(fronts)('%s', (name) => {
  test('takes connections from everybody on its port', async () => {
    expect((await policyOf(name))?.ingress).toEqual([{ ports: [{ port: 'http' }] }])
  })

  test('takes connections from the peers of the values and from the release', async () => {
    const spec = await policyOf(name, { networkPolicy: { [name]: { from: [peer] } } })
    expect(spec?.ingress).toEqual([{ ports: [{ port: 'http' }], from: [release, peer] }])
  })
})

test('only the pods that run Ruby reach the embedded search server, as it has no password', async () => {
  const { ingress } = (await policyOf('search')) ?? {}
  const [{ podSelector } = {}] = ingress?.[0]?.from ?? []
  const [only] = podSelector?.matchExpressions ?? []
  expect(only?.operator).toBe('In')
  expect(only?.values).toEqual(expect.arrayContaining(['web', 'sidekiq-all', 'search-index']))
  expect(only?.values).not.toEqual(expect.arrayContaining(['streaming']))
})

test('nobody connects to any other pod', async () => {
  const spec = await policyOf('others', embeddedSearch)
  const others = { key: 'app.kubernetes.io/component', operator: 'NotIn' }
  expect(spec?.ingress ?? []).toEqual([])
  expect(spec?.podSelector).toEqual({
    ...release.podSelector,
    matchExpressions: [{ ...others, values: [...fronts, ...databases].sort() }],
  })
})

test.each([...fronts, ...databases])('the policy of %s selects its pods', async (name) => {
  const view = await workload(name, embeddedSearch)
  const { podSelector } = view.own('NetworkPolicy').spec ?? {}
  expect(view.podMetadata.labels).toMatchObject(podSelector?.matchLabels ?? {})
  expect(podSelector?.matchLabels?.['app.kubernetes.io/component']).toBe(name)
})

test.each<[string, object, readonly object[], unknown]>([
  ['nobody', { enabled: true }, [], undefined],
  [
    'those whom the values name',
    { enabled: true },
    [peer],
    [{ ports: [{ port: 'metrics' }], from: [peer] }],
  ],
  ['nobody while there are none', {}, [peer], undefined],
])('the metrics of sidekiq are read by %s', async (_, metrics, from, expected) => {
  const values = { sidekiq: { metrics }, networkPolicy: { metrics: { from } } }
  expect((await policyOf('others', values))?.ingress).toEqual(expected)
})

test.each([...clients, ...databases])('pods of %s reach everything by default', async (name) => {
  expect((await policyOf(name))?.egress).toEqual([{}])
})

describe.each([
  ['web', [6432, 5433, 6380, 80, 443, 465], [80, 443]],
  ['streaming', [6432, 5433, 6380], []],
  ['others', [6432, 5433, 6380, 80, 443, 465, 6443], [80, 443, 6443]],
])('pods of %s, if egress is limited,', (name, named, unnamed) => {
  test('reach name servers and the release', async () => {
    expect((await policyOf(name, strict))?.egress?.slice(0, 2)).toEqual([dns, { to: [release] }])
  })

  test('reach the servers that the values name, and no others', async () => {
    expect(await portsOf(name, outside)).toEqual(named)
    expect(await portsOf(name, strict)).toEqual(unnamed)
  })

  test('reach additional destinations', async () => {
    const extra = [{ to: [peer], ports: [{ port: 9000, protocol: 'TCP' }] }]
    const spec = await policyOf(name, { networkPolicy: { egress: { enabled: true, extra } } })
    expect(spec?.egress?.at(-1)).toEqual(extra[0])
  })
})

test.each<[string, Values, number]>([
  ['the bucket', s3('http://minio:9000'), 9000],
  ['the bucket', s3('https://s3.example.com'), 443],
  ['mail to everybody', { smtp: { ...mail, bulk: { server: 'bulk', port: 2525 } } }, 2525],
  ['the directory', { auth: { ldap: { ...ldap, enabled: true, port: 1636 } } }, 1636],
  ['a collector', { telemetry: { endpoint: 'http://collector:4318' } }, 4318],
  ['a proxy', { mastodon: { outgoing: { proxy: { value: 'http://proxy:3128' } } } }, 3128],
  ['the identity service of Swift', { ...stores.swift }, 5000],
  ['the container of Swift', { ...stores.swift }, 8080],
  ['the container of Azure', { ...stores.azure }, 443],
  ['Redis', redisAt('rediss://user:word@redis.example.com:6380/1'), 6380],
  ['Redis', redisAt('redis://redis.example.com'), 6379],
  ['an address in env', { env: { LIBRE_TRANSLATE_ENDPOINT: 'http://translate:5000/' } }, 5000],
  [
    'an address in secretEnv',
    { ...db, secretEnv: { DATABASE_URL: 'postgres://a:b@c:6543/d' } },
    6543,
  ],
  ['a port in env', { env: { ES_HOST: 'search', ES_PORT: 9201 } }, 9201],
  ['a host in env', { env: { ES_HOST: 'search' } }, 9200],
  ['a Sentinel', sentinels, 26380],
  ['a Sentinel', sentinels, 26379],
  ['the servers behind Sentinels', sentinels, 6379],
  ['the cache', { redis: { cache: { mode: 'external', host: 'c', port: 6390 } } }, 6390],
  ['a proxy for all pods', { pod: { env: { http_proxy: 'http://proxy:3128' } } }, 3128],
])('%s is reached at the port of its address: %j', async (_, values, port) => {
  expect(await portsOf('web', merge(strict, values))).toContain(port)
})

test('a port that two servers have is listed once', async () => {
  const proxy = { mastodon: { outgoing: { proxy: { value: 'http://proxy:9000' } } } }
  const ports = await portsOf('web', merge(strict, s3('http://minio:9000'), proxy))
  expect(ports.filter((port) => port === 9000)).toHaveLength(1)
})

test.each<[string, Values]>([
  ['the search server', { search: { mode: 'external', host: 'es', port: 9201 } }],
  ['the directory', { auth: { ldap: { ...ldap, enabled: true, port: 1636 } } }],
])('%s is not reached at its usual port as well', async (_, values) => {
  const ports = await portsOf('web', merge(strict, values))
  expect(ports.filter((port) => port === 9200 || port === 389)).toEqual([])
})

test('streaming reaches no server of the cache, of Sidekiq and of search', async () => {
  const [cache, sidekiq, search] = [6390, 6391, 9201].map((port) => ({
    ...{ mode: 'external', host: 'a', port },
  }))
  const values = merge(strict, { redis: { cache, sidekiq }, search })
  expect(await portsOf('streaming', values)).toEqual([])
})

test('replicas of an operator are reached by their pods only, not at their port everywhere', async () => {
  const cloudnativepg = { instances: 2, readReplicas: true }
  const values = { postgresql: { mode: 'cloudnativepg', cloudnativepg } }
  expect(await portsOf('web', merge(strict, values))).toEqual([80, 443])
})

test.each(['redis-cache', 'redis-sidekiq'])('%s takes connections as redis does', async (name) => {
  const networkPolicy = { redis: { extraFrom: [peer] } }
  const spec = await policyOf(name, { ...split, networkPolicy })
  expect(spec?.ingress).toEqual([{ ports: [{ port: 'redis' }], from: [release, peer] }])
})

test('an import reaches the old server', async () => {
  const port = 5555
  const server = { import: { database: { server: { port } } } }
  expect(await portsOf('others', merge(strict, importing, server))).toContain(port)
})
