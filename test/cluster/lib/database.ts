import { exec, secretValues } from './kubectl.ts'

/** A PostgreSQL in the cluster, and who asks. */
export interface Database {
  readonly namespace: string
  readonly pod: string
  readonly user: string
  readonly password: string
  readonly database: string
}

/** The embedded PostgreSQL of a release; `fullname` begins the names of its objects. */
export async function embeddedDatabase(namespace: string, fullname: string): Promise<Database> {
  const { postgresql: password = '' } = await secretValues(namespace, `${fullname}-passwords`)
  const pod = `${fullname}-postgresql-0`
  return { namespace, pod, user: 'mastodon', password, database: 'mastodon' }
}

/** Runs SQL; returns the rows, each a list of its columns as text. */
export async function sql(target: Database, statement: string): Promise<string[][]> {
  const { namespace, pod, user, password, database } = target
  const psql = `psql -v ON_ERROR_STOP=1 -qAtX -F '\t' -h 127.0.0.1 -U '${user}' -d '${database}'`
  // The password goes by standard input: arguments show up in the logs of the API server.
  const script = `read -r PGPASSWORD; export PGPASSWORD; ${psql}`
  const text = await exec(namespace, pod, ['bash', '-c', script], {
    container: 'main',
    input: `${password}\n${statement}\n`,
  })
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}

/** The versions of the migrations that were run, in order. */
export async function migrations(target: Database): Promise<string[]> {
  const rows = await sql(target, 'SELECT version FROM schema_migrations ORDER BY version')
  return rows.flat()
}
