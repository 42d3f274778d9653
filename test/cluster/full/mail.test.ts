// Mail through servers that demand TLS and a login, with certificates of an authority of one's own. What they write down
// about each mail is the proof. Each test continues where the one before ended.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { web } from '../lib/application.ts'
import { install, upgrade } from '../lib/helm.ts'
import { apply, exec, secret } from '../lib/kubectl.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { allLogs } from '../lib/pods.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { makeAuthority, seenBy, startNodeServer } from '../lib/servers.ts'
import { eventually } from '../lib/wait.ts'

const passwords = { password: 'correct-horse', bulk: 'battery-staple', wrong: 'wrong' }

let scenario: Scenario
let trusted: object
let strange: object

/** Starts a mail server that knows one user. */
function startMail(name: string, port: number, env: Readonly<Record<string, string>>) {
  const { namespace } = scenario.release
  return startNodeServer(namespace, name, 'smtp.js', { authority: 'servers', port, env })
}

beforeAll(async () => {
  scenario = await plan({ title: 'mail', helm: 4, host: 'mastodon.example' })
  const { client } = scenario.instance
  trusted = await makeAuthority(client, 'servers', ['mail', 'bulk'])
  strange = await makeAuthority(client, 'strangers', ['mail', 'bulk'])
  await apply([secret('smtp', passwords)], client.namespace)
  const { password } = passwords
  await startMail('mail', 8587, { TLS: 'starttls', LOGIN: 'mastodon', PASSWORD: password })
  await startMail('bulk', 8465, {
    TLS: 'implicit',
    LOGIN: 'mastodon-bulk',
    PASSWORD: passwords.bulk,
  })
  await startMail('bare', 8025, { TLS: 'none', LOGIN: 'mastodon', PASSWORD: password })
  await install(scenario.release, { values: values() })
})
afterAll(() => dropNamespace(scenario?.release.namespace))

const bulk = {
  ...{ server: 'bulk', port: 8465, tls: true, login: 'mastodon-bulk', authMethod: 'login' },
  ...{ domain: 'lists.mastodon.example', password: { existingSecret: 'smtp', key: 'bulk' } },
}
const bare = { server: 'bare', port: 8025 }

/** Values that lead to the servers, and these about mail. */
function values(smtp: object = {}, caBundle = trusted): object {
  return {
    caBundle,
    mastodon: { localDomain: 'mastodon.example' },
    smtp: {
      ...{ server: 'mail', port: 8587, login: 'mastodon' },
      password: { existingSecret: 'smtp', key: 'password' },
      fromAddress: 'Mastodon <notifications@mastodon.example>',
      ...{ replyTo: 'help@mastodon.example', returnPath: 'bounces@mastodon.example' },
      ...{ bulk, ...smtp },
    },
  }
}

/** What web answers when it sends a mail at once. */
async function send(query = ''): Promise<string> {
  const { status, body } = await web(scenario.instance, `/stand-in/mail${query}`, ' ')
  return `${status} ${body}`
}

/** The mails and the refused logins that a server has written down. */
async function noted(server: string) {
  const lines = await seenBy(scenario.release.namespace, server)
  return lines.filter(({ user, refused }) => user ?? refused)
}

const mail = {
  from: 'Mastodon <notifications@mastodon.example>',
  replyTo: 'help@mastodon.example',
  sender: 'bounces@mastodon.example',
  to: ['alice@example.com'],
}

test('Sidekiq logs in over TLS that it switches to, and sends', async () => {
  expect(await send('?job=true')).toBe('202 ')
  const [first] = await eventually('A mail', async () => {
    const found = await noted('mail')
    return found.length > 0 && found
  })
  const session = { greeted: 'mastodon.example', tls: 'TLSv1.3', user: 'mastodon by PLAIN' }
  expect(first).toEqual({ ...session, ...mail })
})

test('mail to everybody goes to its own server, by its own password, over TLS from the start', async () => {
  expect(await send('?job=true&bulk=true')).toBe('202 ')
  const [first] = await eventually('A mail to everybody', async () => {
    const found = await noted('bulk')
    return found.length > 0 && found
  })
  const session = { greeted: 'lists.mastodon.example', tls: 'TLSv1.3' }
  expect(first).toEqual({ ...session, user: 'mastodon-bulk by LOGIN', ...mail })
  expect(await noted('mail')).toHaveLength(1)
})

test('a wrong password is refused by the server', async () => {
  const wrong = { ...bulk, password: { existingSecret: 'smtp', key: 'wrong' } }
  await upgrade(scenario.release, { values: values({ ...bare, bulk: wrong }) })
  expect(await send('?bulk=true')).toMatch(/^500 .*Net::SMTPAuthenticationError: 535 /)
  expect((await noted('bulk')).at(-1)).toEqual({ refused: 'mastodon-bulk', method: 'LOGIN' })
})

test('a server without TLS does not get to see the password, but would with auto', async () => {
  expect(await send()).toMatch(/^500 .*STARTTLS is not supported on this server/)
  expect(await noted('bare')).toEqual([])
  const auto = ['env', 'SMTP_ENABLE_STARTTLS=auto', 'bundle', 'exec', 'rails', 'runner']
  const pod = `deployment/${scenario.fullname}-web`
  await exec(scenario.release.namespace, pod, [...auto, 'Mailer.deliver'])
  const [seen] = await noted('bare')
  expect(seen?.user).toBe('mastodon by PLAIN')
  expect(seen).not.toHaveProperty('tls')
})

test('with an unknown authority nothing is sent, and the log of Sidekiq says why', async () => {
  await upgrade(scenario.release, { values: values({}, strange) })
  for (const query of ['?job=true', '?job=true&bulk=true']) expect(await send(query)).toBe('202 ')
  await eventually('The reason in the log', async () => {
    const logs = await allLogs(scenario)
    return [8587, 8465].every((port) =>
      new RegExp(`SSLError: .*:${port} .*certificate verify failed`).test(logs),
    )
  })
  expect(await seenBy(scenario.release.namespace, 'mail')).toContainEqual({
    error: 'Failed to establish TLS session',
  })
  expect((await noted('mail')).filter(({ to }) => to)).toHaveLength(1)
  expect((await noted('bulk')).filter(({ to }) => to)).toHaveLength(1)
})
