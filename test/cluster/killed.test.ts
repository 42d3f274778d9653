// `migrate`, killed at the moments after which a rerun used to fail, or to report success without reason. With
// CLUSTER_TEST_KILLS=10, as in `npm run test:cluster:full`, also at so many random moments of each kind.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from 'kubernetes-types/batch/v1.d.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { embeddedDatabase, migrationsOf, sql, superuser } from './lib/database.ts'
import { install, upgrade } from './lib/helm.ts'
import { exec, list } from './lib/kubectl.ts'
import { migration, withMigration } from './lib/migrations.ts'
import { dropNamespace } from './lib/namespaces.ts'
import { allLogs, podsOf, refusal } from './lib/pods.ts'
import { plan, type Scenario } from './lib/scenario.ts'
import { eventually } from './lib/wait.ts'

const slow = '20260815000000'
const concurrently = `  disable_ddl_transaction!
  def change
    add_index :ticks, 'slowly(id)', name: 'index_slow', algorithm: :concurrently
    sleep 8
  end`
// 300 rows take 6 seconds.
const slowness = `
  CREATE FUNCTION slowly(bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(0.02); RETURN $1; END';
  INSERT INTO ticks (created_at, updated_at) SELECT now(), now() FROM generate_series(1, 300)`

const emptyDir = { type: 'emptyDir' }
const storage = { postgresql: emptyDir, redis: emptyDir, system: emptyDir }
/** Only the databases and the Job run. */
const values = (migrate: object) => ({ maintenance: true, storage, jobs: { migrate } })
const env = { STANDIN_PAUSE_BEFORE_SEQUENCES: '6' }

let scenario: Scenario
let generation = 1
beforeAll(async () => {
  scenario = await plan({ title: 'killed', helm: 4 })
})
afterAll(() => dropNamespace(scenario?.release.namespace))
const query = async (statement: string) => sql(await embeddedDatabase(scenario), statement)

test('between the schema and the sequences of a first install', async () => {
  await install(scenario.release, { values: values({ env }), wait: false })
  await eventually('The schema', async () => (await query('TABLE schema_migrations')).length > 0)
  expect(await query("SELECT to_regclass('accounts_id_seq') IS NULL")).toEqual([['t']])
  await kill()
  await completed()
  expect(await query("SELECT timestamp_id('accounts') > 0")).toEqual([['t']])
})

test('while an index is built, and between the index and its version', async () => {
  await query(slowness)
  await migration(scenario.release.namespace, slow, concurrently)
  await upgrade(scenario.release, { values: values(withMigration(slow)), wait: false })
  await eventually('The index in the making', async () => {
    return (await query('SELECT pid FROM pg_stat_progress_create_index')).length > 0
  })
  await kill()
  await eventually('The index', async () => {
    const valid = "indexrelid = to_regclass('index_slow') AND indisvalid"
    return (await query(`SELECT 1 FROM pg_index WHERE ${valid}`)).length > 0
  })
  expect(await migrationsOf(await embeddedDatabase(scenario))).not.toContain(slow)
  await kill()
  await completed()
  expect(await migrationsOf(await embeddedDatabase(scenario))).toContain(slow)
  const log = await allLogs(scenario)
  expect(log).toContain('Dropping the unfinished index index_slow')
  expect(log).toContain('Done by a run that was interrupted: CREATE INDEX CONCURRENTLY')
})

test('a table that another session holds', async () => {
  const { namespace } = scenario.release
  await query(`DELETE FROM schema_migrations WHERE version = '${slow}'`)
  await migration(namespace, slow, '  def change = add_column :ticks, :noted, :string')
  const held = query('BEGIN; LOCK TABLE ticks IN ACCESS SHARE MODE; SELECT pg_sleep(25)')
  generation += 1
  await upgrade(scenario.release, {
    values: values(withMigration(slow, generation)),
    wait: false,
  })
  await completed()
  await held
  expect(await allLogs(scenario)).toContain('Another session holds a lock')
  await migration(namespace, slow, concurrently)
})

const moments = Array.from({ length: Number(process.env.CLUSTER_TEST_KILLS ?? 0) }, () =>
  Math.round(Math.random() * 12_000),
)
const beginnings = {
  'a first install': async () => {
    const server = { ...(await superuser(scenario)), database: 'postgres' }
    await sql(server, 'DROP DATABASE mastodon WITH (FORCE)')
    await sql(server, 'CREATE DATABASE mastodon OWNER mastodon TEMPLATE template0')
    return { env }
  },
  'an upgrade with a slow index': async () => {
    await query(
      `DROP INDEX IF EXISTS index_slow; DELETE FROM schema_migrations WHERE version = '${slow}'`,
    )
    if ((await query("SELECT 1 FROM pg_proc WHERE proname = 'slowly'")).length === 0)
      await query(slowness)
    return withMigration(slow)
  },
}

test.each(
  Object.entries(beginnings).flatMap(([what, begin]) =>
    moments.map((moment) => ({ what, begin, moment })),
  ),
)('at a random moment of $what, after $moment ms', async ({ begin, moment }) => {
  const before = await begin()
  generation += 1
  await upgrade(scenario.release, { values: values({ ...before, generation }), wait: false })
  await eventually('The pod', running)
  await sleep(moment)
  await kill()
  await completed()
  expect(await query("SELECT timestamp_id('accounts') > 0")).toEqual([['t']])
  expect(await query('SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([])
  const wanted = 'volumes' in before ? 1 : 0
  expect(await query("SELECT 1 FROM pg_class WHERE relname = 'index_slow'")).toHaveLength(wanted)
})

test('a database too old to be migrated while the application runs', async () => {
  const old = '20200101000000'
  await migration(scenario.release.namespace, old, '  def change = nil')
  await query(`DELETE FROM schema_migrations; INSERT INTO schema_migrations VALUES ('${old}')`)
  generation += 1
  const { jobs, ...rest } = values(withMigration(old, generation))
  await upgrade(scenario.release, {
    values: { ...rest, jobs: { ...jobs, postMigrate: { hold: true } } },
    wait: false,
  })
  expect(await refusal(scenario, 'migrate')).toMatch(/^The database is from a Mastodon so old/)
})

/** The name of the pod in which the Job runs. */
async function running(): Promise<string | undefined> {
  const pods = await podsOf(scenario, 'migrate')
  return pods.find(({ status }) => status?.phase === 'Running')?.metadata?.name
}

/** Kills what runs in the pod of the Job as the kernel does when memory is short. */
async function kill(): Promise<void> {
  const pod = await running()
  if (pod === undefined) return
  const { namespace } = scenario.release
  const words = ['bash', '-c', "kill -9 $(pgrep -f '[s]cripts/')"]
  await exec(namespace, pod, words, { container: 'main' }).catch(() => '')
  await eventually('The end of the pod', async () => (await running()) !== pod)
}

/** Waits until the Job, with a new pod, has completed. */
async function completed(): Promise<void> {
  const { namespace } = scenario.release
  const selector = 'app.kubernetes.io/component=migrate'
  await eventually('The end of the Job', async () => {
    const jobs = await list<Job>('jobs', { namespace, selector })
    return jobs.length === 1 && jobs[0]?.status?.succeeded === 1
  })
}
