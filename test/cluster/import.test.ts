// Moving in. An instance of the earlier Mastodon comes over: straight from its server, from a plain dump
// and, once it runs the current Mastodon, from a custom one. Then everything that must be refused.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { page, seenBytes, state, uploadSeen } from './lib/application.ts'
import { expectSidekiq, expectWeb } from './lib/checks.ts'
import { migrations, sql } from './lib/database.ts'
import { example, type HelmMajor, tryDeploy, upgrade } from './lib/helm.ts'
import {
  carrySecrets,
  contents,
  databaseOf,
  dumpTo,
  fromFile,
  fromServer,
  importRefusal,
  keysSecret,
  reachable,
  secret,
  tables,
} from './lib/imports.ts'
import { instanceKeys } from './lib/keys.ts'
import { apply, exec, kubectl, list } from './lib/kubectl.ts'
import { dropNamespace, removeNamespace } from './lib/namespaces.ts'
import { allLogs, refusal } from './lib/pods.ts'
import { current, earlier, plan, type Scenario, start, version } from './lib/scenario.ts'
import { emptyShare, removeShare, type Share } from './lib/shares.ts'

const files = [example('minimal')]
const shareName = 'mastodon-import'
const post = '20260801000001'
const withKeys = { secrets: { existingSecret: keysSecret } }

let old: Scenario
let share: Share
let rows: string[][]
const scenarios: Scenario[] = []

/** Installs a new instance that gets the keys of the old one. */
async function moveIn(
  title: string,
  helm: HelmMajor,
  from: Scenario,
  values: object,
  keys: string,
) {
  const scenario = await start({
    ...{ title, helm, files, values },
    prepare: (namespace) => carrySecrets(from, namespace, keys),
  })
  scenarios.push(scenario)
  return scenario
}

beforeAll(async () => {
  const { mastodon } = version(earlier)
  const admin = { enabled: true, username: 'alice', email: 'alice@example.com' }
  const values = { ...version(earlier), mastodon: { ...mastodon, admin }, ...reachable }
  old = await start({ title: 'old', helm: 4, files, values })
  scenarios.push(old)
  await uploadSeen(old.instance, 'before')
  const create = ['accounts', 'create', 'bob', '--email', 'bob@example.com', '--confirmed']
  await exec(old.release.namespace, `deployment/${old.fullname}-web`, ['tootctl', ...create], {
    container: 'main',
  })
  share = await emptyShare(shareName, 999)
  const database = await databaseOf(old)
  await dumpTo(share, 'old.sql', database, 'plain')
  rows = await contents(database)
  // As before every move: what writes is stopped, the database runs on.
  const { namespace } = old.release
  await kubectl(['scale', 'deployment', '--all', '--replicas=0'], { namespace })
})
afterAll(async () => {
  for (const { release } of scenarios) await removeNamespace(release.namespace)
  await removeShare(shareName)
})

/** The instance serves what the old one had, with the old one's keys. */
async function expectMoved(scenario: Scenario): Promise<void> {
  const database = await databaseOf(scenario)
  expect(rows.flat()).toEqual(expect.arrayContaining(['alice', 'bob', 'before']))
  expect(await contents(database)).toEqual(rows)
  expect(await migrations(database)).toContain(post)
  // The front page reads the signing key, so these are the right keys.
  await expectWeb(scenario.instance, current)
  expect((await state(scenario.instance)).accounts).toEqual(
    expect.arrayContaining(['alice', 'bob']),
  )
  expect(await page(scenario.instance, '/api/v1/media/before')).toBeDefined()
  expect(await seenBytes(scenario.instance, 'before')).toBe(1200)
  await expectSidekiq(scenario.instance)
}

