import { expect, test } from 'vitest'
import { external } from './components.ts'
import { preset, render, type Values } from './render.ts'
import { dataOf, workload } from './views.ts'

const nodeEnv = async (values: Values = {}) =>
  dataOf(await render(values), 'mastodon-streaming-env')

test('streaming runs the server of its own image, with the tag of the main image', async () => {
  const { main } = await workload('streaming', { mastodon: { image: { tag: 'v4.7.1' } } })
  expect(main.args).toEqual(['node', './streaming/index.js'])
  expect(main.image).toBe('ghcr.io/mastodon/mastodon-streaming:v4.7.1')
})

test('streaming is ready when it answers, and alive when it takes connections', async () => {
  const { main } = await workload('streaming')
  const health = { path: '/api/v1/streaming/health', port: 'http' }
  expect(main.startupProbe?.httpGet).toEqual(health)
  expect(main.readinessProbe?.httpGet).toEqual(health)
  expect(main.livenessProbe?.tcpSocket).toEqual({ port: 'http' })
})

test('a stop leaves streaming time after the pause in which proxies notice it', () => {
  const pause = preset<number>('streaming.lifecycle.preStop.sleep.seconds')
  expect(pause).toBeGreaterThan(0)
  expect(preset<number>('streaming.terminationGracePeriodSeconds')).toBeGreaterThan(pause)
})

test('streaming waits for the databases, as it would end without an error', async () => {
  const streaming = await workload('streaming')
  const wait = streaming.init('wait')
  expect(wait.args?.slice(0, 2)).toEqual(['node', '-e'])
  expect(wait.args?.[2]).toContain('Waiting for')
  expect(wait.env).toEqual(streaming.main.env)
})

test('streaming reads its own environment, without secrets of Rails', async () => {
  const values: Values = {
    secretEnv: { LDAP_PASSWORD: 'x' },
    envFrom: [{ secretRef: { name: 'rails' } }],
  }
  const { main, init } = await workload('streaming', values)
  const reference = [{ configMapRef: { name: 'mastodon-streaming-env' } }]
  expect(main.envFrom).toEqual(reference)
  expect(init('wait').envFrom).toEqual(reference)
})

test('streaming knows nothing but databases, port and log level', async () => {
  const values: Values = {
    smtp: { server: 'mail.example.com', password: { value: 'x' } },
    objectStorage: { type: 's3', s3: { bucket: 'media', accessKeyId: { value: 'x' } } },
  }
  const names = Object.keys((await workload('streaming', values)).env)
  expect(names.filter((name) => !/^(DB|REDIS)_/.test(name)).sort()).toEqual(['BIND', 'PORT'])
  expect(names).toHaveLength(10)
  expect(await nodeEnv(values)).toEqual({ LOG_LEVEL: preset('streaming.logLevel') })
})

test.each([
  ['disable', undefined],
  ['allow', undefined],
  ['prefer', undefined],
  ['require', 'no-verify'],
  ['verify-ca', 'require'],
  ['verify-full', 'require'],
] as const)('what libpq calls %s is %s to Node', async (sslMode, node) => {
  const postgresql = { ...external.postgresql, sslMode }
  expect((await nodeEnv({ postgresql })).DB_SSLMODE).toBe(node)
})

test('streaming mounts nothing by default', async () => {
  const { main, pod } = await workload('streaming')
  expect(main.volumeMounts ?? []).toEqual([])
  expect(pod.volumes ?? []).toEqual([])
})
