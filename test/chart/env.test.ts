import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { dataOf, envOf, secretsOf, viewOf } from './views.ts'

const env = async (values: Values = {}) => dataOf(await render(values), 'mastodon-env')
const rubies = ['web', 'sidekiq-all', 'migrate', 'post-migrate', 'admin']
const admin: Values['mastodon'] = {
  admin: { enabled: true, username: 'alice', email: 'alice@example.com' },
}

test('what is left empty renders no variable', async () => {
  expect(await env()).toEqual({
    LOCAL_DOMAIN: 'mastodon.example',
    LIMITED_FEDERATION_MODE: 'true',
    DEFAULT_LOCALE: 'en',
    RAILS_LOG_LEVEL: 'info',
  })
})

test('the instance is what the values say', async () => {
  const mastodon: Values['mastodon'] = {
    localDomain: 'example.com',
    webDomain: 'social.example.com',
    alternateDomains: ['a.example', 'b.example'],
    locale: 'de',
    singleUserMode: true,
    trustedProxies: ['10.0.0.0/8', '203.0.113.7'],
    allowedPrivateAddresses: ['192.168.0.0/16', '10.1.2.3'],
    logLevel: 'warn',
  }
  expect(await env({ mastodon })).toEqual({
    LOCAL_DOMAIN: 'example.com',
    WEB_DOMAIN: 'social.example.com',
    ALTERNATE_DOMAINS: 'a.example,b.example',
    DEFAULT_LOCALE: 'de',
    SINGLE_USER_MODE: 'true',
    TRUSTED_PROXY_IP: '10.0.0.0/8,203.0.113.7',
    ALLOWED_PRIVATE_ADDRESSES: '192.168.0.0/16,10.1.2.3',
    RAILS_LOG_LEVEL: 'warn',
  })
})

test.each([
  [null, undefined],
  [true, 'true'],
  [false, 'false'],
])('signatures of other servers: %s', async (authorizedFetch, text) => {
  expect((await env({ mastodon: { authorizedFetch } })).AUTHORIZED_FETCH).toBe(text)
})

test.each([
  ['', null, 'true'],
  ['', false, undefined],
  ['example.com', null, undefined],
  ['example.com', true, 'true'],
])(
  'the domain "%s" with limited federation %s',
  async (localDomain, limitedFederationMode, text) => {
    const values: Values = { mastodon: { localDomain, limitedFederationMode } }
    expect((await env(values)).LIMITED_FEDERATION_MODE).toBe(text)
  },
)

test('a host of its own makes an address for streaming', async () => {
  const values: Values = {
    mastodon: { localDomain: 'example.com' },
    ingress: { enabled: true, streaming: { host: 'stream.example.com' } },
  }
  expect((await env(values)).STREAMING_API_BASE_URL).toBe('wss://stream.example.com')
})

test.each(rubies)(
  '%s reads the ConfigMap, the Secret, the keys, then what the user names',
  async (name) => {
    const chart = await render({
      mastodon: admin,
      secretEnv: { A: '1' },
      envFrom: [
        { configMapRef: { name: 'public' } },
        { secretRef: { name: 'private' }, prefix: 'P_' },
      ],
    })
    expect(viewOf(chart, name).main.envFrom).toEqual([
      { configMapRef: { name: 'mastodon-env' } },
      { secretRef: { name: 'mastodon-env' } },
      { secretRef: { name: 'mastodon-keys' } },
      { configMapRef: { name: 'public' } },
      { secretRef: { name: 'private' }, prefix: 'P_' },
    ])
  },
)

test('a variable that the user replaces is there once', async () => {
  const { main } = viewOf(await render({ web: { env: { DB_HOST: 'proxy' } } }), 'web')
  const hosts = main.env?.filter(({ name }) => name === 'DB_HOST')
  expect(hosts).toEqual([{ name: 'DB_HOST', value: 'proxy' }])
})

test('what a component names comes last', async () => {
  const chart = await render({
    envFrom: [{ configMapRef: { name: 'all' } }],
    web: { envFrom: [{ configMapRef: { name: 'web' } }] },
  })
  const names = viewOf(chart, 'web').main.envFrom?.map(({ configMapRef }) => configMapRef?.name)
  expect(names?.slice(-2)).toEqual(['all', 'web'])
})

test('there is no Secret while nothing is secret', async () => {
  const chart = await render()
  expect(chart.has('Secret', 'mastodon-env')).toBe(false)
  expect(viewOf(chart, 'web').main.envFrom).not.toContainEqual({
    secretRef: { name: 'mastodon-env' },
  })
})

test('env wins over what the chart sets', async () => {
  const values: Values = {
    mastodon: { locale: 'de' },
    env: { DEFAULT_LOCALE: 'fr', LOCAL_DOMAIN: 'a.example' },
  }
  expect(await env(values)).toMatchObject({ DEFAULT_LOCALE: 'fr', LOCAL_DOMAIN: 'a.example' })
})

