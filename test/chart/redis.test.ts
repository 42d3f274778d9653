import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { dataOf, envOf, secretsOf, viewOf } from './views.ts'

const external: Values = { redis: { mode: 'external', host: 'redis.example.com' } }
const secret = (name: string, key: string) => ({ secretKeyRef: { name, key } })

/** The script that starts Valkey. */
async function script(): Promise<string> {
  const { main } = viewOf(await render(), 'redis')
  const [shell, option, text = '', name] = main.command ?? []
  expect([shell, option, name]).toEqual(['sh', '-c', 'valkey'])
  return text
}

/** The lines of the file that the program writes. */
async function settings(values: Values = {}): Promise<string[]> {
  const { SETTINGS } = envOf(viewOf(await render(values), 'redis').main)
  return String(SETTINGS).split('\n')
}

test('Valkey stays at its major version', async () => {
  const { image } = viewOf(await render(), 'redis').main
  expect(image).toMatch(/^docker\.io\/valkey\/valkey:8\.\d+\.\d+-bookworm$/)
})

test('Valkey runs once, in parallel with itself when it is replaced', async () => {
  const { spec } = (await render()).one('StatefulSet', 'mastodon-redis')
  expect(spec).toMatchObject({ replicas: 1, podManagementPolicy: 'Parallel' })
})

test('Valkey keeps an append-only file, as jobs are data', async () => {
  expect(await settings()).toEqual(
    expect.arrayContaining(['appendonly yes', 'appendfsync everysec', 'dir /data']),
  )
})

test('Valkey listens where its port is', async () => {
  expect(await settings()).toContain('port 6379')
  const { main } = viewOf(await render({ redis: { service: { port: 6380 } } }), 'redis')
  expect(main.ports).toEqual([{ name: 'redis', containerPort: 6379 }])
})

test('Valkey keeps nothing without a volume', async () => {
  const lines = await settings({ storage: { redis: { type: 'emptyDir' } } })
  expect(lines).toEqual(expect.arrayContaining(['port 6379', 'appendonly no', 'save ""']))
  expect(lines).not.toContain('appendonly yes')
})

test('Valkey throws no job away when its memory is full', async () => {
  const lines = await settings({ redis: { maxMemory: '1gb' } })
  expect(lines).toEqual(expect.arrayContaining(['maxmemory 1gb', 'maxmemory-policy noeviction']))
})

test('Valkey takes 384 MB by default', async () => {
  expect(await settings()).toContain('maxmemory 384mb')
})

test('the password of Valkey goes to a file that nobody else reads', async () => {
  const text = await script()
  expect(text).toMatch(/^umask 077\n(.*\n)+.*>>\/tmp\/valkey.conf\nexec valkey-server/m)
  expect(text).toContain(`printf '%s' "$REDISCLI_AUTH" | sed`)
})

test('Valkey and its clients know the same password', async () => {
  const chart = await render()
  const password = secret('mastodon-passwords', 'redis')
  expect(envOf(viewOf(chart, 'redis').main).REDISCLI_AUTH).toEqual(password)
  expect(envOf(viewOf(chart, 'web').main).REDIS_PASSWORD).toEqual(password)
})

test('the password of Valkey stands in one Secret alone', async () => {
  const password = 'correct-horse'
  const chart = await render({ redis: { password: { value: password } } })
  expect(secretsOf(chart, 'mastodon-databases')).toEqual({ redis: password })
  expect(chart.text.split(password)).toHaveLength(2)
})

test("a password in a Secret of the user's is read from there", async () => {
  const chart = await render({ redis: { password: { existingSecret: 'mine', key: 'word' } } })
  expect(envOf(viewOf(chart, 'redis').main).REDISCLI_AUTH).toEqual(secret('mine', 'word'))
  expect(envOf(viewOf(chart, 'streaming').main).REDIS_PASSWORD).toEqual(secret('mine', 'word'))
})

test('an empty password is as none', async () => {
  const chart = await render({ redis: { password: { existingSecret: '' } } })
  expect(envOf(viewOf(chart, 'redis').main).REDISCLI_AUTH).toEqual(
    secret('mastodon-passwords', 'redis'),
  )
  expect(envOf(viewOf(chart, 'secrets').main).SECRETS).toContain('"redis"')
})

