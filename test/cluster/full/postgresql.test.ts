// PostgreSQL elsewhere: TLS with an authority of one's own and client certificates, a read replica, and PgBouncer. What the
// servers saw is the proof. Each test continues where the one before ended.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pinnedImage } from '../../rules/pins.ts'
import { page, streamed } from '../lib/application.ts'
import { expectSidekiq, expectStreaming, expectWeb } from '../lib/checks.ts'
import { type Database, sql } from '../lib/database.ts'
import { install, upgrade } from '../lib/helm.ts'
import { apply, exec, kubectl, secret } from '../lib/kubectl.ts'
import { expectRefusal } from '../lib/logins.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { addressesOf } from '../lib/pods.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { service } from '../lib/services.ts'
import { startPod } from '../lib/start-pod.ts'
import { eventually } from '../lib/wait.ts'

const password = 'correct-horse'
const user = { user: 'fedi', database: 'toots', password }
const data = '/var/lib/postgresql/data'
const server = `-c hba_file=/tmp/hba.conf -c log_connections=on -c ssl=on \\
  -c ssl_cert_file=/tls/tls.crt -c ssl_key_file=/tls/tls.key -c ssl_ca_file=/tls/ca.crt`
const access = `printf '%s\\n' 'local all all trust' 'host all all 127.0.0.1/32 scram-sha-256' \\
  'hostssl all fedi all scram-sha-256 clientcert=verify-full' 'hostssl all reader all scram-sha-256' \\
  'hostssl replication replicator all scram-sha-256' >/tmp/hba.conf`
const copy = `pg_basebackup -R -X stream -D "$PGDATA" -d 'host=db user=replicator password=${password} sslmode=require'`

// One certificate for all servers, one for the role.
const certificates = `
  cd "$(mktemp -d)"
  new() { openssl req -newkey rsa:2048 -nodes -keyout $1.key -out $1.csr -subj /CN=$1; }
  sign() { openssl x509 -req -in $1.csr -CA ca.crt -CAkey ca.key -days 9 -extfile <(echo "$2") -out $1.crt; }
  { openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=authority -keyout ca.key -out ca.crt
    new servers; sign servers subjectAltName=DNS:db,DNS:replica,DNS:pooler
    new fedi; sign fedi basicConstraints=CA:FALSE; } >/dev/null 2>&1
  for file in ca.crt servers.crt servers.key fedi.crt fedi.key; do cat $file; echo '#'; done`

let scenario: Scenario
let primary: Database
let replica: Database

/** Starts a server with the certificate; its pod and its Service have the same name. */
async function startServer(name: string, script: string): Promise<Database> {
  const { namespace } = scenario.release
  await apply([service(name, name, 5432)], namespace)
  await startPod(namespace, name, {
    image: pinnedImage('postgresql.image'),
    user: 999,
    command: ['bash', '-ec', script],
    env: [
      { name: 'POSTGRES_USER', value: user.user },
      { name: 'POSTGRES_PASSWORD', value: password },
      { name: 'POSTGRES_DB', value: user.database },
      { name: 'PGDATA', value: `${data}/pgdata` },
    ],
    volumes: [
      { name: 'data', emptyDir: {} },
      { name: 'tls', secret: { secretName: 'servers', defaultMode: 0o440 } },
    ],
    volumeMounts: [
      { name: 'data', mountPath: data },
      { name: 'tls', mountPath: '/tls', readOnly: true },
    ],
    ready: ['pg_isready', '-h', '127.0.0.1'],
  })
  return { ...user, namespace, pod: name }
}

beforeAll(async () => {
  scenario = await plan({ title: 'postgresql', helm: 4, host: 'mastodon.example' })
  const { namespace } = scenario.release
  const { pod } = scenario.instance.client
  const texts = (await exec(namespace, pod, ['bash', '-ec', certificates])).split('#\n')
  const [ca = '', servers = '', serversKey = '', own = '', ownKey = ''] = texts
  const bundle = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'authority' } }
  await apply(
    [
      { ...bundle, data: { 'all.pem': ca } },
      secret('servers', { 'ca.crt': ca, 'tls.crt': servers, 'tls.key': serversKey }),
      secret('client', { 'tls.crt': own, 'tls.key': ownKey }),
      secret('db', { host: 'db', port: '5432', dbname: 'toots', user: 'fedi', password }),
    ],
    namespace,
  )
  const first = `${access}; exec docker-entrypoint.sh postgres ${server}`
  primary = await startServer('db', first)
  await sql(primary, `CREATE ROLE reader LOGIN PASSWORD '${password}'`)
  await sql(primary, 'GRANT pg_read_all_data TO reader')
  await sql(primary, `CREATE ROLE replicator REPLICATION LOGIN PASSWORD '${password}'`)
  const start = `${access}; ${copy}; chmod 0700 "$PGDATA"; exec postgres ${server}`
  replica = await startServer('replica', start)
})
afterAll(() => dropNamespace(scenario?.release.namespace))

const reader = { user: 'reader', password: { value: password } }

/** Values that lead to the servers, and these about PostgreSQL. */
function values(own: object = {}): object {
  return {
    // Instead of a minute.
    pod: { env: { LOGIN_PATIENCE: 3 } },
    caBundle: { existingConfigMap: 'authority', key: 'all.pem' },
    postgresql: {
      ...{ mode: 'external', existingSecret: 'db', replica: { host: 'replica', ...reader } },
      ca: { existingConfigMap: 'authority', key: 'all.pem' },
      clientCertificate: { existingSecret: 'client' },
      ...own,
    },
  }
}

