// What Ruby reads, but for what variables.test.ts proves of each entry of the data.
import { expect, test } from 'vitest'
import { bucket, external, mail } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { dataOf, secretsOf, viewOf, workload } from './views.ts'

const password = { value: 'x' }
const env = async (values: Values = {}) => dataOf(await render(values))

/** The variables of the ConfigMap that begin so. */
async function variables(prefix: string, values: Values): Promise<Record<string, string>> {
  const data = Object.entries(await env(values))
  return Object.fromEntries(data.filter(([name]) => name.startsWith(prefix)))
}

test('by default only the instance and its videos have variables, none of them empty', async () => {
  const { locale, logLevel, transcoding } = preset<Record<string, Values>>('mastodon')
  const { BUNDLE_USER_HOME, ...instance } = await env()
  expect(BUNDLE_USER_HOME).toMatch(/^\/tmp\//)
  expect(instance).toEqual({
    ...{ LOCAL_DOMAIN: 'mastodon.example', LIMITED_FEDERATION_MODE: 'true' },
    ...{ DEFAULT_LOCALE: locale, RAILS_LOG_LEVEL: logLevel },
    ...{ FFMPEG_BINARY: '/scripts/ffmpeg.sh' },
    ...{ FFMPEG_THREADS: `${transcoding?.threads}`, FFMPEG_AT_ONCE: `${transcoding?.atOnce}` },
  })
})

test.each([
  ['', null, 'true'],
  ['', false, undefined],
  ['example.com', null, undefined],
  ['example.com', true, 'true'],
])('the domain "%s" with limited federation %s: %s', async (localDomain, mode, text) => {
  const values: Values = { mastodon: { localDomain, limitedFederationMode: mode } }
  expect((await env(values)).LIMITED_FEDERATION_MODE).toBe(text)
})

test.each<[string, object, string]>([
  ['none without a login', {}, 'none'],
  ['plain with a login', { login: 'fedi', password }, 'plain'],
  ['what the values say', { login: 'fedi', password, authMethod: 'cram_md5' }, 'cram_md5'],
])('the method of a login to the mail server is %s', async (_, smtp, method) => {
  const values: Values = { smtp: { ...mail, ...smtp } }
  expect((await env(values)).SMTP_AUTH_METHOD).toBe(method)
})

// The mail library refuses STARTTLS together with TLS; `auto` may send a password unencrypted.
test.each<[string, object]>([
  ['auto', {}],
  ['always', { login: 'fedi', password }],
  ['never', { tls: true, port: 465 }],
  ['never', { tls: true, port: 465, login: 'fedi', password }],
  ['auto', { enableStarttls: 'auto', login: 'fedi', password }],
])('STARTTLS is %s with %j', async (mode, smtp) => {
  expect((await env({ smtp: { ...mail, ...smtp } })).SMTP_ENABLE_STARTTLS).toBe(mode)
})

test('a mail server needs nothing but its name and a sender', async () => {
  const { port, opensslVerifyMode } = preset<Values>('smtp')
  expect(await variables('SMTP_', { smtp: mail })).toEqual({
    ...{ SMTP_SERVER: mail.server, SMTP_FROM_ADDRESS: mail.fromAddress, SMTP_PORT: String(port) },
    ...{ SMTP_AUTH_METHOD: 'none', SMTP_ENABLE_STARTTLS: 'auto' },
    ...{ SMTP_OPENSSL_VERIFY_MODE: opensslVerifyMode },
  })
})

// Mastodon tests whether some variables exist, so empty ones must not.
test('a bucket needs nothing but its name', async () => {
  const { protocol, permission } = preset<Values>('objectStorage.s3')
  expect(await variables('S3_', bucket)).toEqual({
    ...{ S3_ENABLED: 'true', S3_BUCKET: 'media' },
    ...{ S3_PROTOCOL: protocol, S3_PERMISSION: permission },
    S3_HOSTNAME: 's3.us-east-1.amazonaws.com',
  })
})

// Mastodon falls back to Amazon, whatever the endpoint, and its pages allow media only from a host that is set.
test.each([
  ['the host of the endpoint', { endpoint: 'https://s3.example.net:9000' }, 's3.example.net:9000'],
  ["Amazon's host of the region", { region: 'eu-south-1' }, 's3.eu-south-1.amazonaws.com'],
  [
    'what the values say',
    { endpoint: 'https://s3.example.net', hostname: 'cdn.example.net' },
    'cdn.example.net',
  ],
])('media are at %s', async (_, s3, host) => {
  const values = merge(bucket, { objectStorage: { s3 } })
  expect((await env(values)).S3_HOSTNAME).toBe(host)
})

test.each(['web', 'sidekiq-all'])('%s mounts no media that are in a bucket', async (name) => {
  const { main, pod } = await workload(name, bucket)
  const names = [...(main.volumeMounts ?? []), ...(pod.volumes ?? [])].map((each) => each.name)
  expect(names).not.toContain('system')
})

test("without credentials for a bucket the pod's identity counts", async () => {
  const names = Object.keys((await workload('web', bucket)).env)
  expect(names.filter((name) => name.startsWith('AWS_'))).toEqual([])
})

// test/rules compares the other Ruby containers with web.
test('web reads the ConfigMap, the Secret, the keys, then what the user names', async () => {
  const named = [
    { configMapRef: { name: 'public' } },
    { secretRef: { name: 'private' }, prefix: 'P_' },
  ]
  const { main } = await workload('web', { secretEnv: { A: '1' }, envFrom: named })
  expect(main.envFrom).toEqual([
    { configMapRef: { name: 'mastodon-env' } },
    { secretRef: { name: 'mastodon-env' } },
    { secretRef: { name: 'mastodon-keys' } },
    ...named,
  ])
})

test('there is no Secret while nothing is secret', async () => {
  const chart = await render()
  expect(chart.has('Secret', 'mastodon-env')).toBe(false)
  expect(viewOf(chart, 'web').main.envFrom).not.toContainEqual({
    secretRef: { name: 'mastodon-env' },
  })
})

test('env wins over what the chart sets', async () => {
  const own = { DEFAULT_LOCALE: 'fr', RAILS_LOG_LEVEL: 'warn' }
  expect(await env({ mastodon: { locale: 'de' }, env: own })).toMatchObject(own)
})

test('secretEnv wins over what the chart sets, and stays in a Secret', async () => {
  const smtp = { password: { value: 'first' } }
  const chart = await render({ smtp, secretEnv: { SMTP_PASSWORD: 'second' } })
  expect(secretsOf(chart)).toEqual({ SMTP_PASSWORD: 'second' })
  expect(JSON.stringify(dataOf(chart))).not.toContain('second')
})

test('a reference in env becomes a variable of every Ruby container', async () => {
  const reference = { valueFrom: { secretKeyRef: { name: 'oidc', key: 'secret' } } }
  const chart = await render({ env: { OIDC_CLIENT_SECRET: reference, A: 1 } })
  for (const name of ['web', 'migrate'])
    expect(viewOf(chart, name).env.OIDC_CLIENT_SECRET).toEqual(reference.valueFrom)
  expect(dataOf(chart)).not.toHaveProperty('OIDC_CLIENT_SECRET')
  expect(dataOf(chart).A).toBe('1')
})

test('a reference of a component replaces that of pod', async () => {
  const [secretKeyRef, configMapKeyRef] = [
    { name: 'a', key: 'b' },
    { name: 'c', key: 'd' },
  ]
  const values: Values = {
    pod: { env: { A: { valueFrom: { secretKeyRef } } } },
    web: { env: { A: { valueFrom: { configMapKeyRef } } } },
  }
  expect((await workload('web', values)).env.A).toEqual({ configMapKeyRef })
  expect((await workload('streaming', values)).env.A).toEqual({ secretKeyRef })
})

test('a variable of a component is there once, and only in that component', async () => {
  const chart = await render({ web: { env: { WEB_CONCURRENCY: 9, DB_HOST: 'proxy' } } })
  const { main, env: own } = viewOf(chart, 'web')
  expect(own).toMatchObject({ WEB_CONCURRENCY: '9', DB_HOST: 'proxy' })
  expect(main.env?.filter(({ name }) => name === 'DB_HOST')).toHaveLength(1)
  expect(viewOf(chart, 'sidekiq-all').env.DB_HOST).toBe('mastodon-postgresql')
})

// Kubernetes lets `env` win over `envFrom`: an old .env file names hosts of Docker Compose.
test('envFrom cannot change where the databases of the release are', async () => {
  const { env: own } = await workload('web', { envFrom: [{ configMapRef: { name: 'old' } }] })
  const names = ['DB_HOST', 'DB_PASS', 'REDIS_HOST']
  expect(Object.keys(own)).toEqual(expect.arrayContaining(names))
})

test('keys are never in env, so that those in envFrom win', async () => {
  const containers = (await render()).containers()
  const names = containers.flatMap(({ container }) => container.env ?? []).map(({ name }) => name)
  expect(names.filter((name) => /^(SECRET_KEY|VAPID|ACTIVE_RECORD|OTP_)/.test(name))).toEqual([])
})

const ofPostgresql = 'DATABASE_URL PRIMARY_DATABASE_URL'
const ofRedis = 'REDIS_URL REDIS_SENTINELS REDIS_USER'

test.each<[string, Values, string | undefined]>([
  ['of both servers of the release', {}, `${ofPostgresql} ${ofRedis}`],
  ['of Valkey', { postgresql: external.postgresql }, ofRedis],
  ['of PostgreSQL', { redis: external.redis }, ofPostgresql],
  ['of none', external, undefined],
])('the gate knows which addresses the user must not set: those %s', async (_, values, names) => {
  expect((await workload('web', values)).env.EMBEDDED).toBe(names)
})

test('the PostgreSQL of the release is reached with what encryption it has', async () => {
  expect((await workload('web')).env.DB_SSLMODE).toBe('prefer')
  expect((await workload('web', external)).env).not.toHaveProperty('DB_SSLMODE')
})
