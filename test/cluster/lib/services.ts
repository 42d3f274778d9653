import { restrictedPod } from './client.ts'
import type { Database } from './database.ts'
import { apply, kubectl } from './kubectl.ts'

/** A server that stands beside the release, under a Service of its name. */
export interface ServerOptions {
  readonly name: string
  readonly password: string
}

/** Starts a PostgreSQL without a chart; its Service is `name`, with the given ports besides 5432. */
export async function startPostgresql(
  namespace: string,
  options: ServerOptions & { user: string; database: string },
): Promise<Database> {
  const { name, user, password, database } = options
  const env = Object.entries({
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
    POSTGRES_DB: database,
    PGDATA: '/var/lib/postgresql/data/pgdata',
  }).map(([key, value]) => ({ name: key, value }))
  const pod = restrictedPod(name, {
    image: 'docker.io/library/postgres:17.7-bookworm',
    user: 999,
    command: ['docker-entrypoint.sh', 'postgres'],
    env,
    volumes: [{ name: 'data', emptyDir: {} }],
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }],
  })
  await apply(
    [withReadiness(pod, ['pg_isready', '-h', '127.0.0.1', '-U', user]), service(name, name, 5432)],
    namespace,
  )
  await ready(namespace, name)
  return { namespace, pod: name, user, password, database }
}

/** Starts a Valkey without a chart, with a password. */
export async function startValkey(
  namespace: string,
  { name, password }: ServerOptions,
): Promise<void> {
  const pod = restrictedPod(name, {
    image: 'docker.io/valkey/valkey:8.1.4-bookworm',
    user: 999,
    command: ['sh', '-c', 'exec valkey-server --save "" --dir /tmp --requirepass "$REDISCLI_AUTH"'],
    env: [{ name: 'REDISCLI_AUTH', value: password }],
  })
  await apply([withReadiness(pod, ['valkey-cli', 'ping']), service(name, name, 6379)], namespace)
  await ready(namespace, name)
}

/** A Service `name` on `port` that leads to the server `target`. */
export function service(name: string, target: string, port: number, targetPort = port): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { 'cluster-test': target }, ports: [{ port, targetPort }] },
  }
}

function withReadiness(pod: object, command: readonly string[]): object {
  const copy = structuredClone(pod) as { spec: { containers: Record<string, unknown>[] } }
  for (const container of copy.spec.containers) {
    container.readinessProbe = { exec: { command }, periodSeconds: 1, timeoutSeconds: 5 }
  }
  return copy
}

async function ready(namespace: string, pod: string): Promise<void> {
  await kubectl(['wait', `pod/${pod}`, '--for=condition=Ready', '--timeout=180s'], { namespace })
}
