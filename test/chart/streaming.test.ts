import { expect, test } from 'vitest'
import { external, mail } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { dataOf, secretsOf, workload } from './views.ts'

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

test('streaming logs in to the databases first, as its health says nothing about them', async () => {
  const streaming = await workload('streaming')
  const login = streaming.init('login')
  expect(login.args?.slice(0, 2)).toEqual(['node', '-e'])
  expect(login.args?.[2]).toContain('./streaming/database.js')
  expect(login.env).toEqual(streaming.main.env)
})

test('streaming reads its own environment, without secrets of Rails', async () => {
  const values: Values = {
    secretEnv: { LDAP_PASSWORD: 'x' },
    envFrom: [{ secretRef: { name: 'rails' } }],
  }
  const { main, init } = await workload('streaming', values)
  const reference = [{ configMapRef: { name: 'mastodon-streaming-env' } }]
  expect(main.envFrom).toEqual(reference)
  expect(init('login').envFrom).toEqual(reference)
})

test('streaming knows nothing but databases, port and log level', async () => {
  const values: Values = {
    smtp: { ...mail, password: { value: 'x' } },
    objectStorage: {
      type: 's3',
      s3: { bucket: 'media', accessKeyId: { value: 'x' }, secretAccessKey: { value: 'x' } },
    },
  }
  const names = Object.keys((await workload('streaming', values)).env)
  expect(names.filter((name) => !/^(DB|REDIS)_/.test(name)).sort()).toEqual(['BIND', 'PORT'])
  expect(names).toHaveLength(10)
  expect(await nodeEnv(values)).toEqual({ LOG_LEVEL: preset('streaming.logLevel') })
})

// What leads Ruby to the databases must lead streaming there, too.
const addresses = merge(external, { secrets: { existingSecret: 'keys' } })
const reference = (key: string, more: object = {}) => ({
  secretKeyRef: { name: 'mine', key, ...more },
})

test('what is secret in the values reaches streaming, as far as it reads it', async () => {
  const secretEnv = { DB_PASS: 'a', DATABASE_URL: 'b', LDAP_PASSWORD: 'c' }
  const { main, render: chart } = await workload('streaming', merge(addresses, { secretEnv }))
  const own = { secretRef: { name: 'mastodon-streaming-env' } }
  expect(main.envFrom).toContainEqual(own)
  const { LDAP_PASSWORD, ...wanted } = secretEnv
  expect(secretsOf(chart, own.secretRef.name)).toEqual(wanted)
})

test('what is public in the values reaches streaming, as far as it reads it', async () => {
  const env = { SSL_CERT_FILE: '/a', TRUSTED_PROXY_IP: '10.0.0.1', MAX_TOOT: 5, TZ: 'UTC' }
  expect(await nodeEnv(merge(addresses, { env }))).toMatchObject({
    ...{ SSL_CERT_FILE: '/a', TRUSTED_PROXY_IP: '10.0.0.1' },
  })
  const names = Object.keys(await nodeEnv(merge(addresses, { env })))
  expect(names.filter((name) => ['MAX_TOOT', 'TZ'].includes(name))).toEqual([])
})

test('a reference in env reaches streaming', async () => {
  const env = { DB_PASS: { valueFrom: reference('word') } }
  const { env: own } = await workload('streaming', merge(addresses, { env }))
  expect(own.DB_PASS).toEqual(reference('word'))
})

test.each([
  ['a Secret', { secretRef: { name: 'mine' } }, reference('DB_PASS', { optional: true })],
  [
    'a ConfigMap',
    { configMapRef: { name: 'mine' } },
    { configMapKeyRef: { name: 'mine', key: 'DB_PASS', optional: true } },
  ],
  [
    'a Secret with a prefix',
    { secretRef: { name: 'mine' }, prefix: 'DB_' },
    reference('PASS', { optional: true }),
  ],
])('streaming takes from %s, the only one, what it reads', async (_, source, found) => {
  const { env } = await workload('streaming', merge(addresses, { envFrom: [source] }))
  expect(env.DB_PASS).toEqual(found)
  expect(Object.keys(env).filter((name) => /KEY|SMTP|S3/.test(name))).toEqual([])
})

