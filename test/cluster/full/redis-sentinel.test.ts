// The example redis-sentinel: two servers behind three Sentinels, which make the other server the master, once because
// they are asked to and once because the first is gone. What the servers saw is the proof.
import { join } from 'node:path'
import type { Pod } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../../rules/project.ts'
import { page } from '../lib/application.ts'
import { expectNoRestarts, expectSidekiq, expectStreaming, expectWeb } from '../lib/checks.ts'
import { install, upgrade } from '../lib/helm.ts'
import { apply, find, kubectl, secret, secretValues } from '../lib/kubectl.ts'
import { expectRefusal } from '../lib/logins.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { clientsOf, keysOf, type Redis, redis } from '../lib/redis.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { startSentinel, startValkey } from '../lib/services.ts'
import { underLoad } from '../lib/upgrades.ts'
import { eventually } from '../lib/wait.ts'

const password = 'correct-horse'
const own = 'battery-staple'
const sentinels = ['sentinel-0', 'sentinel-1', 'sentinel-2']
const everybody = ['sidekiq-all', 'streaming', 'web']

const files = [join(root, 'values-examples/redis-sentinel.yaml')]
const values = {
  redis: { sentinel: { addresses: sentinels, master: 'main' } },
}

let scenario: Scenario
let first: Redis
let second: Redis
beforeAll(async () => {
  scenario = await plan({ title: 'redis-sentinel', helm: 4, host: 'social.example.com' })
  const { namespace } = scenario.release
  first = await startValkey(namespace, 'redis-0', password)
  // Sentinels would take the address of a Service for another server.
  const master = (await find<Pod>('pod', first.pod, namespace))?.status?.podIP ?? ''
  const args = ['--replicaof', master, '6379']
  second = await startValkey(namespace, 'redis-1', password, { args })
  for (const name of sentinels)
    await startSentinel(namespace, name, { master, password, own, quorum: 2 })
  await eventually('Sentinels that know each other', async () => {
    const known = await Promise.all(sentinels.map((name) => ask(name, 'ckquorum', 'main')))
    return known.every((answer) => answer.startsWith('OK 3 usable'))
  })
})
afterAll(() => dropNamespace(scenario?.release.namespace))

/** Sends a command to a Sentinel. */
const ask = (pod: string, ...command: readonly string[]) =>
  redis(
    { namespace: scenario.release.namespace, pod, password: own, port: 26379 },
    ...['sentinel', ...command],
  )

const know = (words: Readonly<Record<string, string>>) =>
  apply([secret('mastodon-redis', words)], scenario.release.namespace)

test('a wrong password of the Sentinels is told from one of the server', async () => {
  await know({ password, 'sentinel-password': 'wrong' })
  // Instead of a minute.
  const pod = { env: { LOGIN_PATIENCE: 3 } }
  await install(scenario.release, { files, values: { ...values, pod }, wait: false })
  for (const component of ['web', 'streaming'])
    await expectRefusal(scenario, component, 'or redis.sentinel.password if it is a Sentinel.')
})

test('web, sidekiq and streaming find the master, and the cache is in the release', async () => {
  await know({ password, 'sentinel-password': own })
  await upgrade(scenario.release, { files, values })
  await expectWeb(scenario)
  await expectSidekiq(scenario)
  await expectStreaming(scenario)
  expect(await clientsOf(scenario, first)).toEqual(everybody)
  expect(await clientsOf(scenario, second)).toEqual([])
  const { namespace } = scenario.release
  const passwords = await secretValues(namespace, `${scenario.fullname}-passwords`)
  const pod = `${scenario.fullname}-redis-cache-0`
  const cache = { namespace, pod, password: passwords['redis-cache'] ?? '' }
  expect(await clientsOf(scenario, cache)).toEqual(['sidekiq-all', 'web'])
  expect(await keysOf(cache)).toEqual(['cache:blocked_ips', 'cache:settings'])
  expect(await keysOf(first)).toContain('queues')
  expect((await keysOf(first)).filter((key) => key.startsWith('cache:'))).toEqual([])
})

/** All three work with the new master, and no pod was restarted. */
async function expectFollowed(master: Redis): Promise<void> {
  await expectSidekiq(scenario)
  await expectStreaming(scenario)
  const { loads } = (await page(scenario.instance, '/')) as { loads: number }
  expect(Number(await redis(master, 'get', 'loads'))).toBe(loads)
  expect(await clientsOf(scenario, master)).toEqual(everybody)
  await expectNoRestarts(scenario)
}

const becomesMaster = (server: Redis) =>
  eventually(`${server.pod} as master`, async () =>
    (await redis(server, 'role')).startsWith('master'),
  )

test('they follow when a Sentinel is asked to change the master', async () => {
  await underLoad(scenario, 'SENTINEL FAILOVER', async () => {
    await eventually('A Sentinel that agrees', async () => {
      return (await ask('sentinel-0', 'failover', 'main')) === 'OK'
    })
    await becomesMaster(second)
    await eventually('The end of all connections to the old master', async () => {
      return (await clientsOf(scenario, first)).length === 0
    })
  })
  await expectFollowed(second)
})

test('they follow when the master is gone', async () => {
  await underLoad(scenario, 'end of the master of Redis', async () => {
    await kubectl(['delete', 'pod', second.pod, '--grace-period=1'], second)
    await becomesMaster(first)
  })
  await expectFollowed(first)
})
