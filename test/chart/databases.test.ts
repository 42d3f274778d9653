// What PostgreSQL and Redis have in common: one in the release or elsewhere, and how clients find it.
import { describe, expect, test } from 'vitest'
import { external } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { dataOf, secret, secretsOf, viewOf, workload } from './views.ts'

const ca = { existingSecret: 'authority', key: 'word' }
const databases = [
  { name: 'postgresql', prefix: 'DB', variable: 'DB_PASS', server: 'prepare', own: 'APP_PASSWORD' },
  { name: 'redis', prefix: 'REDIS', variable: 'REDIS_PASSWORD', own: 'REDISCLI_AUTH' },
] as const

describe.each(databases)('$name', ({ name, prefix, variable, own, ...rest }) => {
  const generated = secret('mastodon-passwords', name)

  /** The password as the server and its clients get it. */
  async function passwords(password?: object): Promise<unknown[]> {
    const chart = await render({ [name]: password ? { password } : {} })
    const server = viewOf(chart, name)
    const container = 'server' in rest ? server.init(rest.server) : server.main
    const given = container.env?.find((entry) => entry.name === own)?.valueFrom
    return [given, viewOf(chart, 'web').env[variable], viewOf(chart, 'streaming').env[variable]]
  }

  test.each([
    ['a generated password', undefined, generated],
    ['a generated password in place of an empty value', { value: '' }, generated],
    ['a generated password in place of an empty name', { existingSecret: '' }, generated],
    ['the password of the values', { value: 'a' }, secret('mastodon-databases', name)],
    ['a password of the user', { existingSecret: 'mine', key: 'word' }, secret('mine', 'word')],
  ])('server and clients get %s', async (_, password, reference) => {
    expect(await passwords(password)).toEqual([reference, reference, reference])
  })

  test.each([{ value: '' }, { existingSecret: '' }])('%j is made by the hook', async (password) => {
    const { SECRETS } = (await workload('secrets', { [name]: { password } })).env
    expect(JSON.parse(String(SECRETS))['mastodon-passwords']).toContain(name)
  })

  test('a password in the values is in one Secret, and none is there without', async () => {
    const chart = await render({ [name]: { password: { value: 'correct-horse' } } })
    expect(secretsOf(chart, 'mastodon-databases')).toEqual({ [name]: 'correct-horse' })
    expect(chart.text.split('correct-horse')).toHaveLength(2)
    const password = { existingSecret: 'mine', key: 'word' }
    const other = await render({ [name]: { password } })
    expect(other.has('Secret', 'mastodon-databases')).toBe(false)
  })

  // test/rules compares the other Ruby containers with web, all but the migrations.
  test.each(['web', 'streaming', 'migrate', 'post-migrate'])(
    '%s finds the server of the release at the port of its Service',
    async (client) => {
      const { env } = await workload(client, { [name]: { service: { port: 1234 } } })
      const found = [env[`${prefix}_HOST`], env[`${prefix}_PORT`], env[variable]]
      expect(found).toEqual([`mastodon-${name}`, '1234', generated])
    },
  )

  test('an external server renders nothing, and is expected where it usually is', async () => {
    const chart = await render(external)
    const names = chart.objects.map(({ metadata }) => metadata.name)
    expect(names.filter((each) => each.includes(name))).toEqual([])
    expect(dataOf(chart)[`${prefix}_PORT`]).toBe(String(preset(`${name}.port`)))
    const variables = Object.keys(viewOf(chart, 'web').env)
    expect(variables.filter((each) => [`${prefix}_HOST`, variable].includes(each))).toEqual([])
  })
})

test('database and user of the embedded PostgreSQL are as the values say', async () => {
  const chart = await render({ postgresql: { user: 'fedi', database: 'toots' } })
  for (const client of ['web', 'streaming'])
    expect(viewOf(chart, client).env).toMatchObject({ DB_NAME: 'toots', DB_USER: 'fedi' })
})

test.each(['mastodon-env', 'mastodon-streaming-env'])('%s names external servers', async (name) => {
  const values: Values = {
    postgresql: { port: 6432, database: 'toots', user: 'fedi' },
    redis: { port: 6380, user: 'fedi' },
  }
  expect(dataOf(await render(merge(external, values)), name)).toMatchObject({
    ...{ DB_HOST: 'db.example.com', DB_PORT: '6432', DB_NAME: 'toots', DB_USER: 'fedi' },
    ...{ REDIS_HOST: 'redis.example.com', REDIS_PORT: '6380', REDIS_USER: 'fedi' },
  })
})

test.each(['prefer', 'require'])('Ruby gets the word %s of libpq', async (sslMode) => {
  const { DB_SSLMODE } = dataOf(await render(merge(external, { postgresql: { sslMode } })))
  expect(DB_SSLMODE).toBe(sslMode)
})

test.each([
  ['prefer', {}],
  ['verify-full', { ca }],
])('without a word, %s is meant with %j', async (mode, own) => {
  const { DB_SSLMODE } = dataOf(await render(merge(external, { postgresql: own })))
  expect(DB_SSLMODE).toBe(mode)
})

