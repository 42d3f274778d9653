// Sign-in, mail and the other services, but for what variables.test.ts and validation.test.ts prove. The defects are those
// of other charts.
import { checkSecretLeaks } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { admin, mail } from './components.ts'
import { ldap, oidc, saml } from './facilities.ts'
import { merge, render, type Values } from './render.ts'
import { dataOf, secret, secretsOf, viewOf } from './views.ts'

const domains = { mastodon: { localDomain: 'example.com', webDomain: 'social.example.com' } }
const auth = (block: object): Values => merge(domains, { auth: block })

/** The variables of the ConfigMap that begin so. */
async function variables(prefix: string, values: Values): Promise<Record<string, string>> {
  const data = Object.entries(dataOf(await render(values)))
  return Object.fromEntries(data.filter(([name]) => name.startsWith(prefix)))
}

test('a provider learns its callback from the web domain', async () => {
  const values = auth({ oidc: { enabled: true, ...oidc } })
  expect(await variables('OIDC_REDIRECT_URI', values)).toEqual({
    OIDC_REDIRECT_URI: 'https://social.example.com/auth/auth/openid_connect/callback',
  })
})

test('without a web domain the callback is at the local domain', async () => {
  const values = merge(auth({ oidc: { enabled: true, ...oidc } }), { mastodon: { webDomain: '' } })
  expect(dataOf(await render(values)).OIDC_REDIRECT_URI).toBe(
    'https://example.com/auth/auth/openid_connect/callback',
  )
})

test('SAML learns where it is, and who', async () => {
  const data = dataOf(await render(auth({ saml: { enabled: true, ...saml } })))
  expect(data.SAML_ACS_URL).toBe('https://social.example.com/auth/auth/saml/callback')
  expect(data.SAML_ISSUER).toBe('https://social.example.com/auth/auth/saml/metadata')
})

test.each([
  [{ redirectUri: 'https://a.example/b' }, 'OIDC_REDIRECT_URI', 'https://a.example/b'],
  [{ acsUrl: 'https://a.example/c' }, 'SAML_ACS_URL', 'https://a.example/c'],
  [{ issuer: 'mastodon' }, 'SAML_ISSUER', 'mastodon'],
])('%j is what the user wants', async (block, name, text) => {
  const provider = name.startsWith('OIDC') ? { oidc: { ...oidc } } : { saml: { ...saml } }
  const on = Object.fromEntries(
    Object.entries(provider).map(([key, value]) => [key, { enabled: true, ...value, ...block }]),
  )
  expect(dataOf(await render(auth(on)))[name]).toBe(text)
})

test.each([
  ['389', {}],
  ['389', { method: 'plain' }],
  ['636', { method: 'simple_tls' }],
  ['1636', { method: 'simple_tls', port: 1636 }],
])('the port of the directory is %s with %j', async (port, block) => {
  const values = auth({ ldap: { enabled: true, ...ldap, ...block } })
  expect(dataOf(await render(values)).LDAP_PORT).toBe(port)
})

test.each<[string, string, object]>([
  ['none', 'auto', {}],
  ['plain', 'always', { login: 'fedi', password: { value: 'x' } }],
  ['plain', 'never', { login: 'fedi', password: { value: 'x' }, tls: true, port: 465 }],
  ['login', 'auto', { ...{ login: 'fedi', authMethod: 'login', enableStarttls: 'auto' } }],
])('mail to everybody logs in by %s, with STARTTLS %s', async (method, starttls, block) => {
  const bulk = { server: 'bulk.example.com', password: { value: 'x' }, ...block }
  const found = await variables('BULK_SMTP_', { smtp: { ...mail, bulk } })
  expect(found).toMatchObject({
    ...{ BULK_SMTP_SERVER: 'bulk.example.com', BULK_SMTP_AUTH_METHOD: method },
    BULK_SMTP_ENABLE_STARTTLS: starttls,
  })
})

test('there is no other sender for mail to everybody, as Mastodon knows none', async () => {
  const bulk = { server: 'bulk.example.com' }
  expect(await variables('BULK_SMTP_', { smtp: { ...mail, bulk } })).not.toHaveProperty(
    'BULK_SMTP_FROM_ADDRESS',
  )
})

test('a copy can throw its mail away without a mail server', async () => {
  const values = { smtp: { deliveryMethod: 'test' } }
  expect(await variables('SMTP_', values)).toEqual({ SMTP_DELIVERY_METHOD: 'test' })
})

