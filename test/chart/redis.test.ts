// The embedded server, Valkey; databases.test.ts has what it shares with PostgreSQL, redis-servers.test.ts how servers are found.
import { bytes } from 'chart-harness'
import { expect, test } from 'vitest'
import { preset, type Values } from './render.ts'
import { workload } from './views.ts'

/** The lines of the file that the program writes. */
async function settings(values: Values = {}): Promise<string[]> {
  const { SETTINGS } = (await workload('redis', values)).env
  return String(SETTINGS).split('\n')
}

test.each<[string, Values, readonly string[]]>([
  ['an append-only file, as jobs are data', {}, ['appendonly yes', 'appendfsync everysec']],
  ['its data on the volume', {}, ['dir /data']],
  ['the memory of values.yaml', {}, [`maxmemory ${preset('redis.maxMemory')}`]],
  ['the memory of the values', { redis: { maxMemory: '512mb' } }, ['maxmemory 512mb']],
  ['every job when its memory is full', {}, ['maxmemory-policy noeviction']],
  [
    'nothing without a volume',
    { storage: { redis: { type: 'emptyDir' } } },
    ['port 6379', 'appendonly no', 'save ""'],
  ],
])('Valkey keeps %s', async (_, values, lines) => {
  expect(await settings(values)).toEqual(expect.arrayContaining([...lines]))
})

test('the data of Valkey take at most half of the memory limit, as a save copies pages', () => {
  const most = bytes(preset('redis.maxMemory').replace('mb', 'Mi'))
  expect(most).toBeGreaterThan(0)
  expect(bytes(preset('redis.resources.limits.memory'))).toBeGreaterThanOrEqual(2 * most)
})

test('Valkey listens on one port, whatever the port of its Service', async () => {
  const values: Values = { redis: { service: { port: 6380 } } }
  expect(await settings(values)).toContain('port 6379')
  const { main } = await workload('redis', values)
  expect(main.ports).toEqual([{ name: 'redis', containerPort: 6379 }])
})

test('the password of Valkey goes to a file that nobody else reads', async () => {
  const [shell, option, text = '', name] = (await workload('redis')).main.command ?? []
  expect([shell, option, name]).toEqual(['sh', '-c', 'valkey'])
  expect(text).toMatch(/^umask 077\n(.*\n)+.*>>\/tmp\/valkey.conf\nexec valkey-server/m)
  expect(text).toContain(`printf '%s' "$REDISCLI_AUTH" | sed`)
})

test('Valkey is ready when it answers a ping', async () => {
  const { main } = await workload('redis')
  const ready = { command: ['sh', '-c', 'valkey-cli ping | grep -q PONG'] }
  expect(main.startupProbe?.exec).toEqual(ready)
  expect(main.readinessProbe?.exec).toEqual(ready)
  expect(main.livenessProbe?.tcpSocket).toEqual({ port: 'redis' })
})

test('Valkey can write to its volume and to /tmp', async () => {
  const { main, pod } = await workload('redis')
  expect(main.volumeMounts).toEqual([
    { name: 'data', mountPath: '/data' },
    { name: 'tmp', mountPath: '/tmp' },
  ])
  expect(pod.volumes).toContainEqual({ name: 'tmp', emptyDir: {} })
})
