import { expect, test } from 'vitest'
import { appVersion, render, type Values } from './render.ts'
import { dataOf, envOf, initOf, viewOf } from './views.ts'

const external: Values = {
  postgresql: { mode: 'external', host: 'db.example.com' },
  redis: { mode: 'external', host: 'redis.example.com' },
}
type SslMode = NonNullable<NonNullable<Values['postgresql']>['sslMode']>

async function nodeMode(sslMode: SslMode): Promise<string | undefined> {
  const values: Values = { ...external, postgresql: { ...external.postgresql, sslMode } }
  return dataOf(await render(values), 'mastodon-streaming-env').DB_SSLMODE
}

test('streaming runs the server of its own image', async () => {
  const { main } = viewOf(await render(), 'streaming')
  expect(main.args).toEqual(['node', './streaming/index.js'])
  expect(main.image).toBe(`ghcr.io/mastodon/mastodon-streaming:v${appVersion}`)
})

test('streaming follows the tag of the main image', async () => {
  const chart = await render({ mastodon: { image: { tag: 'v4.7.1' } } })
  expect(viewOf(chart, 'streaming').main.image).toBe('ghcr.io/mastodon/mastodon-streaming:v4.7.1')
})

test('streaming listens on the port named http', async () => {
  const { main } = viewOf(await render(), 'streaming')
  expect(main.ports).toEqual([{ name: 'http', containerPort: 4000 }])
  expect(envOf(main).PORT).toBe('4000')
})

test('streaming listens to IPv6 when its Service speaks it', async () => {
  const chart = await render({ streaming: { service: { ipFamilies: ['IPv6'] } } })
  expect(envOf(viewOf(chart, 'streaming').main).BIND).toBe('::')
  expect(envOf(viewOf(await render(), 'streaming').main).BIND).toBeUndefined()
})

test('streaming is ready when it answers, and alive when it takes connections', async () => {
  const { main } = viewOf(await render(), 'streaming')
  const health = { path: '/api/v1/streaming/health', port: 'http' }
  expect(main.startupProbe).toMatchObject({ httpGet: health })
  expect(main.readinessProbe).toMatchObject({ httpGet: health })
  expect(main.livenessProbe).toMatchObject({ tcpSocket: { port: 'http' } })
})

test('a pause before the end lets proxies notice that streaming leaves', async () => {
  expect(viewOf(await render(), 'streaming').main.lifecycle).toEqual({
    preStop: { sleep: { seconds: 10 } },
  })
})

test('streaming waits for the databases, as it would end without an error', async () => {
  const view = viewOf(await render(), 'streaming')
  const wait = initOf(view, 'wait')
  expect(wait.args?.slice(0, 2)).toEqual(['node', '-e'])
  expect(wait.args?.[2]).toContain('Waiting for')
  expect(wait.env).toEqual(view.main.env)
})

test('streaming reads an environment of its own, without a secret of Rails', async () => {
  const chart = await render({
    secretEnv: { LDAP_PASSWORD: 'x' },
    envFrom: [{ secretRef: { name: 'rails' } }],
  })
  const { main, pod } = viewOf(chart, 'streaming')
  const reference = [{ configMapRef: { name: 'mastodon-streaming-env' } }]
  expect(main.envFrom).toEqual(reference)
  expect(pod.initContainers?.map(({ envFrom }) => envFrom)).toEqual([reference])
})

test('streaming knows nothing but databases, port and log level', async () => {
  const chart = await render({
    smtp: { server: 'mail.example.com', password: { value: 'x' } },
    objectStorage: { type: 's3', s3: { bucket: 'media', accessKeyId: { value: 'x' } } },
  })
  expect(Object.keys(envOf(viewOf(chart, 'streaming').main)).sort()).toEqual([
    'DB_HOST',
    'DB_NAME',
    'DB_PASS',
    'DB_PORT',
    'DB_USER',
    'PORT',
    'REDIS_HOST',
    'REDIS_PASSWORD',
    'REDIS_PORT',
  ])
  expect(dataOf(chart, 'mastodon-streaming-env')).toEqual({ LOG_LEVEL: 'info' })
})

test('streaming is told about proxies', async () => {
  const chart = await render({ mastodon: { trustedProxies: ['10.0.0.0/8', '203.0.113.7'] } })
  expect(dataOf(chart, 'mastodon-streaming-env').TRUSTED_PROXY_IP).toBe('10.0.0.0/8,203.0.113.7')
})

test('the log level of streaming is as the values say', async () => {
  const chart = await render({ streaming: { logLevel: 'debug' } })
  expect(dataOf(chart, 'mastodon-streaming-env').LOG_LEVEL).toBe('debug')
})

test.each([
  ['disable', undefined],
  ['allow', undefined],
  ['prefer', undefined],
  ['require', 'no-verify'],
  ['verify-ca', 'require'],
  ['verify-full', 'require'],
] as const)('what libpq calls %s is %s to Node', async (libpq, node) => {
  expect(await nodeMode(libpq)).toBe(node)
})

test('Ruby gets the word of libpq', async () => {
  const values: Values = {
    ...external,
    postgresql: { ...external.postgresql, sslMode: 'verify-ca' },
  }
  expect(dataOf(await render(values), 'mastodon-env').DB_SSLMODE).toBe('verify-ca')
})

test('Node and Ruby both trust the authority of the external database', async () => {
  const ca = { existingSecret: 'authority', key: 'ca.crt' }
  const chart = await render({ ...external, postgresql: { ...external.postgresql, ca } })
  expect(dataOf(chart, 'mastodon-streaming-env').NODE_EXTRA_CA_CERTS).toBe(
    '/etc/postgresql-ca/ca.crt',
  )
  expect(dataOf(chart, 'mastodon-env').PGSSLROOTCERT).toBe('/etc/postgresql-ca/ca.crt')
})

test.each(['web', 'streaming', 'sidekiq-all', 'migrate', 'post-migrate'])(
  '%s mounts the authority of the external database',
  async (name) => {
    const ca = { existingSecret: 'authority', key: 'ca.crt' }
    const chart = await render({ ...external, postgresql: { ...external.postgresql, ca } })
    const { main, pod } = viewOf(chart, name)
    expect(main.volumeMounts).toContainEqual({
      name: 'postgresql-ca',
      mountPath: '/etc/postgresql-ca',
      readOnly: true,
    })
    expect(pod.volumes).toContainEqual({
      name: 'postgresql-ca',
      secret: { secretName: 'authority', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
    })
  },
)

test('streaming mounts nothing by default', async () => {
  const { main, pod } = viewOf(await render(), 'streaming')
  expect(main.volumeMounts ?? []).toEqual([])
  expect(pod.volumes ?? []).toEqual([])
})
