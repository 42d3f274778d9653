// Sign-in through a real OpenID provider with a certificate of an authority of one's own: what it was asked, and whom
// Mastodon lets in. Each test continues where the one before ended.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { state } from '../lib/application.ts'
import { install, upgrade } from '../lib/helm.ts'
import { apply, exec, secret } from '../lib/kubectl.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { allLogs } from '../lib/pods.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { folderOf, makeAuthority, seenBy, startNodeServer } from '../lib/servers.ts'

const issuer = 'https://id:8443'
const host = 'social.example.com'
const callback = `https://${host}/auth/auth/openid_connect/callback`

let scenario: Scenario
let trusted: object
let strange: object

beforeAll(async () => {
  scenario = await plan({ title: 'sign-in', helm: 4, host })
  const { client } = scenario.instance
  trusted = await makeAuthority(client, 'servers', ['id'])
  strange = await makeAuthority(client, 'strangers', ['id'])
  await apply([secret('id', { right: 'correct-horse', wrong: 'wrong' })], client.namespace)
  await startNodeServer(client.namespace, 'id', 'oidc.js', {
    ...{ authority: 'servers', port: 8443 },
    env: {
      ...{ ISSUER: issuer, CLIENT_ID: 'mastodon', CLIENT_SECRET: 'correct-horse' },
      REDIRECT_URI: callback,
    },
  })
  await install(scenario.release, { values: values({ usePkce: true }) })
})
afterAll(() => dropNamespace(scenario?.release.namespace))

/** Values that lead to the provider, and these about it. */
function values(oidc: object = {}, caBundle = trusted): object {
  return {
    caBundle,
    mastodon: { localDomain: 'example.com', webDomain: host },
    auth: {
      oidc: {
        ...{ enabled: true, issuer, clientId: 'mastodon' },
        clientSecret: { existingSecret: 'id', key: 'right' },
        ...oidc,
      },
    },
  }
}

/** An answer, as far as a browser needs it. */
interface Page {
  readonly status: number
  readonly location: string
  readonly cookie: string
  readonly body: string
}

/** Loads a page as a browser that keeps the provider's cookies; web is reached through its Service, as by a proxy. */
async function browse(url: string, ...flags: readonly string[]): Promise<Page> {
  const { client, web } = scenario.instance
  const { pathname, search } = new URL(url)
  const through = url.startsWith(issuer)
    ? ['--cacert', `${folderOf('servers')}/ca.crt`, '--cookie-jar', '/tmp/jar', url]
    : ['-H', `Host: ${host}`, '-H', 'X-Forwarded-Proto: https', `http://${web}${pathname}${search}`]
  const curl = ['curl', '-sSi', '--cookie', '/tmp/jar', ...flags, ...through]
  const text = await exec(client.namespace, client.pod, curl)
  const [head = '', ...body] = text.split('\r\n\r\n')
  const header = (name: string) => new RegExp(`^${name}: ([^;\\r]*)`, 'im').exec(head)?.[1] ?? ''
  return {
    status: Number(head.split(' ')[1]),
    ...{ location: header('location'), cookie: header('set-cookie') },
    body: body.join('\r\n\r\n'),
  }
}

/** What Mastodon answers to somebody who presses the button, and signs in at the provider. */
async function signIn(user: string): Promise<Page> {
  const { client } = scenario.instance
  await exec(client.namespace, client.pod, ['rm', '-f', '/tmp/jar'])
  const start = await browse(`https://${host}/auth/auth/openid_connect`, '-X', 'POST')
  if (start.status !== 302) return start
  const form = await browse(start.location)
  const done = await browse(`${new URL(form.location, issuer)}?user=${user}`)
  const back = await browse(String(new URL(done.location, issuer)))
  return browse(back.location, '-H', `Cookie: ${start.cookie}`)
}

const seen = () => seenBy(scenario.release.namespace, 'id')

test('whom the provider knows gets an account, by a request that is as the values say', async () => {
  const { status, body } = await signIn('alice')
  expect([status, JSON.parse(body)]).toEqual([
    200,
    { username: 'aliceofid', email: 'alice@example.com', confirmed: true },
  ])
  const requests = await seen()
  const about = { status: 303, client: 'mastodon', redirect_uri: callback, response_type: 'code' }
  expect(requests).toContainEqual({
    ...{ request: 'GET /auth', scope: 'openid profile email', code_challenge_method: 'S256' },
    ...about,
  })
  expect(requests).toContainEqual({
    ...{ request: 'POST /token', status: 200, client: 'mastodon', by: 'Basic' },
    redirect_uri: callback,
  })
  expect(requests).toContainEqual({
    request: 'GET /me',
    status: 200,
    client: 'mastodon',
    by: 'Bearer',
  })
})

test('the next time it is the same account', async () => {
  expect((await signIn('alice')).status).toBe(200)
  const { accounts } = await state(scenario.instance)
  expect(accounts.filter((name) => name.startsWith('alice'))).toEqual(['aliceofid'])
})

test('a wrong secret of the client shows after the sign-in, and nobody gets an account', async () => {
  const clientSecret = { existingSecret: 'id', key: 'wrong' }
  await upgrade(scenario.release, { values: values({ clientSecret, clientAuthMethod: 'body' }) })
  const { status, body } = await signIn('bob')
  expect([status, body]).toEqual([401, expect.stringContaining('invalid_client')])
  expect(await seen()).toContainEqual(
    expect.objectContaining({ request: 'POST /token', status: 401, error: 'invalid_client' }),
  )
  expect(await allLogs(scenario)).toMatch(/Authentication failure! .*invalid_client/)
  expect((await state(scenario.instance)).accounts).not.toContain('bobofid')
})

test('a provider with a certificate of an unknown authority is asked nothing', async () => {
  const before = (await seen()).length
  await upgrade(scenario.release, { values: values({}, strange) })
  const { status, body } = await signIn('bob')
  expect([status, body]).toEqual([401, expect.stringContaining('certificate verify failed')])
  expect(await seen()).toHaveLength(before)
})
