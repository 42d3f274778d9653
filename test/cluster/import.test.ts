// Moving in from the earlier Mastodon: from its server, from a plain dump and, once it runs the current
// Mastodon, from a custom one. Then everything that must be refused.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embeddedDatabase, migrationsOf, sql } from './lib/database.ts'
import { install, tryDeploy, upgrade } from './lib/helm.ts'
import {
  carrySecrets,
  contents,
  cutOff,
  dumpTo,
  expectMoved,
  files,
  fromFile,
  fromServer,
  importRefusal,
  keysSecret,
  moveIn,
  type OldInstance,
  reachable,
  shareName,
  startOld,
  tables,
} from './lib/imports.ts'
import { instanceKeys } from './lib/keys.ts'
import { apply, list, secret } from './lib/kubectl.ts'
import { dropNamespace, removeNamespace } from './lib/namespaces.ts'
import { allLogs, refusal } from './lib/pods.ts'
import { migrations, plan, type Scenario } from './lib/scenario.ts'
import { startPostgresql } from './lib/services.ts'
import { removeShare } from './lib/shares.ts'

const withKeys = { secrets: { existingSecret: keysSecret } }

let old: OldInstance
const oldKeys = () => `${old.scenario.fullname}-keys`

beforeAll(async () => {
  old = await startOld()
})
afterAll(async () => {
  await removeNamespace(old?.scenario.release.namespace)
  await removeShare(shareName)
})