/** What PostgreSQL says of the connections from pods of a component: role, TLS, name in the certificate. */
async function seen(database: Database, component: string): Promise<string[]> {
  const addresses = (await addressesOf(scenario, component)).map((address) => `'${address}'`)
  const rows = await sql(
    database,
    `SELECT DISTINCT usename, version, client_dn FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
     WHERE client_addr IN (${addresses.join()})`,
  )
  return rows.map((row) => row.join(' ')).sort()
}

test('without a certificate Ruby and Node say what they lack', async () => {
  const none = values({ clientCertificate: {} })
  await install(scenario.release, { values: none, wait: false })
  for (const component of ['migrate', 'streaming'])
    await expectRefusal(scenario, component, 'Set postgresql.clientCertificate.')
})

test('Ruby and Node show their certificate over verified TLS', async () => {
  await upgrade(scenario.release, { values: values() })
  await expectWeb(scenario)
  await expectSidekiq(scenario)
  await expectStreaming(scenario)
  expect(await streamed(scenario.instance)).toContain('"event":"update"')
  for (const component of ['web', 'sidekiq-all', 'streaming'])
    expect(await seen(primary, component), component).toEqual(['fedi TLSv1.3 /CN=fedi'])
})

test('home timelines come from the replica, by its own role', async () => {
  const timeline = await eventually('A row on the replica', async () => {
    const found = await page(scenario.instance, '/api/v1/timelines/home')
    return (found as { visits: number }).visits > 0 && found
  })
  expect(timeline).toMatchObject({ role: 'reader', replays: true })
  expect(await seen(replica, 'web')).toEqual(['reader TLSv1.3 /CN=fedi'])
  expect(await seen(replica, 'streaming')).toEqual([])
})

test('a wrong password of the replica shows before web is ready', async () => {
  const wrong = { replica: { host: 'replica', user: 'reader', password: { value: 'wrong' } } }
  await upgrade(scenario.release, { values: values(wrong), wait: false })
  await expectRefusal(
    scenario,
    'web',
    'Correct postgresql.replica.password, or the Secret with REPLICA_DB_PASS.',
  )
})

test('without the replica pods start, and all but what it serves works', async () => {
  const { namespace } = scenario.release
  await kubectl(['delete', 'pod', 'replica', '--grace-period=1'], { namespace })
  await upgrade(scenario.release, { values: values({ preparedStatements: false }) })
  await expectWeb(scenario)
  await expect(page(scenario.instance, '/api/v1/timelines/home')).rejects.toThrow('500')
})

const pooler = `
  printf '"fedi" "%s"\\n' '${password}' >/tmp/users
  cat >/tmp/pooler.ini <<'INI'
[databases]
* = host=db port=5432
[pgbouncer]
listen_addr = *
listen_port = 6432
unix_socket_dir = /tmp
pool_mode = transaction
default_pool_size = 5
auth_type = scram-sha-256
auth_file = /tmp/users
admin_users = fedi
client_tls_sslmode = require
client_tls_ca_file = /tls/ca.crt
client_tls_cert_file = /tls/tls.crt
client_tls_key_file = /tls/tls.key
server_tls_sslmode = verify-full
server_tls_ca_file = /tls/ca.crt
server_tls_cert_file = /client/tls.crt
server_tls_key_file = /client/tls.key
INI
  exec pgbouncer /tmp/pooler.ini`

test('behind PgBouncer in transaction mode only Jobs reach PostgreSQL themselves', async () => {
  const { namespace } = scenario.release
  await apply([service('pooler', 'pooler', 6432)], namespace)
  const mount = (name: string, secretName: string) => ({
    ...{ name, secret: { secretName, defaultMode: 0o440 } },
  })
  await startPod(namespace, 'pooler', {
    image: pinnedImage('postgresql.image'),
    user: 999,
    command: ['bash', '-ec', pooler],
    volumes: [mount('tls', 'servers'), mount('client', 'client')],
    volumeMounts: ['tls', 'client'].map((name) => ({ name, mountPath: `/${name}` })),
    ready: ['pg_isready', '-h', '127.0.0.1', '-p', '6432'],
  })
  const secretKeys = { host: '', port: '' }
  const direct = { host: 'db', port: 5432 }
  const behind = { host: 'pooler', port: 6432, pooler: true, direct, secretKeys, replica: {} }
  await upgrade(scenario.release, { values: values(behind) })
  await expectWeb(scenario)
  await expectSidekiq(scenario)
  await expectStreaming(scenario)
  const log = (pod: string) => kubectl(['logs', pod], { namespace })
  const [theirs, ours] = [await log('pooler'), await log('db')]
  for (const component of ['web', 'sidekiq-all', 'streaming', 'migrate', 'post-migrate'])
    for (const address of await addressesOf(scenario, component)) {
      const isJob = component.endsWith('migrate')
      expect(theirs.includes(`@${address}:`), `${component} at the pooler`).toBe(!isJob)
      expect(ours.includes(`host=${address} `), `${component} at PostgreSQL`).toBe(isJob)
    }
})
