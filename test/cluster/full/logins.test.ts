// More servers that let nobody in, and what happens when PostgreSQL goes. Each test continues where the one
// before ended.
import { mergeFiles } from 'chart-harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { page, web } from '../lib/application.ts'
import { expectStreaming, expectWeb } from '../lib/checks.ts'
import { ask } from '../lib/client.ts'
import type { Database } from '../lib/database.ts'
import { helm, install, upgrade } from '../lib/helm.ts'
import { apply, exec, kubectl, secret } from '../lib/kubectl.ts'
import { expectRefusal, knowRedis, loginValues, password, planLogins } from '../lib/logins.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { podsOf, statusesOf } from '../lib/pods.ts'
import type { Scenario } from '../lib/scenario.ts'
import { certificate, startSentinel } from '../lib/services.ts'
import { eventually } from '../lib/wait.ts'

const sentinel = {
  ...{ addresses: ['sentinel'], master: 'main' },
  password: { existingSecret: 'redis', key: 'password' },
}
/** The servers are behind the Sentinel. */
const watched = (more: object = {}) =>
  mergeFiles([
    loginValues(plain) as Record<string, unknown>,
    { redis: { host: '', sentinel: { ...sentinel, ...more } } },
  ])
const plain = { sslMode: 'require' }

let scenario: Scenario & { database: Database }
beforeAll(async () => {
  scenario = await planLogins('logins')
  const { namespace } = scenario.release
  await knowRedis(scenario, password)
  const text = await exec(namespace, 'db', ['cat', certificate])
  await apply([secret('authority', { 'ca.crt': text })], namespace)
  await startSentinel(namespace, 'sentinel', { master: 'redis', password })
  await install(scenario.release, { values: loginValues(plain) })
})
afterAll(() => dropNamespace(scenario?.release.namespace))

const deploy = (values: object) => upgrade(scenario.release, { values, wait: false })

test('verify-ca with a certificate for another name serves Ruby, and streaming says what Node lacks', async () => {
  const ca = { existingSecret: 'authority', key: 'ca.crt' }
  const values = loginValues({ sslMode: 'verify-ca', ca })
  await deploy(values)
  await expectRefusal(
    scenario,
    'streaming',
    'altnames: DNS:db.example. Node always checks the host name, even with verify-ca. Set postgresql.host to a name in the certificate, or streaming.env.DB_SSLMODE to no-verify, which encrypts but checks nothing.',
  )
  await upgrade(scenario.release, {
    values: { ...values, streaming: { env: { DB_SSLMODE: 'no-verify' } } },
  })
  await expectWeb(scenario)
  await expectStreaming(scenario)
})

const compare = `
  require '/scripts/database'
  rails = ActiveRecord::Base.connection_db_config.configuration_hash
  names = { host: :host, port: :port, dbname: :database, user: :username, password: :password, sslmode: :sslmode }
  ours = Database.allocate.send(:settings)
  puts names.map { |our, their| [ours[our].to_s == rails[their].to_s, our] }.reject(&:first).map(&:last).join(' ')`

test.each([
  ['a password with a plus sign', { DATABASE_URL: 'postgres://u:a+b%2541@h:7/d' }],
  ['parameters of Rails', { DATABASE_URL: 'postgresql://u@h/d?pool=3&sslmode=require' }],
  ['a URL of its own', { PRIMARY_DATABASE_URL: 'postgres://h2', DATABASE_URL: 'postgres://u@h/d' }],
  ['a password beside the URL', { DATABASE_URL: 'postgres://u@h/d', DB_PASS: 'a+b%41' }],
])('the gate reads %s as Rails does', async (_, variables) => {
  const [pod] = await podsOf(scenario, 'web')
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  const command = ['env', ...env, 'bundle', 'exec', 'rails', 'runner', compare]
  const { namespace } = scenario.release
  const different = exec(namespace, pod?.metadata?.name ?? '', command, { container: 'main' })
  expect((await different).trim()).toBe('')
})

test('Sentinels without a password let streaming in, and the gate says what Ruby needs', async () => {
  await deploy(watched())
  await expectRefusal(
    scenario,
    'web',
    'If it is a Sentinel, keep that, and set redis.sentinel.user to default.',
  )
  await upgrade(scenario.release, { values: watched({ user: 'default' }) })
  await expectWeb(scenario)
  await expectStreaming(scenario)
})

test('without Redis web is healthy and shows timelines, but no post succeeds', async () => {
  const { namespace } = scenario.release
  await upgrade(scenario.release, { values: loginValues(plain) })
  await kubectl(['delete', 'pod', 'redis', '--grace-period=1'], { namespace })
  expect((await web(scenario.instance, '/health')).status).toBe(200)
  expect(await page(scenario.instance, '/api/v1/timelines/public')).toEqual(expect.any(Array))
  expect((await web(scenario.instance, '/api/v1/statuses', 'status=hello')).status).toBe(500)
})

test('without PostgreSQL streaming ends with 0, is healthy again, and helm test notices', async () => {
  const { namespace } = scenario.release
  const url = `http://${scenario.instance.streaming}/api/v1/streaming`
  const bad = { url: `${url}/user?access_token=made-up` }
  expect((await ask(scenario.instance.client, bad)).status).toBe(401)
  await kubectl(['delete', 'pod', 'db', '--grace-period=1'], { namespace })
  await eventually('The end of streaming', async () =>
    (await podsOf(scenario, 'streaming'))
      .flatMap(statusesOf)
      .some(({ name, lastState }) => name === 'main' && lastState?.terminated?.exitCode === 0),
  )
  await eventually('Streaming', async () => {
    return (await ask(scenario.instance.client, { url: `${url}/health` })).status === 200
  })
  expect((await ask(scenario.instance.client, bad)).status).toBe(500)
  await expect(helm(scenario.release, 'test', '--timeout', '90s')).rejects.toThrow()
})
