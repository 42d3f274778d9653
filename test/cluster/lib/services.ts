import { pinnedImage } from '../../rules/pins.ts'
import type { Database } from './database.ts'
import { apply } from './kubectl.ts'
import type { Redis } from './redis.ts'
import { type PodOptions, podLabel, startPod } from './start-pod.ts'

/** The certificate of a PostgreSQL that insists on TLS, in its pod. */
export const certificate = '/tmp/server.crt'

const tlsOnly = (names: readonly string[]): string => `
  openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=${names[0]} \\
    -addext subjectAltName=${names.map((name) => `DNS:${name}`)} -keyout /tmp/server.key -out ${certificate}
  chmod 0600 /tmp/server.key
  printf '%s\\n' 'local all all trust' 'host all all 127.0.0.1/32 scram-sha-256' \\
    'hostssl all all all scram-sha-256' >/tmp/hba.conf
  exec docker-entrypoint.sh postgres -c hba_file=/tmp/hba.conf -c ssl=on \\
    -c ssl_cert_file=${certificate} -c ssl_key_file=/tmp/server.key`

/**
 * Starts a PostgreSQL without a chart; its pod and its Service have the same name.
 * @param certified the names in its certificate, if it insists on TLS
 */
export async function startPostgresql(
  namespace: string,
  name: string,
  { user, password, database }: Pick<Database, 'user' | 'password' | 'database'>,
  certified: readonly string[] = [],
): Promise<Database> {
  const data = '/var/lib/postgresql/data'
  await apply([service(name, name, 5432)], namespace)
  await startPod(namespace, name, {
    image: pinnedImage('postgresql.image'),
    user: 999,
    command:
      certified.length > 0
        ? ['bash', '-ec', tlsOnly(certified)]
        : ['docker-entrypoint.sh', 'postgres'],
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

// A Sentinel that gets no CPU for two seconds stops watching for half a minute.
const resources = { requests: { cpu: '100m' } }

/** Starts a Valkey without a chart, with a password; its pod and its Service have the same name. */
export async function startValkey(
  namespace: string,
  name: string,
  password: string,
  { args = [], ...pod }: Partial<PodOptions> & { readonly args?: readonly string[] } = {},
): Promise<Redis> {
  await apply([service(name, name, 6379)], namespace)
  const passwords = '--requirepass "$REDISCLI_AUTH" --masterauth "$REDISCLI_AUTH"'
  const script = `exec valkey-server --save "" --dir /tmp ${passwords} "$@"`
  await startPod(namespace, name, {
    image: pinnedImage('redis.image'),
    user: 999,
    command: ['sh', '-c', script, 'sh', ...args],
    env: [{ name: 'REDISCLI_AUTH', value: password }],
    resources,
    ready: ['valkey-cli', 'ping'],
    ...pod,
  })
  return { namespace, pod: name, password }
}

/** What a Sentinel watches, by which password, and its own password, if it has one. */
export interface Watch {
  readonly master: string
  readonly password: string
  readonly own?: string
  /** How many Sentinels must agree that the master is gone. */
  readonly quorum?: number
}

/** Starts a Sentinel that watches a Valkey as `main`; its pod and its Service have the same name. */
export async function startSentinel(
  namespace: string,
  name: string,
  { master, password, own, quorum = 1 }: Watch,
): Promise<void> {
  await apply([service(name, name, 26379)], namespace)
  const lines = [
    ...['port 26379', 'sentinel resolve-hostnames yes'],
    ...[`sentinel monitor main ${master} 6379 ${quorum}`, 'sentinel auth-pass main $PASSWORD'],
    ...['sentinel down-after-milliseconds main 5000', 'sentinel failover-timeout main 10000'],
    ...(own ? ['requirepass $REDISCLI_AUTH', 'sentinel sentinel-pass $REDISCLI_AUTH'] : []),
  ]
  const words = lines.map((line) => `"${line}"`).join(' ')
  const script = `printf '%s\\n' ${words} >/tmp/s.conf; exec valkey-server /tmp/s.conf --sentinel`
  await startPod(namespace, name, {
    image: pinnedImage('redis.image'),
    user: 999,
    command: ['sh', '-c', script],
    env: [
      { name: 'PASSWORD', value: password },
      ...(own ? [{ name: 'REDISCLI_AUTH', value: own }] : []),
    ],
    resources,
    ready: ['valkey-cli', '-p', '26379', 'ping'],
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
