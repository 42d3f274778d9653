// The ways to Redis: which variables the programs get, and where the servers of the release are.
import { describe, expect, test } from 'vitest'
import { every, external, redisServers, sentinel, split } from './components.ts'
import { merge, preset, render, type Values, valuesAt } from './render.ts'
import { dataOf, secret, secretsOf, viewOf, workload } from './views.ts'

const mode = 'external'
const host = 'redis.example.com'
const password = { existingSecret: 'mine', key: 'word' }
const servers = redisServers.map((path) => ({
  path,
  key: path.replace('.', '-'),
  prefix: path === 'redis' ? '' : `${path.replace('redis.', '').toUpperCase()}_`,
}))

/** The variables of Redis that a program gets, without the release's own prefix. */
async function variables(client: 'web' | 'streaming', values: Values, prefix = '') {
  const chart = await render(values)
  const data = dataOf(chart, client === 'web' ? 'mastodon-env' : 'mastodon-streaming-env')
  const all = Object.entries({ ...data, ...viewOf(chart, client).env })
  return Object.fromEntries(
    all.flatMap(([name, value]) =>
      name.startsWith(`${prefix}REDIS_`) && name !== 'REDIS_DRIVER'
        ? [[name.slice(prefix.length + 'REDIS_'.length), value]]
        : [],
    ),
  )
}

describe.each(servers)('$path', ({ path, key, prefix }) => {
  const of = (server: object) => variables('web', valuesAt(path, server), prefix)
  /** What another server than redis cannot take from there. */
  const own = prefix === '' ? {} : { DB: '0' }

  test('Ruby gets host and port of an external server, and its database', async () => {
    expect(await of({ mode, host })).toEqual({ HOST: host, PORT: '6379', ...own })
    const more = { port: 6380, user: 'alice', password, database: 3 }
    expect(await of({ mode, host, ...more })).toEqual({
      ...{ HOST: host, PORT: '6380', USER: 'alice', DB: '3' },
      PASSWORD: secret('mine', 'word'),
    })
    expect(await of({ mode, host, database: 0 })).toMatchObject({ DB: '0' })
  })

  test('Ruby gets the Sentinels instead of a host', async () => {
    const addresses = ['s0.example.com', 's1.example.com:26380']
    const values = { mode, sentinel: { ...sentinel, addresses }, user: 'alice' }
    const found = {
      ...{ SENTINELS: 's0.example.com,s1.example.com:26380', SENTINEL_MASTER: 'fedi' },
      ...{ SENTINEL_PORT: String(preset('redis.sentinel.port')), USER: 'alice', ...own },
    }
    expect(await of(values)).toEqual(found)
    const login = { sentinel: { port: 5000, user: 'watcher', password }, password }
    expect(await of(merge(values, login))).toEqual({
      ...{ ...found, SENTINEL_PORT: '5000', SENTINEL_USERNAME: 'watcher' },
      ...{ PASSWORD: secret('mine', 'word'), SENTINEL_PASSWORD: secret('mine', 'word') },
    })
  })

  test('Ruby gets nothing but a whole address', async () => {
    expect(await of({ mode, url: password, port: 6380 })).toEqual({ URL: secret('mine', 'word') })
    const url = { value: 'rediss://fedi:correct-horse@redis.example.com:6380' }
    const chart = await render(valuesAt(path, { mode, url }))
    const place = secret('mastodon-databases', `${key}-url`)
    expect(viewOf(chart, 'web').env[`${prefix}REDIS_URL`]).toEqual(place)
    expect(chart.text.split('correct-horse')).toHaveLength(2)
  })

  test.each([
    ['alone', {}, `rediss://${host}:6379/0`],
    ['with a user', { user: 'al ice+1' }, `rediss://al%20ice%2B1@${host}:6379/0`],
    [
      'with a password, which Kubernetes puts in',
      { user: 'alice', password, port: 6380, database: 2 },
      `rediss://alice:$(${prefix}REDIS_PASSWORD)@${host}:6380/2`,
    ],
    ['with a password only', { password }, `rediss://:$(${prefix}REDIS_PASSWORD)@${host}:6379/0`],
    ['by its address', { host: '2001:db8::7' }, 'rediss://[2001:db8::7]:6379/0'],
  ])('a host with TLS becomes an address: %s', async (_, values, URL) => {
    const expected = 'password' in values ? { URL, PASSWORD: secret('mine', 'word') } : { URL }
    expect(await of({ mode, host, tls: true, ...values })).toEqual(expected)
  })

  test.each<[string, object, string | undefined]>([
    ['a host with TLS', { host, tls: true }, 'ruby'],
    ['an address with TLS', { url: { value: 'rediss://redis.example.com' } }, 'ruby'],
    ['one in a Secret, which may have TLS', { url: password }, 'ruby'],
    ['an address without TLS', { url: { value: 'redis://redis.example.com' } }, undefined],
    ['a host', { host }, undefined],
    ['Sentinels', { sentinel }, undefined],
  ])(
    'the driver that trusts authorities of the user is chosen for %s',
    async (_, redis, driver) => {
      const chart = await render(valuesAt(path, { mode, ...redis }))
      expect(dataOf(chart).REDIS_DRIVER).toBe(driver)
    },
  )
})