describe('from a running server', () => {
  let scenario: Scenario
  const values = () => ({ ...fromServer(old.scenario), ...withKeys, ...reachable() })
  beforeAll(async () => {
    scenario = await moveIn('live', 3, { from: old.scenario, keys: oldKeys(), values: values() })
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('the new instance serves the same rows, migrated', async () => {
    await expectMoved(scenario, old)
    const log = await allLogs(scenario)
    expect(log).toContain('every table has as many rows as before')
    expect(log).toMatch(/^public\.accounts: \d+ rows$/m)
    expect(log).toMatch(/^Left out: the extension amcheck \(permission denied .*\)\.$/m)
    expect(log).not.toContain((await embeddedDatabase(old.scenario)).password)
  })

  test('a second run does nothing', async () => {
    const jobs = { importDatabase: { generation: 1 } }
    await upgrade(scenario.release, { files, values: { ...values(), jobs } })
    expect(await allLogs(scenario)).toContain('The database was imported before')
    expect(await contents(await embeddedDatabase(scenario))).toEqual(old.rows)
  })

  test('without the import the instance stays as it is', async () => {
    await upgrade(scenario.release, { files, values: { ...withKeys, ...reachable() } })
    const selector = 'app.kubernetes.io/component=import-database'
    expect(await list('jobs', { namespace: scenario.release.namespace, selector })).toEqual([])
    await expectMoved(scenario, old)
  })

  test('its custom dump becomes a third instance, with the keys in envFrom', async () => {
    await dumpTo(old.share, 'current.dump', await embeddedDatabase(scenario), 'custom')
    const envFrom = [{ secretRef: { name: keysSecret } }]
    const values = { ...fromFile(old.share, 'current.dump'), secrets: { fromEnv: true }, envFrom }
    const third = await moveIn('custom', 4, { from: scenario, keys: keysSecret, values })
    await expectMoved(third, old)
    const keys = 'SELECT account_id, private_key FROM keypairs ORDER BY account_id'
    const signing = await sql(await embeddedDatabase(scenario), keys)
    expect(signing[0]?.[1]).toMatch(/^\{"p":/)
    expect(await sql(await embeddedDatabase(third), keys)).toEqual(signing)
    await removeNamespace(third.release.namespace)
  })
})

describe('an external database', () => {
  let scenario: Scenario
  afterAll(() => removeNamespace(scenario?.release.namespace))

  test('is filled directly, not through its pooler', async () => {
    scenario = await plan({ title: 'external', helm: 3 })
    const { namespace } = scenario.release
    await carrySecrets(old.scenario, namespace, oldKeys())
    const names = { user: 'owner', database: 'social' }
    // Without pods nobody would bind a claim, and Helm would wait for it.
    const storage = { system: { type: 'emptyDir' } }
    const password = 'an-external-password'
    const database = await startPostgresql(namespace, 'direct', { password, ...names })
    const postgresql = {
      ...{ mode: 'external', host: 'pooler.invalid', direct: { host: 'direct' } },
      ...{ ...names, password: { value: password } },
    }
    const from = { ...fromFile(old.share, 'old.sql'), ...withKeys }
    const values = { ...from, postgresql, storage, maintenance: true }
    await install(scenario.release, { files, values })
    expect(await contents(database)).toEqual(old.rows)
    expect(await migrationsOf(database)).toContain(migrations.post)
  })
})

describe('refused', () => {
  let scenario: Scenario
  let generation = 0
  beforeAll(async () => {
    scenario = await plan({ title: 'refused', helm: 4 })
    const { namespace } = scenario.release
    await carrySecrets(old.scenario, namespace, oldKeys())
    const wrong = secret('wrong', { password: 'x' })
    await apply([secret('other-keys', instanceKeys()), wrong], namespace)
    cutOff(old.share, 'old.sql', 'cut.sql')
  })
  afterAll(() => removeNamespace(scenario?.release.namespace))

  /** Deploys with these values; only the databases and the Jobs run. */
  async function deploy(values: object, keys = keysSecret): Promise<void> {
    generation += 1
    const importDatabase = { generation, env: { OLD_SERVER_PATIENCE: '5' } }
    const common = {
      maintenance: true,
      secrets: { existingSecret: keys },
      jobs: { importDatabase },
    }
    const verb = generation === 1 ? 'install' : 'upgrade'
    const options = { files, wait: false, values: { ...common, ...values } }
    const result = await tryDeploy(verb, scenario.release, options)
    expect(result.code, result.stderr).toBe(0)
  }

  /** The import ends at once with a sentence and leaves nothing behind. */
  async function expectRefused(values: object, sentence: RegExp, left = 0): Promise<void> {
    await deploy(values)
    const end = await importRefusal(scenario)
    expect(end.sentence).toMatch(sentence)
    expect(end).toMatchObject({ reason: 'PodFailurePolicy', pods: 1 })
    expect(await tables(await embeddedDatabase(scenario))).toBe(left)
  }

  test('a path without a dump', async () => {
    const values = fromFile(old.share, 'dumps/old.sql')
    await expectRefused(values, /^There is no file 'dumps\/old\.sql' on .* it has: .*old\.sql/)
  })

  test('a dump that was cut off', async () => {
    const values = fromFile(old.share, 'cut.sql')
    await expectRefused(values, /^The dump 'cut\.sql' is not complete: /)
  })

  test('a server that does not answer', async () => {
    const values = fromServer(old.scenario, { port: 5433 })
    await expectRefused(values, /^The old server \S+:5433 cannot be reached \(.+\)\. Check that /)
  })

  test('a wrong password', async () => {
    const password = { existingSecret: 'wrong', key: 'password' }
    const values = fromServer(old.scenario, { password })
    await expectRefused(values, /^The old server \S+:5432 rejects .*password authentication failed/)
  })

  test('a database that is not empty', async () => {
    const database = await embeddedDatabase(scenario)
    await sql(database, 'CREATE TABLE visitors (id bigint)')
    const values = fromFile(old.share, 'old.sql')
    await expectRefused(values, /^The database mastodon at .* is not empty/, 1)
    await sql(database, 'DROP TABLE visitors')
  })

  test('other keys than the dump was written with', async () => {
    await deploy(fromFile(old.share, 'old.sql'), 'other-keys')
    expect(await refusal(scenario, 'migrate')).toMatch(
      /^The ACTIVE_RECORD_ENCRYPTION_\* keys are not .*: they cannot decrypt users\.otp_secret\. Take/,
    )
    const database = await embeddedDatabase(scenario)
    expect(await migrationsOf(database)).toEqual([migrations.first])
    const noted = "SELECT 1 FROM ar_internal_metadata WHERE key = 'mastodon_chart.encryption_keys'"
    expect(await sql(database, noted)).toEqual([])
  })

  test('with the right keys the plain dump then becomes an instance', async () => {
    const values = { ...fromFile(old.share, 'old.sql'), ...withKeys }
    await upgrade(scenario.release, { files, values })
    await expectMoved(scenario, old)
  })
})
