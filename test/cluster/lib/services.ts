import { pinnedImage } from '../../rules/pins.ts'
import type { Database } from './database.ts'
import { apply } from './kubectl.ts'
import { podLabel, startPod } from './start-pod.ts'

/** Starts a PostgreSQL without a chart; its pod and its Service have the same name. */
export async function startPostgresql(
  namespace: string,
  name: string,
  { user, password, database }: Pick<Database, 'user' | 'password' | 'database'>,
): Promise<Database> {
  const data = '/var/lib/postgresql/data'
  await apply([service(name, name, 5432)], namespace)
  await startPod(namespace, name, {
    image: pinnedImage('postgresql.image'),
    user: 999,
    command: ['docker-entrypoint.sh', 'postgres'],
    env: [
      { name: 'POSTGRES_USER', value: user },
      { name: 'POSTGRES_PASSWORD', value: password },
      { name: 'POSTGRES_DB', value: database },
      { name: 'PGDATA', value: `${data}/pgdata` },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
    volumeMounts: [{ name: 'data', mountPath: data }],
    ready: ['pg_isready', '-h', '127.0.0.1', '-U', user],
  })
  return { namespace, pod: name, user, password, database }
}

/** Starts a Valkey without a chart, with a password; its pod and its Service have the same name. */
export async function startValkey(
  namespace: string,
  name: string,
  password: string,
): Promise<void> {
  await apply([service(name, name, 6379)], namespace)
  await startPod(namespace, name, {
    image: pinnedImage('redis.image'),
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
