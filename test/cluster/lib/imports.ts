// Moving in: an old instance, the new ones that it becomes, and how an import is refused.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Job } from 'kubernetes-types/batch/v1.d.ts'
import type { Pod } from 'kubernetes-types/core/v1.d.ts'
import { expect } from 'vitest'
import { exampleFile } from '../../rules/project.ts'
import { page, seenBytes, state, uploadSeen, uploadSize } from './application.ts'
import { expectSidekiq, expectWeb } from './checks.ts'
import {
  type Database,
  databaseShell,
  embeddedDatabase,
  migrationsOf,
  sql,
  superuser,
} from './database.ts'
import type { HelmMajor } from './helm.ts'
import { apply, exec, kubectl, list, secret, secretValues } from './kubectl.ts'
import { runLabel, runName } from './run.ts'
import { earlierWithAdmin, migrations, noLookUp, type Scenario, start } from './scenario.ts'
import { emptyShare, nfsVolume, type Share } from './shares.ts'
import { eventually } from './wait.ts'

/** The files with values of every instance here. */
export const files = [exampleFile('minimal')]

/** The share with the dumps. */
export const shareName = 'mastodon-import'

/** The Secret with the old instance's keys, and the one with its database's password. */
export const keysSecret = 'old-keys'
const passwordSecret = 'old-database'

/** Values that let the namespaces of this run reach the embedded PostgreSQL. */
export function reachable(): object {
  const namespaceSelector = { matchLabels: { [runLabel]: runName() } }
  return { networkPolicy: { postgresql: { extraFrom: [{ namespaceSelector }] } } }
}

/** An instance that was stopped, as before every move: only its databases run. */
export interface OldInstance {
  readonly scenario: Scenario
  /** Has its plain dump, `old.sql`. */
  readonly share: Share
  /** What its users would miss. */
  readonly rows: readonly string[][]
}

/** Runs an instance of the earlier Mastodon with two accounts and an upload, dumps it and stops it. */
export async function startOld(): Promise<OldInstance> {
  const values = { ...earlierWithAdmin, ...reachable() }
  const scenario = await start({ title: 'old', helm: 4, files, values })
  const { namespace } = scenario.release
  await uploadSeen(scenario.instance, 'before')
  const create = ['accounts', 'create', 'bob', '--email', 'bob@example.com', '--confirmed']
  const container = 'main'
  const web = `deployment/${scenario.fullname}-web`
  const variables = Object.entries(noLookUp).map(([name, value]) => `${name}=${value}`)
  await exec(namespace, web, ['env', ...variables, 'tootctl', ...create], { container })
  await kubectl(['scale', 'deployment', '--all', '--replicas=0'], { namespace })
  const share = await emptyShare(shareName, 999)
  const database = await embeddedDatabase(scenario)
  // As one that this chart never ran, and with an extension that only a superuser may create.
  await sql(database, "DELETE FROM ar_internal_metadata WHERE key LIKE 'mastodon_chart.%'")
  await sql({ ...(await superuser(scenario)), database: 'mastodon' }, 'CREATE EXTENSION amcheck')
  await dumpTo(share, 'old.sql', database, 'plain')
  return { scenario, share, rows: await contents(database) }
}

/** Installs a new instance that finds the keys of `from` (its Secret `keys`) in a Secret. */
export function moveIn(
  title: string,
  helm: HelmMajor,
  { from, keys, values }: { from: Scenario; keys: string; values: object },
): Promise<Scenario> {
  const prepare = (namespace: string) => carrySecrets(from, namespace, keys)
  return start({ title, helm, files, values, prepare })
}

/** The instance serves what the old one had, migrated and with the old one's keys. */
export async function expectMoved(scenario: Scenario, { rows }: OldInstance): Promise<void> {
  const database = await embeddedDatabase(scenario)
  expect(rows.flat()).toEqual(expect.arrayContaining(['alice', 'bob', 'before']))
  expect(await contents(database)).toEqual(rows)
  expect(await migrationsOf(database)).toContain(migrations.post)
  // The front page reads the signing key, so these are the right keys.
  await expectWeb(scenario)
  const { accounts } = await state(scenario.instance)
  expect(accounts).toEqual(expect.arrayContaining(['alice', 'bob']))
  expect(await page(scenario.instance, '/api/v1/media/before')).toBeDefined()
  expect(await seenBytes(scenario.instance, 'before')).toBe(uploadSize)
  await expectSidekiq(scenario)
}

