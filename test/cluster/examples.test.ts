// The examples run as they are. `minimal` is in lifecycle.test.ts, `mstdnblue` in nfs.test.ts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { state } from './lib/application.ts'
import { expectRunning } from './lib/checks.ts'
import { example } from './lib/helm.ts'
import { find } from './lib/kubectl.ts'
import { dropNamespace } from './lib/namespaces.ts'
import { current, type Scenario, start } from './lib/scenario.ts'

describe('split-sidekiq', () => {
  let scenario: Scenario
  beforeAll(async () => {
    const sharedClass = process.env.CLUSTER_TEST_RWX_CLASS ?? 'shared'
    if ((await find('storageclass', sharedClass)) === undefined) {
      throw new Error(
        `CLUSTER_TEST_RWX_CLASS: there is no StorageClass "${sharedClass}". Name one that offers ReadWriteMany.`,
      )
    }
    scenario = await start({
      title: 'split-sidekiq',
      helm: 4,
      files: [example('split-sidekiq')],
      values: { storage: { system: { storageClassName: sharedClass } } },
    })
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('runs', async () => {
    await expectRunning(scenario.release, scenario.instance, current)
  })

  test('has a process for each replica of a worker', async () => {
    const { sidekiq } = await state(scenario.instance)
    const served = sidekiq.map(({ queues }) => [...queues].sort().join(' ')).sort()
    const main = 'default ingress mailers scheduler'
    expect(served).toEqual([main, 'fasp', 'pull push', 'pull push'])
  })
})
