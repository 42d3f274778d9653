// What PostgreSQL and Redis have in common: one in the release or elsewhere, and how clients find it.
import { describe, expect, test } from 'vitest'
import { external, importing } from './components.ts'
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

describe('a client certificate', () => {
  const clientCertificate = { existingSecret: 'client', certKey: 'cert', keyKey: 'private' }
  const values = merge(external, { postgresql: { clientCertificate, sslMode: 'require' } })
  const files = ['/etc/postgresql-client/tls.crt', '/etc/postgresql-client/tls.key'] as const

  test('is named to Ruby in variables of libpq, to Node in an address', async () => {
    const chart = await render(values)
    expect(dataOf(chart)).toMatchObject({ PGSSLCERT: files[0], PGSSLKEY: files[1] })
    const { DATABASE_URL } = dataOf(chart, 'mastodon-streaming-env')
    const query = `sslmode=no-verify&sslcert=${files[0]}&sslkey=${files[1]}`
    expect(DATABASE_URL).toBe(`postgresql:///?${query}`)
  })

  test.each(['web', 'streaming', 'migrate'])('%s mounts it as libpq demands', async (name) => {
    const { main, pod } = await workload(name, values)
    const items = [
      { key: 'cert', path: 'tls.crt' },
      { key: 'private', path: 'tls.key' },
    ]
    expect(pod.volumes).toContainEqual({
      ...{ name: 'postgresql-client' },
      secret: { secretName: 'client', items, defaultMode: 0o440 },
    })
    for (const { volumeMounts } of [main, ...(pod.initContainers ?? [])])
      expect(volumeMounts?.map(({ mountPath }) => mountPath)).toContain('/etc/postgresql-client')
  })
})

describe('the Secret of an operator', () => {
  const own = { mode: 'external', existingSecret: 'pgo', direct: { host: 'direct.example.com' } }
  const from = (key: string) => secret('pgo', key)
  const all = { DB_HOST: 'host', DB_PORT: 'port', DB_NAME: 'dbname', DB_USER: 'user' }

  test.each(['web', 'streaming', 'sidekiq-all'])('says %s how to reach it', async (name) => {
    const { env } = await workload(name, { postgresql: own })
    for (const [variable, key] of Object.entries({ ...all, DB_PASS: 'password' }))
      expect(env[variable], variable).toEqual(from(key))
  })

  test('leaves migrations the direct host', async () => {
    const { env } = await workload('migrate', { postgresql: own })
    expect([env.DB_HOST, env.DB_PORT]).toEqual(['direct.example.com', from('port')])
  })

  test('gives Node its parts beside an address for TLS', async () => {
    const { env } = await workload('streaming', { postgresql: { ...own, ca } })
    const parts = [env.PGHOST, env.PGPORT, env.PGDATABASE, env.PGUSER]
    expect(parts).toEqual(Object.values(all).map(from))
  })

  test('leaves to the values what it does not have', async () => {
    const secretKeys = { host: '', port: null, user: '', password: '' }
    const values = { ...own, host: 'db.example.com', secretKeys }
    const chart = await render({ postgresql: values })
    expect(dataOf(chart)).toMatchObject({ DB_HOST: 'db.example.com', DB_PORT: '5432' })
    expect(viewOf(chart, 'web').env).toMatchObject({ DB_NAME: from('dbname') })
    expect(viewOf(chart, 'web').env).not.toHaveProperty('DB_PASS')
  })
})