test('secretEnv wins over what the chart sets, and stays in a Secret', async () => {
  const chart = await render({
    smtp: { password: { value: 'first' } },
    secretEnv: { SMTP_PASSWORD: 'second' },
  })
  expect(secretsOf(chart, 'mastodon-env')).toEqual({ SMTP_PASSWORD: 'second' })
  expect(JSON.stringify(dataOf(chart, 'mastodon-env'))).not.toContain('second')
})

test('where the databases of the release are cannot be changed by envFrom', async () => {
  const { main } = viewOf(await render({ envFrom: [{ configMapRef: { name: 'old' } }] }), 'web')
  // Kubernetes lets `env` win over `envFrom`: an old .env file names hosts of Docker Compose.
  expect(Object.keys(envOf(main))).toEqual(
    expect.arrayContaining(['DB_HOST', 'DB_PASS', 'REDIS_HOST']),
  )
})

test('keys never stand in env, so that those in envFrom win', async () => {
  const names = (await render({ mastodon: admin }))
    .containers()
    .flatMap(({ container }) => container.env ?? [])
    .map(({ name }) => name)
  expect(names.filter((name) => /^(SECRET_KEY|VAPID|ACTIVE_RECORD|OTP_)/.test(name))).toEqual([])
})

test('a variable of a component wins over the one of the chart', async () => {
  const chart = await render({ web: { env: { WEB_CONCURRENCY: 9, DB_HOST: 'elsewhere' } } })
  expect(envOf(viewOf(chart, 'web').main)).toMatchObject({
    WEB_CONCURRENCY: '9',
    DB_HOST: 'elsewhere',
  })
  expect(envOf(viewOf(chart, 'sidekiq-all').main).DB_HOST).toBe('mastodon-postgresql')
})

const texts: readonly (readonly [string | number | boolean, string])[] = [
  [1000000, '1000000'],
  [12345678901, '12345678901'],
  [0.5, '0.5'],
  [0, '0'],
  [true, 'true'],
  [false, 'false'],
  ['', ''],
  ['yes', 'yes'],
  ['0644', '0644'],
  ['1e3', '1e3'],
  ['null', 'null'],
  ['~', '~'],
  ['{a: b}', '{a: b}'],
  ['# no comment', '# no comment'],
  [' spaces ', ' spaces '],
  ['two\nlines\n', 'two\nlines\n'],
  ['quotes " and \' and \\', 'quotes " and \' and \\'],
  ['{{ no template }}', '{{ no template }}'],
  ['Grüße 🐘', 'Grüße 🐘'],
  ['$(DB_HOST) $HOME', '$(DB_HOST) $HOME'],
]
const given = Object.fromEntries(texts.map(([value], index) => [`V${index}`, value]))
const expected = Object.fromEntries(texts.map(([, text], index) => [`V${index}`, text]))

test('every text, number and boolean survives in the ConfigMap', async () => {
  expect(await env({ env: given })).toMatchObject(expected)
})

test('every text, number and boolean survives in the Secret', async () => {
  expect(secretsOf(await render({ secretEnv: given }), 'mastodon-env')).toEqual(expected)
})

test.each(['web', 'streaming', 'postgresql', 'redis'])(
  'every text, number and boolean survives in env of %s',
  async (name) => {
    const own = { env: given }
    const chart = await render({ web: own, streaming: own, postgresql: own, redis: own })
    expect(envOf(viewOf(chart, name).main)).toMatchObject(expected)
  },
)

test('passwords survive whatever is in them', async () => {
  const value = 'p"a\'s\\s: #w{o}r%d\n$x'
  const chart = await render({ postgresql: { password: { value } }, smtp: { password: { value } } })
  expect(secretsOf(chart, 'mastodon-databases').postgresql).toBe(value)
  expect(secretsOf(chart, 'mastodon-env').SMTP_PASSWORD).toBe(value)
})

const elsewhere = {
  postgresql: { mode: 'external', host: 'db.example.com', password: { value: 'one' } },
  redis: { mode: 'external', host: 'redis.example.com' },
} satisfies Values

test.each<[string, Values, string]>([
  ['both servers of the release', {}, 'DATABASE_URL REDIS_URL'],
  ['Valkey alone', { postgresql: elsewhere.postgresql }, 'REDIS_URL'],
  ['PostgreSQL alone', { redis: elsewhere.redis }, 'DATABASE_URL'],
])('the gate knows which addresses the user must not set: %s', async (_, values, names) => {
  expect(envOf(viewOf(await render(values), 'web').main).EMBEDDED).toBe(names)
})

test('the gate knows no such addresses when all servers are elsewhere', async () => {
  const { main } = viewOf(await render(elsewhere), 'web')
  expect(envOf(main)).not.toHaveProperty('EMBEDDED')
  expect(envOf(main)).not.toHaveProperty('DB_SSLMODE')
})

test('the PostgreSQL of the release is reached with what encryption it has', async () => {
  expect(envOf(viewOf(await render(), 'web').main).DB_SSLMODE).toBe('prefer')
})