/** Copies the keys of an instance to a namespace, and the password of its database. */
export async function carrySecrets(old: Scenario, namespace: string, keys: string): Promise<void> {
  const values = await secretValues(old.release.namespace, keys)
  const { password } = await embeddedDatabase(old)
  await apply([secret(keysSecret, values), secret(passwordSecret, { password })], namespace)
}

/** Values of an import straight from the PostgreSQL of an old instance. */
export function fromServer({ release, fullname }: Scenario, changes: object = {}): object {
  const server = {
    host: `${fullname}-postgresql.${release.namespace}.svc`,
    database: 'mastodon',
    user: 'mastodon',
    password: { existingSecret: passwordSecret, key: 'password' },
    ...changes,
  }
  return { import: { database: { enabled: true, source: 'server', server } } }
}

/** Values of an import of a dump on a share. */
export function fromFile(share: Share, path: string): object {
  const file = { path, storage: nfsVolume(share) }
  return { import: { database: { enabled: true, source: 'file', file } } }
}

/** Writes a dump of a database to a share, as an administrator would by hand. */
export async function dumpTo(
  share: Share,
  file: string,
  target: Database,
  format: 'plain' | 'custom',
): Promise<void> {
  const { user, database } = target
  const dump = `pg_dump -h 127.0.0.1 -U '${user}' -F ${format} '${database}' | base64`
  const text = await databaseShell(target, dump)
  writeFileSync(join(share.folder, file), Buffer.from(text, 'base64'))
}

/** Copies the beginning of a dump, as an interrupted transfer leaves it. */
export function cutOff({ folder }: Share, file: string, copy: string): void {
  const whole = readFileSync(join(folder, file))
  writeFileSync(join(folder, copy), whole.subarray(0, whole.length * 0.6))
}

/** What users would miss: the accounts, who may sign in how, and the media of an instance. */
export async function contents(database: Database): Promise<string[][]> {
  const accounts =
    'SELECT id, username, email, role, password_digest, confirmed FROM accounts ORDER BY id'
  const uploads = 'SELECT name, seen_bytes, seen_digest FROM uploads ORDER BY name'
  return [...(await sql(database, accounts)), ...(await sql(database, uploads))]
}

/** The number of tables in a database. */
export async function tables(database: Database): Promise<number> {
  const own = "schemaname NOT IN ('pg_catalog', 'information_schema')"
  const [[count] = []] = await sql(database, `SELECT count(*) FROM pg_tables WHERE ${own}`)
  return Number(count)
}

/** How an import that was refused ended. */
export interface Refusal {
  readonly sentence: string
  readonly reason: string | undefined
  readonly pods: number
}

/** Waits until the Job of the import has failed for good. */
export function importRefusal(scenario: Scenario): Promise<Refusal> {
  return eventually('The end of the import', () => failedImport(scenario), 180)
}

async function failedImport({ release }: Scenario): Promise<Refusal | undefined> {
  const { namespace } = release
  const component = 'app.kubernetes.io/component=import-database'
  const jobs = await list<Job>('jobs', { namespace, selector: component })
  const [job] = jobs
  const failed = job?.status?.conditions?.find(({ type }) => type === 'Failed')
  if (jobs.length !== 1 || failed === undefined) return undefined
  const selector = `batch.kubernetes.io/job-name=${job?.metadata?.name}`
  const pods = await list<Pod>('pods', { namespace, selector })
  const [status] = pods.flatMap((pod) => pod.status?.containerStatuses ?? [])
  const sentence = status?.state?.terminated?.message
  return sentence === undefined ? undefined : { sentence, reason: failed.reason, pods: pods.length }
}
