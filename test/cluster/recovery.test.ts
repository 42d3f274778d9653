// What can go wrong in the middle of an upgrade, and the remedy that the message names. The release begins
// without any values; each test continues where the one before ended.
import type { Job } from 'kubernetes-types/batch/v1.d.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { state } from './lib/application.ts'
import { expectPage, expectRunning, expectWeb } from './lib/checks.ts'
import { embeddedDatabase, migrationsOf, sql } from './lib/database.ts'
import { helm, tryDeploy, upgrade } from './lib/helm.ts'
import { list } from './lib/kubectl.ts'
import { migration as addMigration, withMigration } from './lib/migrations.ts'
import { dropNamespace } from './lib/namespaces.ts'
import { refusal } from './lib/pods.ts'
import { type Scenario, start } from './lib/scenario.ts'
import { eventually } from './lib/wait.ts'

const slow = '20260815000000'
const broken = '20260816000000'

let scenario: Scenario
beforeAll(async () => {
  scenario = await start({ title: 'no-values', helm: 4, host: 'mastodon.example' })
})
afterAll(() => dropNamespace(scenario?.release.namespace))
const database = () => embeddedDatabase(scenario)
const migration = (version: string, statement: string) =>
  addMigration(scenario.release.namespace, version, `  def up\n    ${statement}\n  end`)
const values = (version: string, generation = 0) => ({
  jobs: { migrate: withMigration(version, generation) },
})
const jobs = async () =>
  (await list<Job>('jobs', { namespace: scenario.release.namespace }))
    .map(({ metadata }) => metadata?.uid ?? '')
    .sort()

test('runs', async () => {
  await expectRunning(scenario)
})

test('an upgrade that is rolled back at its timeout, in the middle of a migration', async () => {
  await migration(slow, "execute 'SELECT pg_sleep(600)'")
  const asleep = eventually('The migration in the database', async () => {
    const active = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'"
    return (await sql(await database(), active)).length > 0
  })
  const options = { values: values(slow), atomic: true, timeout: '40s' }
  const [{ code, stderr }] = await Promise.all([
    tryDeploy('upgrade', scenario.release, options),
    asleep,
  ])
  expect(code, stderr).not.toBe(0)
  expect(await helm(scenario.release, 'status')).toMatch(/STATUS: deployed/)
  expect(await migrationsOf(await database())).not.toContain(slow)
  await expectWeb(scenario)
})

test('the next upgrade, with more time, runs the migration again', async () => {
  await migration(slow, "execute 'SELECT pg_sleep(1)'")
  await upgrade(scenario.release, { values: values(slow) })
  expect(await migrationsOf(await database())).toContain(slow)
  await expectWeb(scenario)
})

test('a migration that keeps failing ends with a sentence, and the pods keep running', async () => {
  await migration(broken, "execute 'SELECT 1'; raise 'a fault of the test'")
  await upgrade(scenario.release, { values: values(broken), wait: false })
  expect(await refusal(scenario, 'migrate')).toBe(
    'The migration failed; see the log above. Fix the cause, then raise jobs.migrate.generation and upgrade: ' +
      'what is done is kept, the rest runs again.',
  )
  expect(await migrationsOf(await database())).not.toContain(broken)
  await expectWeb(scenario)
})

test('the same values change nothing, a higher generation runs the migration again', async () => {
  await migration(broken, "execute 'SELECT 1'")
  const before = await jobs()
  await upgrade(scenario.release, { values: values(broken), wait: false })
  expect(await jobs()).toEqual(before)
  await upgrade(scenario.release, { values: values(broken, 1) })
  expect(await jobs()).not.toEqual(before)
  expect(await migrationsOf(await database())).toContain(broken)
  await expectWeb(scenario)
})

test('a password that changes in the values is applied to the database', async () => {
  const old = await database()
  const password = 'changed-by-the-test'
  await upgrade(scenario.release, { values: { postgresql: { password: { value: password } } } })
  await expect(sql(old, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
  expect(await sql({ ...old, password }, 'SELECT 1')).toEqual([['1']])
  await expectPage(scenario)
  expect((await state(scenario.instance)).pending_migrations).toEqual([])
})
