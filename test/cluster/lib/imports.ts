// Moving in: what the tests of `import.database` share.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Job } from 'kubernetes-types/batch/v1.d.ts'
import type { Pod } from 'kubernetes-types/core/v1.d.ts'
import { type Database, embeddedDatabase, sql } from './database.ts'
import { apply, exec, list, secretValues } from './kubectl.ts'
import { runLabel, runVariable } from './namespaces.ts'
import type { Scenario } from './scenario.ts'
import type { Share } from './shares.ts'
import { eventually } from './wait.ts'

/** The Secret with the old instance's keys, and the one with its database's password. */
export const keysSecret = 'old-keys'
const passwordSecret = 'old-database'

/** Values that let the namespaces of this run reach the embedded PostgreSQL. */
export const reachable = {
  networkPolicy: {
    postgresql: {
      extraFrom: [
        {
          namespaceSelector: { matchLabels: { [runLabel]: process.env[runVariable] ?? 'unknown' } },
        },
      ],
    },
  },
}

/** The embedded PostgreSQL of a scenario. */
export function databaseOf({ release, fullname }: Scenario): Promise<Database> {
  return embeddedDatabase(release.namespace, fullname)
}

/** Carries the keys of an instance over to a namespace, and the password of its database. */
export async function carrySecrets(old: Scenario, namespace: string, keys: string): Promise<void> {
  const values = await secretValues(old.release.namespace, keys)
  const { password } = await databaseOf(old)
  await apply([secret(keysSecret, values), secret(passwordSecret, { password })], namespace)
}

/** A Secret with these values. */
export function secret(name: string, stringData: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData }
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
export function fromFile({ server, path: export_ }: Share, path: string): object {
  const storage = { type: 'nfs', nfs: { server, path: export_ } }
  return { import: { database: { enabled: true, source: 'file', file: { path, storage } } } }
}

/** Writes a dump of a database onto a share, as an administrator would by hand. */
export async function dumpTo(
  share: Share,
  file: string,
  database: Database,
  format: 'plain' | 'custom',
): Promise<void> {
  const { namespace, pod, user, password, database: name } = database
  const dump = `pg_dump -h 127.0.0.1 -U '${user}' -F ${format} '${name}' | base64`
  const script = `set -o pipefail; read -r PGPASSWORD; export PGPASSWORD; ${dump}`
  const text = await exec(namespace, pod, ['bash', '-c', script], {
    container: 'main',
    input: `${password}\n`,
  })
  writeFileSync(join(share.folder, file), Buffer.from(text, 'base64'))
}

/** Copies a dump as a transfer leaves it that broke off. */
export function cutOff({ folder }: Share, file: string, copy: string): void {
  const whole = readFileSync(join(folder, file))
  writeFileSync(join(folder, copy), whole.subarray(0, whole.length * 0.6))
}

/** What users would miss: the accounts and the media of an instance, and who may sign in how. */
export async function contents(database: Database): Promise<string[][]> {
  return [
    ...(await sql(
      database,
      'SELECT id, username, email, role, password_digest, confirmed FROM accounts ORDER BY id',
    )),
    ...(await sql(database, 'SELECT name, seen_bytes, seen_digest FROM uploads ORDER BY name')),
  ]
}

/** The number of tables of a database. */
export async function tables(database: Database): Promise<number> {
  const [[count] = []] = await sql(
    database,
    "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  )
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
  return eventually('The end of the import', () => failedImport(scenario), { seconds: 180 })
}

async function failedImport({ release }: Scenario): Promise<Refusal | undefined> {
  const { namespace } = release
  const selector = 'app.kubernetes.io/component=import-database'
  const jobs = await list<Job>('jobs', { namespace, selector })
  const [job] = jobs
  const failed = job?.status?.conditions?.find(({ type }) => type === 'Failed')
  if (jobs.length !== 1 || failed === undefined) return undefined
  const pods = await list<Pod>('pods', {
    namespace,
    selector: `batch.kubernetes.io/job-name=${job?.metadata?.name}`,
  })
  const [status] = pods.flatMap((pod) => pod.status?.containerStatuses ?? [])
  const sentence = status?.state?.terminated?.message
  return sentence === undefined ? undefined : { sentence, reason: failed.reason, pods: pods.length }
}
