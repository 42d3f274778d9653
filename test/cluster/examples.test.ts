// The examples run as they are. `minimal` is in lifecycle.test.ts, `mstdnblue` in nfs.test.ts.
import { randomBytes } from 'node:crypto'
import type { Secret } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleFile } from '../rules/project.ts'
import { state } from './lib/application.ts'
import { expectRunning, expectRunningWithoutMedia } from './lib/checks.ts'
import { type Database, migrationsOf } from './lib/database.ts'
import { instanceKeys } from './lib/keys.ts'
import { apply, find, list, secret } from './lib/kubectl.ts'
import {
  createNamespace,
  dropNamespace,
  refuseExisting,
  removeNamespace,
} from './lib/namespaces.ts'
import { migrations, type Scenario, start } from './lib/scenario.ts'
import { service, startPostgresql, startValkey } from './lib/services.ts'

describe.each([3, 4] as const)('split-sidekiq, Helm %s', (helm) => {
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
      helm,
      files: [exampleFile('split-sidekiq')],
      values: { storage: { system: { storageClassName: sharedClass } } },
    })
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('runs', async () => {
    await expectRunning(scenario)
  })

  test('has a process for each replica of a worker', async () => {
    const { sidekiq } = await state(scenario.instance)
    const served = sidekiq.map(({ queues }) => [...queues].sort().join(' ')).sort()
    const main = 'default ingress mailers scheduler'
    expect(served).toEqual([main, 'fasp', 'pull', 'push', 'push'])
  })
})

describe.each([3, 4] as const)('external-services, Helm %s', (helm) => {
  const services = 'databases'
  let scenario: Scenario
  let database: Database
  beforeAll(async () => {
    await refuseExisting('namespace', [services], 'external-services')
    await createNamespace(services, services)
    const password = () => randomBytes(12).toString('hex')
    const passwords = { database: password(), redis: password() }
    database = await startServices(services, passwords)
    scenario = await start({
      title: 'external-services',
      helm,
      host: 'social.example.com',
      files: [exampleFile('external-services')],
      prepare: (namespace) => apply(secrets(passwords), namespace),
    })
  })
  afterAll(async () => {
    await dropNamespace(scenario?.release.namespace)
    await removeNamespace(services)
  })

  // In this example media is in S3, which the cluster does not have, so uploads are not tried.
  test('runs, except for media', async () => {
    await expectRunningWithoutMedia(scenario)
  })

  test('keeps its rows in the external database, and has none of its own', async () => {
    expect(await migrationsOf(database)).toContain(migrations.post)
    const { namespace } = scenario.release
    expect(await list('statefulsets,persistentvolumeclaims', { namespace })).toEqual([])
  })

  test('has generated no Secret', async () => {
    const { namespace } = scenario.release
    const found = await list<Secret>('secrets', { namespace })
    const made = found.filter(({ type }) => type === 'Opaque').map(({ metadata }) => metadata?.name)
    expect(made.sort()).toEqual(
      ['database', 'keys', 'redis', 's3', 'smtp'].map((name) => `mastodon-${name}`),
    )
  })
})

type Passwords = Readonly<Record<'database' | 'redis', string>>

/** The servers under the names in the example; the pooler is a second Service of PostgreSQL. */
async function startServices(namespace: string, passwords: Passwords): Promise<Database> {
  const server = { user: 'mastodon', database: 'mastodon_production', password: passwords.database }
  const database = await startPostgresql(namespace, 'postgresql', server)
  await apply([service('pooler', 'postgresql', 6432, 5432)], namespace)
  await startValkey(namespace, 'redis', passwords.redis)
  return database
}

/** The Secrets that the example's first comment lists. */
function secrets(passwords: Passwords): object[] {
  const data: Record<string, Record<string, string>> = {
    'mastodon-keys': instanceKeys(),
    'mastodon-database': { password: passwords.database },
    'mastodon-redis': { password: passwords.redis },
    'mastodon-s3': { 'access-key-id': 'test', 'secret-access-key': 'test' },
    'mastodon-smtp': { password: 'test' },
  }
  return Object.entries(data).map(([name, values]) => secret(name, values))
}