describe('from a running server', () => {
  let scenario: Scenario
  beforeAll(async () => {
    const values = { ...fromServer(old), ...withKeys, ...reachable }
    scenario = await moveIn('live', 3, old, values, `${old.fullname}-keys`)
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('the new instance serves the same rows, migrated', async () => {
    await expectMoved(scenario)
    const log = await allLogs(scenario)
    expect(log).toContain('every table has as many rows as before')
    expect(log).not.toContain((await databaseOf(old)).password)
  })

  test('a second run does nothing', async () => {
    const jobs = { importDatabase: { generation: 1 } }
    const values = { ...fromServer(old), ...withKeys, ...reachable, jobs }
    await upgrade(scenario.release, { files, values })
    expect(await allLogs(scenario)).toContain('The database was imported before')
    expect(await contents(await databaseOf(scenario))).toEqual(rows)
  })

  test('without the import the instance stays as it is', async () => {
    await upgrade(scenario.release, { files, values: { ...withKeys, ...reachable } })
    const selector = 'app.kubernetes.io/component=import-database'
    expect(await list('jobs', { namespace: scenario.release.namespace, selector })).toEqual([])
    await expectMoved(scenario)
  })

  test('its custom dump becomes a third instance, with the keys in envFrom', async () => {
    await dumpTo(share, 'current.dump', await databaseOf(scenario), 'custom')
    const envFrom = [{ secretRef: { name: keysSecret } }]
    const values = { ...fromFile(share, 'current.dump'), secrets: { fromEnv: true }, envFrom }
    const third = await moveIn('custom', 4, scenario, values, keysSecret)
    await expectMoved(third)
    const keys = 'SELECT username, signing_key FROM accounts ORDER BY id'
    const signing = await sql(await databaseOf(scenario), keys)
    expect(signing[0]?.[1]).toMatch(/^\{"p":/)
    expect(await sql(await databaseOf(third), keys)).toEqual(signing)
    await dropNamespace(third.release.namespace)
  })
})

describe('refused', () => {
  let scenario: Scenario
  let generation = 0
  const patience = { env: { OLD_SERVER_PATIENCE: '5' } }
  beforeAll(async () => {
    scenario = await plan({ title: 'refused', helm: 4 })
    scenarios.push(scenario)
    const { namespace } = scenario.release
    await carrySecrets(old, namespace, `${old.fullname}-keys`)
    await apply(
      [secret('other-keys', instanceKeys()), secret('wrong', { password: 'x' })],
      namespace,
    )
    const whole = readFileSync(join(share.folder, 'old.sql'))
    writeFileSync(join(share.folder, 'cut.sql'), whole.subarray(0, whole.length * 0.6))
  })

  /** Deploys with these values, in which nothing but the databases and the Jobs run. */
  async function deploy(values: object, keys = keysSecret): Promise<void> {
    generation += 1
    const result = await tryDeploy(generation === 1 ? 'install' : 'upgrade', scenario.release, {
      ...{ files, wait: false },
      values: {
        ...{ maintenance: true, secrets: { existingSecret: keys } },
        ...{ jobs: { importDatabase: { generation, ...patience } }, ...values },
      },
    })
    expect(result.code, result.stderr).toBe(0)
  }

  /** The import ends at once, with a sentence, and leaves nothing. */
  async function expectRefused(values: object, sentence: RegExp, left = 0): Promise<void> {
    await deploy(values)
    const end = await importRefusal(scenario)
    expect(end.sentence).toMatch(sentence)
    expect(end).toMatchObject({ reason: 'PodFailurePolicy', pods: 1 })
    expect(await tables(await databaseOf(scenario))).toBe(left)
  }

  test('a path without a dump', async () => {
    await expectRefused(
      fromFile(share, 'dumps/old.sql'),
      /^There is no file 'dumps\/old\.sql' on the volume.* it has: .*old\.sql/,
    )
  })

  test('a dump that was cut off', async () => {
    await expectRefused(fromFile(share, 'cut.sql'), /^The dump 'cut\.sql' is not complete: /)
  })

  test('a server that does not answer', async () => {
    await expectRefused(
      fromServer(old, { port: 5433 }),
      /^The old server \S+:5433 cannot be reached \(.+\)\. See that it runs, /,
    )
  })

  test('a wrong password', async () => {
    await expectRefused(
      fromServer(old, { password: { existingSecret: 'wrong', key: 'password' } }),
      /^The old server \S+:5432 turns user mastodon away .*password authentication failed/,
    )
  })

  test('a database that is not empty', async () => {
    const database = await databaseOf(scenario)
    await sql(database, 'CREATE TABLE visitors (id bigint)')
    await expectRefused(fromFile(share, 'old.sql'), /^The database mastodon at .* is not empty/, 1)
    await sql(database, 'DROP TABLE visitors')
  })

  test('other keys than the dump was written with', async () => {
    await deploy(fromFile(share, 'old.sql'), 'other-keys')
    expect(await refusal(scenario, 'migrate')).toMatch(
      /^The ACTIVE_RECORD_ENCRYPTION_\* keys are not those that this database was written with/,
    )
    expect(await migrations(await databaseOf(scenario))).not.toContain(post)
  })

  test('with the right keys the plain dump then becomes an instance', async () => {
    const values = { ...fromFile(share, 'old.sql'), ...withKeys }
    await upgrade(scenario.release, { files, values })
    await expectMoved(scenario)
  })
})