test('Valkey is ready when it answers a ping', async () => {
  const { main } = viewOf(await render(), 'redis')
  const ready = { command: ['sh', '-c', 'valkey-cli ping | grep -q PONG'] }
  expect(main.startupProbe?.exec).toEqual(ready)
  expect(main.readinessProbe?.exec).toEqual(ready)
  expect(main.livenessProbe?.tcpSocket).toEqual({ port: 'redis' })
})

test.each(['web', 'streaming', 'sidekiq-all', 'migrate'])(
  '%s finds the Valkey of the release',
  async (name) => {
    const chart = await render({ redis: { service: { port: 6380 } } })
    expect(envOf(viewOf(chart, name).main)).toMatchObject({
      REDIS_HOST: 'mastodon-redis',
      REDIS_PORT: '6380',
      REDIS_PASSWORD: secret('mastodon-passwords', 'redis'),
    })
  },
)

test('an external Redis renders no server and no claim', async () => {
  const chart = await render(external)
  for (const kind of ['StatefulSet', 'Service', 'PersistentVolumeClaim', 'NetworkPolicy'])
    expect(chart.has(kind, 'mastodon-redis')).toBe(false)
})

test('an external Redis is named in both ConfigMaps', async () => {
  const chart = await render({ redis: { ...external.redis, port: 6380, user: 'fedi' } })
  const connection = { REDIS_HOST: 'redis.example.com', REDIS_PORT: '6380', REDIS_USER: 'fedi' }
  expect(dataOf(chart, 'mastodon-env')).toMatchObject(connection)
  expect(dataOf(chart, 'mastodon-streaming-env')).toMatchObject(connection)
  expect(envOf(viewOf(chart, 'web').main)).not.toHaveProperty('REDIS_HOST')
})

test('an external Redis is expected where Redis is', async () => {
  expect(dataOf(await render(external), 'mastodon-env').REDIS_PORT).toBe('6379')
})

test('beside an address there are no host, port and user of Redis', async () => {
  const url = { existingSecret: 'mine', key: 'url' }
  const data = dataOf(await render({ redis: { mode: 'external', url } }), 'mastodon-env')
  expect(Object.keys(data).filter((name) => /^REDIS_(HOST|PORT|USER)$/.test(name))).toEqual([])
})

test('an external Redis may have no password', async () => {
  expect(envOf(viewOf(await render(external), 'web').main)).not.toHaveProperty('REDIS_PASSWORD')
})

test.each(['web', 'streaming', 'sidekiq-all'])(
  '%s reads the address of Redis from the Secret',
  async (name) => {
    const url = { value: 'rediss://fedi:correct-horse@redis.example.com:6380' }
    const chart = await render({ redis: { mode: 'external', url } })
    expect(envOf(viewOf(chart, name).main).REDIS_URL).toEqual(
      secret('mastodon-databases', 'redis-url'),
    )
    expect(chart.text.split('correct-horse')).toHaveLength(2)
  },
)

test.each([
  ['rediss://redis.example.com', 'ruby'],
  ['redis://redis.example.com', undefined],
])('%s makes the driver %s', async (value, driver) => {
  const chart = await render({ redis: { mode: 'external', url: { value } } })
  expect(dataOf(chart, 'mastodon-env').REDIS_DRIVER).toBe(driver)
})

test.each<[string, Values['redis'], string | undefined]>([
  ['a URL with TLS', { url: { value: 'rediss://redis.example.com' } }, 'ruby'],
  [
    'a URL in a Secret, which may have TLS',
    { url: { existingSecret: 'mine', key: 'url' } },
    'ruby',
  ],
  ['a URL without TLS', { url: { value: 'redis://redis.example.com' } }, undefined],
  ['a host', { host: 'redis.example.com' }, undefined],
])('%s needs the driver that speaks TLS: %o', async (_, redis, driver) => {
  const chart = await render({ redis: { mode: 'external', ...redis } })
  expect(dataOf(chart, 'mastodon-env').REDIS_DRIVER).toBe(driver)
})
