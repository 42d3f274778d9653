import type { Database } from './database.ts'
import { apply } from './kubectl.ts'
import { podLabel, startPod } from './start-pod.ts'

/** A server next to the release, behind a Service of the same name. */
export interface ServerOptions {
  readonly name: string
  readonly password: string
}

/** Starts a PostgreSQL without a chart. */
export async function startPostgresql(
  namespace: string,
  { name, user, password, database }: ServerOptions & { user: string; database: string },
): Promise<Database> {
  const data = '/var/lib/postgresql/data'
  const env = Object.entries({
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
    POSTGRES_DB: database,
    PGDATA: `${data}/pgdata`,
  })
  await apply([service(name, name, 5432)], namespace)
  await startPod(namespace, name, {
    image: 'docker.io/library/postgres:17.7-bookworm',
    user: 999,
    command: ['docker-entrypoint.sh', 'postgres'],
    env: env.map(([key, value]) => ({ name: key, value })),
    volumes: [{ name: 'data', emptyDir: {} }],
    volumeMounts: [{ name: 'data', mountPath: data }],
    ready: ['pg_isready', '-h', '127.0.0.1', '-U', user],
  })
  return { namespace, pod: name, user, password, database }
}

/** Starts a Valkey without a chart, with a password. */
export async function startValkey(
  namespace: string,
  { name, password }: ServerOptions,
): Promise<void> {
  await apply([service(name, name, 6379)], namespace)
  await startPod(namespace, name, {
    image: 'docker.io/valkey/valkey:8.1.4-bookworm',
    user: 999,
    command: ['sh', '-c', 'exec valkey-server --save "" --dir /tmp --requirepass "$REDISCLI_AUTH"'],
    env: [{ name: 'REDISCLI_AUTH', value: password }],
    ready: ['valkey-cli', 'ping'],
  })
}

/** A Service `name` on `port` that leads to the pod `target`. */
export function service(name: string, target: string, port: number, targetPort = port): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { [podLabel]: target }, ports: [{ port, targetPort }] },
  }
}