test('instrumentations are switched off while there is a collector', async () => {
  const telemetry = { disabledInstrumentations: ['pg', 'active_job'] }
  const found = await variables('OTEL_RUBY_', {
    telemetry: { ...telemetry, endpoint: 'http://a:4318' },
  })
  expect(found).toEqual({
    OTEL_RUBY_INSTRUMENTATION_PG_ENABLED: 'false',
    OTEL_RUBY_INSTRUMENTATION_ACTIVE_JOB_ENABLED: 'false',
  })
  expect(await variables('OTEL_', { telemetry })).toEqual({})
})

describe('defects of other charts', () => {
  const value = 'correct horse'

  test('the password of the directory is in the Secret under another name', async () => {
    const chart = await render(auth({ ldap: { enabled: true, ...ldap, password: { value } } }))
    expect(secretsOf(chart)).toEqual({ LDAP_PASSWORD: value })
  })

  test("SAML's key is in a ConfigMap", async () => {
    const key = { cert: 'PEM', privateKey: { value } }
    const chart = await render(auth({ saml: { enabled: true, ...saml, ...key } }))
    expect(secretsOf(chart)).toEqual({ SAML_PRIVATE_KEY: value })
    expect(chart).toHaveNoProblems(checkSecretLeaks(chart, [value]))
  })

  test("the secret of OpenID Connect and telemetry's token are in a ConfigMap", async () => {
    const chart = await render({
      ...auth({ oidc: { enabled: true, ...oidc, clientSecret: { value } } }),
      telemetry: { endpoint: 'http://a:4318', headers: { value: `authorization=${value}` } },
    })
    expect(chart).toHaveNoProblems(checkSecretLeaks(chart, [value]))
    expect(Object.keys(secretsOf(chart)).sort()).toEqual([
      'OIDC_CLIENT_SECRET',
      'OTEL_EXPORTER_OTLP_HEADERS',
    ])
  })

  test.each(['admin', 'migrate', 'post-migrate'])(
    'the Job %s has no LDAP_PASSWORD, and ends at boot',
    async (job) => {
      const chart = await render(merge(auth({ ldap: { enabled: true, ...ldap } }), admin))
      expect(viewOf(chart, job).env.LDAP_PASSWORD).toEqual(secret('mine', 'word'))
      const value = await render(
        merge(auth({ ldap: { enabled: true, ...ldap, password: { value: 'x' } } }), admin),
      )
      const sources = viewOf(value, job).main.envFrom
      expect(sources).toContainEqual({ secretRef: { name: 'mastodon-env' } })
    },
  )

  test('telemetry has an empty endpoint', async () => {
    expect(await variables('OTEL_', { telemetry: { serviceNamePrefix: 'fedi' } })).toEqual({})
    const telemetry = { endpoint: 'http://collector.example.com:4318', serviceNamePrefix: 'fedi' }
    expect(await variables('OTEL_', { telemetry })).toEqual({
      OTEL_EXPORTER_OTLP_ENDPOINT: telemetry.endpoint,
      OTEL_SERVICE_NAME_PREFIX: 'fedi',
    })
  })

  test('a client id of digits becomes a number', async () => {
    const chart = await render(auth({ oidc: { enabled: true, ...oidc, clientId: '0012e3' } }))
    expect(dataOf(chart).OIDC_CLIENT_ID).toBe('0012e3')
  })

  test('mail without a login crashes the pods', async () => {
    expect(await variables('SMTP_', { smtp: mail })).not.toHaveProperty('SMTP_LOGIN')
    expect(viewOf(await render({ smtp: mail }), 'web').env).not.toHaveProperty('SMTP_PASSWORD')
  })

  test.each<[string, Values]>([
    ['SAML', auth({ saml: { enabled: true, idpSsoTargetUrl: 'https://a.example', idpCert: 'a' } })],
    ['CAS', auth({ cas: { enabled: true, url: 'https://a.example' } })],
    ['LDAP', auth({ ldap: { ...ldap, enabled: true } })],
    ['a captcha', { captcha: { siteKey: '' } }],
    ['translation', { translation: { deepl: {} } }],
  ])('a map of %s in which most is missing is a nil pointer', async (_, values) => {
    expect((await render(values)).objects).not.toEqual([])
  })
})