// Kubernetes replaces `$(…)` only with variables that stand before it.
test.each(['web', 'streaming'])('in %s a password stands before the address', async (client) => {
  const server = { mode, host, tls: true, password }
  const { main } = await workload(client, every(server))
  const names = main.env?.map(({ name }) => name).filter((name) => /REDIS_(PASS|URL)/.test(name))
  const pairs = client === 'web' ? ['CACHE_REDIS', 'REDIS', 'SIDEKIQ_REDIS'] : ['REDIS']
  expect(names).toHaveLength(2 * pairs.length)
  for (const pair of pairs)
    expect(names?.indexOf(`${pair}_PASSWORD`)).toBeLessThan(names?.indexOf(`${pair}_URL`) ?? 0)
})

test.each<[string, object]>([
  ['host and database', { host, user: 'alice', database: 1, password }],
  ['Sentinels', { sentinel: { ...sentinel, password }, password, database: 1 }],
  ['a whole address', { url: password }],
  ['a host with TLS', { host, tls: true, password }],
])('streaming gets the same as Ruby: %s', async (_, server) => {
  const values = { redis: { mode, ...server } }
  expect(await variables('streaming', values)).toEqual(await variables('web', values))
})

test('streaming gets nothing about the cache and Sidekiq', async () => {
  const chart = await render(every({ mode, host, password }))
  const data = dataOf(chart, 'mastodon-streaming-env')
  const names = Object.keys({ ...data, ...viewOf(chart, 'streaming').env })
  expect(names.filter((name) => /^(CACHE|SIDEKIQ)_/.test(name))).toEqual([])
})

// rivals.md 28: "Redis without password", 2b: passwords of Redis were compulsory.
test('rivals 28 and 2b: no password of Redis is compulsory', async () => {
  expect(await variables('web', every({ mode, host }))).not.toHaveProperty('PASSWORD')
})

describe.each(servers.slice(1))('$path in the release', ({ path, key, prefix }) => {
  const embedded = valuesAt(path, { mode: 'embedded' })
  const generated = secret('mastodon-passwords', key)

  test('Ruby finds it with all that Mastodon would not take from redis', async () => {
    expect(await variables('web', embedded, prefix)).toEqual({
      ...{ HOST: `mastodon-${key}`, PORT: '6379', DB: '0', PASSWORD: generated },
    })
  })

  test('it has a password of its own, which the hook makes', async () => {
    const chart = await render(embedded)
    expect(viewOf(chart, key).env.REDISCLI_AUTH).toEqual(generated)
    const { SECRETS } = viewOf(chart, 'secrets').env
    expect(JSON.parse(String(SECRETS))['mastodon-passwords']).toContain(key)
    const own = await render(merge(embedded, valuesAt(path, { password: { value: 'horse' } })))
    expect(secretsOf(own, 'mastodon-databases')).toEqual({ [key]: 'horse' })
  })

  test('what the user sets for redis is its default, but for names, ports and addresses', async () => {
    const redis = {
      ...{ mode: 'external', host, name: 'other', service: { port: 1234 }, maxMemory: '512mb' },
      ...{ image: { tag: '8.1.1' }, nodeSelector: { disk: 'fast' }, env: { TZ: 'UTC' } },
    }
    const { object, main, pod, env } = await workload(key, merge({ redis }, embedded))
    expect(object.metadata.name).toBe(`mastodon-${key}`)
    expect(main.image).toBe('docker.io/valkey/valkey:8.1.1')
    expect([pod.nodeSelector, env.TZ]).toEqual([{ disk: 'fast' }, 'UTC'])
    expect(String(env.SETTINGS)).toContain('maxmemory 512mb')
    expect((await variables('web', merge({ redis }, embedded), prefix)).PORT).toBe('6379')
  })

  test('its own values win', async () => {
    const server = { mode: 'embedded', maxMemory: '64mb', name: 'mine', service: { port: 7000 } }
    const values = valuesAt(path, server)
    expect((await workload(key, values)).env.SETTINGS).toContain('maxmemory 64mb')
    expect(await variables('web', values, prefix)).toMatchObject({ HOST: 'mine', PORT: '7000' })
  })

  test('the gate knows which addresses the user must not set', async () => {
    const names = ['URL', 'SENTINELS', 'USER'].map((name) => `${prefix}REDIS_${name}`)
    const { EMBEDDED } = (await workload('web', merge(external, embedded))).env
    expect(String(EMBEDDED).split(' ')).toEqual(names)
  })
})

// Mastodon's base and Sidekiq's data must not be dropped, while a cache may forget.
test('the cache forgets when its memory is full and writes nothing, Sidekiq keeps all', async () => {
  const chart = await render(split)
  const settings = (name: string) => String(viewOf(chart, name).env.SETTINGS).split('\n')
  expect(settings('redis-cache')).toEqual(
    expect.arrayContaining(['maxmemory-policy allkeys-lru', 'appendonly no', 'save ""']),
  )
  expect(settings('redis-sidekiq')).toEqual(
    expect.arrayContaining(['maxmemory-policy noeviction', 'appendonly yes']),
  )
  const volumesOf = (name: string) => viewOf(chart, name).pod.volumes?.[0]
  expect(volumesOf('redis-cache')).toEqual({ name: 'data', emptyDir: {} })
  const claimName = 'mastodon-redis-sidekiq'
  expect(volumesOf('redis-sidekiq')).toEqual({ name: 'data', persistentVolumeClaim: { claimName } })
})

test('without servers of their own, cache and Sidekiq set no variable', async () => {
  const chart = await render()
  const names = Object.keys({ ...dataOf(chart), ...viewOf(chart, 'web').env })
  expect(names.filter((name) => /^(CACHE|SIDEKIQ)_REDIS/.test(name))).toEqual([])
})
