import { exec, secretValues } from './kubectl.ts'
import type { Scenario } from './scenario.ts'

/** A PostgreSQL in the cluster, and the user that connects. */
export interface Database {
  readonly namespace: string
  readonly pod: string
  readonly user: string
  readonly password: string
  readonly database: string
}

/** The embedded PostgreSQL of a release. */
export async function embeddedDatabase({
  release,
  fullname,
}: Pick<Scenario, 'release' | 'fullname'>): Promise<Database> {
  const { namespace } = release
  const { postgresql: password = '' } = await secretValues(namespace, `${fullname}-passwords`)
  const pod = `${fullname}-postgresql-0`
  return { namespace, pod, user: 'mastodon', password, database: 'mastodon' }
}

/** The same server as its superuser. */
export async function superuser({ release, fullname }: Scenario): Promise<Database> {
  const { superuser: password = '' } = await secretValues(
    release.namespace,
    `${fullname}-passwords`,
  )
  const database = await embeddedDatabase({ release, fullname })
  return { ...database, user: 'postgres', password }
}

/** Runs a shell command next to PostgreSQL, with the password in PGPASSWORD and `input` to read. */
export function databaseShell(
  { namespace, pod, password }: Database,
  script: string,
  input = '',
): Promise<string> {
  // The password goes by standard input, as arguments show up in the logs of the API server.
  const command = [
    'bash',
    '-c',
    `set -o pipefail; read -r PGPASSWORD; export PGPASSWORD; ${script}`,
  ]
  return exec(namespace, pod, command, { container: 'main', input: `${password}\n${input}` })
}

/** Runs SQL and returns the rows, each a list of its columns as text. */
export async function sql(target: Database, statement: string): Promise<string[][]> {
  const { user, database } = target
  const psql = `psql -v ON_ERROR_STOP=1 -qAtX -F '\t' -h 127.0.0.1 -U '${user}' -d '${database}'`
  const text = await databaseShell(target, psql, `${statement}\n`)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}

/** The versions of the migrations that were run, in order. */
export async function migrationsOf(target: Database): Promise<string[]> {
  const rows = await sql(target, 'SELECT version FROM schema_migrations ORDER BY version')
  return rows.flat()
}
