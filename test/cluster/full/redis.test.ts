// Redis elsewhere: TLS with an authority of one's own, and a server for each use. What the servers saw is the proof. Each
// test continues where the one before ended.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoRestarts, expectSidekiq, expectStreaming, expectWeb } from '../lib/checks.ts'
import { install, upgrade } from '../lib/helm.ts'
import { apply, kubectl, secret } from '../lib/kubectl.ts'
import { expectRefusal } from '../lib/logins.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { clientsOf, keysOf, type Redis, redis } from '../lib/redis.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { makeAuthority } from '../lib/servers.ts'
import { service, startValkey } from '../lib/services.ts'

const passwords = { app: 'correct-horse', queues: 'battery-staple', secure: 'tr0ub4dor-3' }
const wrong = 'wrong'
const everybody = ['sidekiq-all', 'streaming', 'web']

// It takes connections without TLS, too, for what the tests ask it.
const plainPort = 6380
const withTls = [
  ...['--tls-port', '6379', '--port', String(plainPort), '--tls-auth-clients', 'no'],
  ...['--tls-cert-file', '/tls/tls.crt', '--tls-key-file', '/tls/tls.key'],
  ...['--tls-ca-cert-file', '/tls/ca.crt'],
]

let scenario: Scenario
let app: Redis
let queues: Redis
let secure: Redis
let authority: object
beforeAll(async () => {
  scenario = await plan({ title: 'redis', helm: 4, host: 'mastodon.example' })
  const { namespace } = scenario.release
  authority = await makeAuthority(scenario.instance.client, 'certificate', ['secure'])
  await apply(
    [secret('redis', { ...passwords, wrong }), service('alias', 'secure', 6379)],
    namespace,
  )
  app = await startValkey(namespace, 'app', passwords.app)
  queues = await startValkey(namespace, 'queues', passwords.queues)
  const started = await startValkey(namespace, 'secure', passwords.secure, {
    args: withTls,
    ready: ['valkey-cli', '-p', String(plainPort), 'ping'],
    volumes: [{ name: 'tls', secret: { secretName: 'certificate', defaultMode: 0o440 } }],
    volumeMounts: [{ name: 'tls', mountPath: '/tls', readOnly: true }],
  })
  secure = { ...started, port: plainPort }
})
afterAll(() => dropNamespace(scenario?.release.namespace))

/** Values that lead to one of the servers. */
const to = (host: keyof typeof passwords, own: object = {}) => ({
  ...{ mode: 'external', host, tls: host === 'secure' },
  ...{ password: { existingSecret: 'redis', key: host }, ...own },
})
const deploy = (
  verb: typeof install,
  { wait = false, ...own }: { redis: object; wait?: boolean },
) =>
  verb(scenario.release, {
    wait,
    values: {
      // Instead of a minute.
      pod: { env: { LOGIN_PATIENCE: 3 } },
      caBundle: authority,
      ...own,
    },
  })
const bad = { password: { existingSecret: 'redis', key: wrong } }

test.each([
  [
    'an authority that nobody knows',
    { redis: to('secure'), caBundle: {} },
    'Set caBundle to the authority that signed the certificate.',
  ],
  [
    'a certificate for another host',
    { redis: to('secure', { host: 'alias' }) },
    'Correct redis.host, or the host in redis.url: it must be a name in the certificate.',
  ],
  [
    'a wrong password',
    { redis: to('secure', bad) },
    'Correct redis.password, or the Secret with REDIS_PASSWORD or REDIS_URL.',
  ],
])('with TLS Ruby and Node say what to do about %s', async (_, values, remedy) => {
  await deploy('caBundle' in values ? install : upgrade, values)
  for (const component of ['web', 'streaming']) await expectRefusal(scenario, component, remedy)
})

test('with the authority Ruby and Node use TLS', async () => {
  await deploy(upgrade, { redis: to('secure'), wait: true })
  await expectWeb(scenario)
  await expectSidekiq(scenario)
  await expectStreaming(scenario)
  expect(await clientsOf(scenario, secure)).toEqual(everybody)
  const clients = (await redis(secure, 'client', 'list')).split('\n')
  expect(clients.filter((line) => line.includes(`:${plainPort} `))).toHaveLength(1)
})

const split = (own: object = {}) => ({
  redis: to('app', { sidekiq: to('queues'), cache: to('secure'), ...own }),
})

test.each([
  ['sidekiq', 'queues', "Sidekiq's", 'SIDEKIQ_'],
  ['cache', 'secure', "the cache's", 'CACHE_'],
] as const)(
  'a wrong password of redis.%s keeps pods from starting',
  async (key, host, whose, prefix) => {
    await deploy(upgrade, split({ [key]: to(host, bad) }))
    const answer = 'WRONGPASS invalid username-password pair or user is disabled.'
    const variables = `${prefix}REDIS_PASSWORD or ${prefix}REDIS_URL`
    const remedy = `Correct redis.${key}.password, or the Secret with ${variables}.`
    for (const component of ['web', 'sidekiq-all'])
      for (const sentence of [`${whose} Redis refuses the login: ${answer}`, remedy])
        await expectRefusal(scenario, component, sentence)
  },
)

test('three servers: each has its own keys and clients', async () => {
  await redis(secure, 'flushall')
  await deploy(upgrade, { ...split(), wait: true })
  await expectWeb(scenario)
  await expectSidekiq(scenario)
  await expectStreaming(scenario)
  expect(await clientsOf(scenario, app)).toEqual(everybody)
  expect(await clientsOf(scenario, queues)).toEqual(['sidekiq-all', 'web'])
  expect(await clientsOf(scenario, secure)).toEqual(['sidekiq-all', 'web'])
  expect(await keysOf(app)).toEqual(['jobs', 'loads', 'subscribed:timeline:public'])
  expect(await keysOf(queues)).toEqual(expect.arrayContaining(['processes', 'queues']))
  expect(await keysOf(queues)).not.toContain('loads')
  expect(await keysOf(secure)).toEqual(['cache:blocked_ips', 'cache:settings'])
})

test('without the cache pods start and everything works', async () => {
  const { namespace } = scenario.release
  await kubectl(['delete', 'pod', 'secure', '--grace-period=1'], { namespace })
  await expectWeb(scenario)
  for (const component of ['web', 'sidekiq-all']) {
    const deployment = `deployment/${scenario.fullname}-${component}`
    await kubectl(['rollout', 'restart', deployment], { namespace })
    await kubectl(['rollout', 'status', deployment, '--timeout=180s'], { namespace })
  }
  await expectWeb(scenario)
  await expectSidekiq(scenario)
  await expectNoRestarts(scenario)
})