describe('an address of PostgreSQL', () => {
  const value = 'postgresql://fedi:correct-horse@pooler.example.com:6543/toots'
  const direct = { url: { existingSecret: 'mine', key: 'direct' } }
  const postgresql = { mode: 'external', url: { value }, direct, pooler: true }

  test.each(['web', 'streaming'])('is read by %s, without variables beside it', async (name) => {
    const chart = await render({ postgresql })
    const { env } = viewOf(chart, name)
    expect(env.DATABASE_URL).toEqual(secret('mastodon-databases', 'postgresql-url'))
    const public_ = dataOf(chart, name === 'web' ? 'mastodon-env' : 'mastodon-streaming-env')
    const names = [...Object.keys(env), ...Object.keys(public_)]
    expect(names.filter((each) => /^(DB_(HOST|PORT|NAME|USER)|PG)/.test(each))).toEqual([])
  })

  test.each(['migrate', 'post-migrate'])('%s goes around the pooler', async (name) => {
    const { env } = await workload(name, { postgresql })
    expect(env.DATABASE_URL).toEqual(secret('mine', 'direct'))
  })

  test.each([
    ['the direct one', direct, secret('mine', 'direct')],
    ['the only one', {}, secret('mastodon-databases', 'postgresql-url')],
  ])('the import uses %s', async (_, own, reference) => {
    const values = { postgresql: { ...postgresql, pooler: false, direct: own } }
    const { env } = await workload('import-database', merge(importing, values))
    expect(env.DB_URL).toEqual(reference)
    expect(env).not.toHaveProperty('DB_HOST')
  })

  test('opens its port in egress policies', async () => {
    const values = { postgresql, networkPolicy: { egress: { enabled: true } } }
    const { spec } = (await render(values)).one('NetworkPolicy', 'mastodon-streaming')
    const ports = spec?.egress?.flatMap((rule) => rule.ports ?? []).map(({ port }) => port)
    expect(ports).toContain(6543)
  })
})

describe('a read replica', () => {
  const replica = { host: 'replica.example.com', user: 'reader', password: { value: 'horse-two' } }

  // mastodon/helm-charts: "Replica credentials never used"; mastodon/chart: its password in a ConfigMap.
  test('the credentials of a replica reach every Ruby pod, its password from a Secret', async () => {
    const chart = await render(merge(external, { postgresql: { replica } }))
    expect(dataOf(chart)).toMatchObject({
      ...{ REPLICA_DB_HOST: replica.host, REPLICA_DB_USER: 'reader', REPLICA_DB_NAME: 'mastodon' },
    })
    const password = secret('mastodon-databases', 'postgresql-replica')
    for (const name of ['web', 'sidekiq-all', 'migrate', 'post-migrate'])
      expect(viewOf(chart, name).env.REPLICA_DB_PASS, name).toEqual(password)
    expect(chart.text.split('horse-two')).toHaveLength(2)
    expect(viewOf(chart, 'streaming').env).not.toHaveProperty('REPLICA_DB_PASS')
  })

  test('may have another port, another database and no prepared statements', async () => {
    const more = { port: 6544, database: 'toots', preparedStatements: false }
    const values = merge(external, { postgresql: { replica: { ...replica, ...more } } })
    expect(dataOf(await render(values))).toMatchObject({
      ...{
        REPLICA_DB_PORT: '6544',
        REPLICA_DB_NAME: 'toots',
        REPLICA_PREPARED_STATEMENTS: 'false',
      },
    })
  })

  test('may have an address', async () => {
    const url = { existingSecret: 'mine', key: 'replica' }
    const { env } = await workload('web', merge(external, { postgresql: { replica: { url } } }))
    expect(env.REPLICA_DATABASE_URL).toEqual(secret('mine', 'replica'))
  })

  test('leaves no variable while there is none', async () => {
    const chart = await render(external)
    const names = [...Object.keys(dataOf(chart)), ...Object.keys(viewOf(chart, 'web').env)]
    expect(names.filter((name) => name.startsWith('REPLICA_'))).toEqual([])
  })
})

// mastodon/helm-charts: extraEnvVars absent from the hook's Jobs; `postgresql.username` misspelt.
test.each(['migrate', 'post-migrate'])('variables of the user reach %s, too', async (name) => {
  const values = merge(external, {
    env: { PGAPPNAME: 'mine' },
    pod: { env: { PGCONNECT_TIMEOUT: 3 } },
  })
  const chart = await render(values)
  expect(dataOf(chart).PGAPPNAME).toBe('mine')
  expect(viewOf(chart, name).env.PGCONNECT_TIMEOUT).toBe('3')
})

test('role and database have the usual name by default', async () => {
  expect(dataOf(await render(external))).toMatchObject({ DB_USER: 'mastodon', DB_NAME: 'mastodon' })
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