test('Ruby trusts the authority of the external database', async () => {
  const chart = await render(merge(external, { postgresql: { ca } }))
  expect(dataOf(chart).PGSSLROOTCERT).toBe('/etc/postgresql-ca/ca.crt')
})

test.each(['web', 'streaming', 'sidekiq-all', 'migrate', 'post-migrate'])(
  '%s and what precedes it mount the authority of the database and the bundle',
  async (name) => {
    const values = { postgresql: { ca }, caBundle: { existingConfigMap: 'bundle', key: 'all.pem' } }
    const { main, pod } = await workload(name, merge(external, values))
    const items = (key: string) => [{ key, path: 'ca.crt' }]
    expect(pod.volumes).toEqual(
      expect.arrayContaining([
        { name: 'postgresql-ca', secret: { secretName: 'authority', items: items('word') } },
        { name: 'ca-bundle', configMap: { name: 'bundle', items: items('all.pem') } },
      ]),
    )
    for (const container of [main, ...(pod.initContainers ?? [])])
      for (const folder of ['postgresql-ca', 'ca-bundle'])
        expect(container.volumeMounts).toContainEqual({
          ...{ name: folder, mountPath: `/etc/${folder}`, readOnly: true },
        })
  },
)

describe('the bundle', () => {
  const caBundle = { existingConfigMap: 'bundle', key: 'all.pem' }
  const file = '/etc/ca-bundle/ca.crt'

  test('is trusted by Ruby and Node', async () => {
    const chart = await render({ caBundle })
    expect(dataOf(chart).SSL_CERT_FILE).toBe(file)
    expect(dataOf(chart, 'mastodon-streaming-env').NODE_EXTRA_CA_CERTS).toBe(file)
  })

  test.each([
    ['', {}, undefined],
    ['require', {}, undefined],
    ['verify-ca', {}, file],
    ['verify-full', {}, file],
    ['', ca, '/etc/postgresql-ca/ca.crt'],
  ])('vouches for PostgreSQL with mode "%s" and authority %j: %s', async (sslMode, own, path) => {
    const values = merge(external, { caBundle, postgresql: { sslMode, ca: own } })
    expect(dataOf(await render(values)).PGSSLROOTCERT).toBe(path)
  })

  test('gives way to a path of the user in pod.env', async () => {
    const env = { SSL_CERT_FILE: '/mine', NODE_EXTRA_CA_CERTS: '/mine' }
    const chart = await render({ caBundle, pod: { env } })
    expect(viewOf(chart, 'web').env.SSL_CERT_FILE).toBe('/mine')
    expect(viewOf(chart, 'streaming').env.NODE_EXTRA_CA_CERTS).toBe('/mine')
  })
})

test('an external PostgreSQL has no superuser of ours', async () => {
  const word = { value: 'correct-horse' }
  const postgresql = { password: { value: 'a' }, superuserPassword: word }
  const chart = await render(merge(external, { postgresql }))
  expect(secretsOf(chart, 'mastodon-databases')).toEqual({ postgresql: 'a' })
})

test.each(['migrate', 'post-migrate'])('%s goes around the pooler, web does not', async (name) => {
  const postgresql = { port: 6432, direct: { host: 'direct.example.com', port: 5432 } }
  const chart = await render(merge(external, { postgresql }))
  const { DB_HOST, DB_PORT } = viewOf(chart, name).env
  expect([DB_HOST, DB_PORT]).toEqual(['direct.example.com', '5432'])
  expect(dataOf(chart)).toMatchObject({ DB_HOST: 'db.example.com', DB_PORT: '6432' })
})

test('without a direct server migrations use the only one', async () => {
  expect((await workload('migrate', external)).env).not.toHaveProperty('DB_HOST')
})

test.each(['web', 'streaming'])('%s reads the address of Redis from the Secret', async (name) => {
  const url = { value: 'rediss://fedi:correct-horse@redis.example.com:6380' }
  const chart = await render({ redis: { mode: 'external', url } })
  expect(viewOf(chart, name).env.REDIS_URL).toEqual(secret('mastodon-databases', 'redis-url'))
  expect(chart.text.split('correct-horse')).toHaveLength(2)
})

test('no host, port and user of Redis are set beside an address', async () => {
  const url = { existingSecret: 'mine', key: 'url' }
  const names = Object.keys(dataOf(await render({ redis: { mode: 'external', url } })))
  expect(names.filter((name) => /^REDIS_(HOST|PORT|USER)$/.test(name))).toEqual([])
})

test.each<[string, object, string | undefined]>([
  ['an address with TLS', { url: { value: 'rediss://redis.example.com' } }, 'ruby'],
  ['one in a Secret, which may have TLS', { url: { existingSecret: 'mine', key: 'url' } }, 'ruby'],
  ['an address without TLS', { url: { value: 'redis://redis.example.com' } }, undefined],
  ['a host', { host: 'redis.example.com' }, undefined],
])('the driver that speaks TLS is chosen for %s', async (_, redis, driver) => {
  const chart = await render({ redis: { mode: 'external', ...redis } })
  expect(dataOf(chart).REDIS_DRIVER).toBe(driver)
})