test('of several sources nobody knows which one has a variable', async () => {
  const envFrom = [{ secretRef: { name: 'a' } }, { secretRef: { name: 'b' } }]
  const { env } = await workload('streaming', merge(addresses, { envFrom }))
  expect(Object.keys(env).filter((name) => /^(DB|REDIS)_/.test(name))).toEqual([])
})

test('nothing leads streaming past the servers of the release', async () => {
  const envFrom = [{ configMapRef: { name: 'old' } }]
  const { env } = await workload('streaming', { envFrom })
  expect(Object.keys(env)).not.toContain('DATABASE_URL')
  expect(Object.keys(env).filter((name) => /^REDIS_(URL|SENTINEL)/.test(name))).toEqual([])
  expect(Object.keys(env)).not.toContain('DB_SSLMODE')
  expect(env.DB_HOST).toBe('mastodon-postgresql')
})

test('a password of the user restarts streaming', async () => {
  const checksum = async (DB_PASS: string) =>
    (await workload('streaming', merge(addresses, { secretEnv: { DB_PASS } }))).podMetadata
  expect(await checksum('a')).not.toEqual(await checksum('b'))
})

const authority = { existingSecret: 'ca', key: 'ca.crt' }
const ofAuthority = 'sslrootcert=/etc/postgresql-ca/ca.crt'

test.each(['', 'require', 'verify-ca', 'verify-full'])(
  'with an authority, what libpq calls "%s" is verify-full to Node',
  async (sslMode) => {
    const postgresql = { ...external.postgresql, sslMode, ca: authority }
    const env = await nodeEnv({ postgresql })
    expect(env.DATABASE_URL).toBe(`postgresql:///?sslmode=verify-full&${ofAuthority}`)
  },
)

// Node takes the authority from an address only.
test('beside an address for TLS, server, database and role are in variables of libpq', async () => {
  const postgresql = { port: 6432, database: 'toots', user: 'fedi', ca: authority }
  expect(await nodeEnv(merge(external, { postgresql }))).toMatchObject({
    ...{ PGHOST: external.postgresql.host, PGPORT: '6432', PGDATABASE: 'toots', PGUSER: 'fedi' },
  })
})

test('they come from the one item of envFrom, too', async () => {
  const envFrom = [{ configMapRef: { name: 'old' } }]
  const postgresql = { ...external.postgresql, ca: authority }
  const { env } = await workload('streaming', { postgresql, envFrom })
  expect(env.PGHOST).toEqual({ configMapKeyRef: { name: 'old', key: 'DB_HOST', optional: true } })
})

test('an address of the user wins', async () => {
  const url = 'postgres://db.example.com/toots'
  const postgresql = { ...external.postgresql, ca: authority }
  expect((await nodeEnv({ postgresql, env: { DATABASE_URL: url } })).DATABASE_URL).toBe(url)
})

test('without verification the server may have any name', async () => {
  const postgresql = { ...external.postgresql, ca: authority }
  const values = { postgresql, streaming: { env: { DB_SSLMODE: 'no-verify' } } }
  const { DATABASE_URL } = await nodeEnv(values)
  expect(DATABASE_URL).toBe(`postgresql:///?sslmode=no-verify&${ofAuthority}`)
})

test.each([
  ['disable', undefined],
  ['allow', undefined],
  ['prefer', undefined],
  ['require', 'no-verify'],
  ['verify-full', 'verify-full'],
] as const)('what libpq calls %s is %s to Node', async (sslMode, node) => {
  const postgresql = { ...external.postgresql, sslMode }
  const values = { postgresql, caBundle: authority }
  expect((await nodeEnv(values)).DB_SSLMODE).toBe(node)
})

test('streaming mounts nothing by default', async () => {
  const { main, pod } = await workload('streaming')
  expect(main.volumeMounts ?? []).toEqual([])
  expect(pod.volumes ?? []).toEqual([])
})
