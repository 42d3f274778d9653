// Servers that are there, but let nobody in: what the user sees, and that a correction helps. Each test
// continues where the one before ended.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { web } from './lib/application.ts'
import { expectHelmTest, expectStreaming, expectWeb } from './lib/checks.ts'
import { tryDeploy, upgrade } from './lib/helm.ts'
import { expectRefusal, knowRedis, loginValues, password, planLogins } from './lib/logins.ts'
import { dropNamespace } from './lib/namespaces.ts'
import type { Scenario } from './lib/scenario.ts'
import { eventually } from './lib/wait.ts'

let scenario: Scenario
beforeAll(async () => {
  scenario = await planLogins('logins')
})
afterAll(() => dropNamespace(scenario?.release.namespace))

const deploy = async (verb: 'install' | 'upgrade', values: object) => {
  const { code, stderr } = await tryDeploy(verb, scenario.release, { values, wait: false })
  expect(code, stderr).toBe(0)
}

test('a wrong password of Redis keeps every pod from starting', async () => {
  await knowRedis(scenario, 'wrong')
  await deploy('install', loginValues({ sslMode: 'require' }))
  const sentence =
    'Redis refuses the login: WRONGPASS invalid username-password pair or user is disabled.'
  const remedy = 'Correct redis.password, or the Secret with REDIS_PASSWORD or REDIS_URL.'
  for (const component of ['web', 'streaming', 'sidekiq-all']) {
    await expectRefusal(scenario, component, sentence)
    await expectRefusal(scenario, component, remedy)
  }
})

test('when the Secret is corrected, they start by themselves', async () => {
  await knowRedis(scenario, password)
  await eventually('Web', async () => (await web(scenario.instance, '/')).status === 200)
  await eventually('Streaming', () => expectStreaming(scenario).then(() => true))
})

test('where PostgreSQL insists on TLS, the mode prefer serves Ruby, and streaming says what to set', async () => {
  await deploy('upgrade', loginValues())
  await expectRefusal(
    scenario,
    'streaming',
    'no encryption. It only accepts connections with TLS. Set postgresql.sslMode to require.',
  )
  await expectWeb(scenario)
})

test('with require all work, and helm test passes', async () => {
  await upgrade(scenario.release, { values: loginValues({ sslMode: 'require' }) })
  await expectWeb(scenario)
  await expectStreaming(scenario)
  await expectHelmTest(scenario)
})
