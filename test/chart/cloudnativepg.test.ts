// PostgreSQL that the operator CloudNativePG runs.
import type { Render } from 'chart-harness'
import { expect, test } from 'vitest'
import { backedUp, bucket, importing, operated } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { dataOf, secret, secretsOf, viewOf } from './views.ts'

const cluster = 'mastodon-cloudnativepg'
const pooler = { enabled: true }

/** The `spec` of an object of the operator. */
async function specOf(kind: string, values: Values, name = cluster): Promise<unknown> {
  return (await render(values)).one(kind, name).spec
}

const addressesOf = (chart: Render) =>
  ['mastodon-env', 'mastodon-streaming-env'].map((name) => dataOf(chart, name))

test('a Cluster has the database and the role of Mastodon, and its text sorted as elsewhere', async () => {
  const values = operated({ instances: 3, imageName: 'a:1' }, { database: 'toots', user: 'fedi' })
  expect(await specOf('Cluster', values)).toMatchObject({
    instances: 3,
    imageName: 'a:1',
    storage: { size: preset('storage.postgresql.size') },
    bootstrap: {
      initdb: { database: 'toots', owner: 'fedi', encoding: 'UTF8', localeCType: 'C.UTF-8' },
    },
  })
})

test('what the user adds to a new database leaves the rest of it', async () => {
  const initdb = { secret: { name: 'mine' }, localeCType: 'de_DE.UTF-8', dataChecksums: false }
  expect(await specOf('Cluster', operated({ spec: { bootstrap: { initdb } } }))).toMatchObject({
    bootstrap: {
      initdb: {
        ...{ database: 'mastodon', owner: 'mastodon', encoding: 'UTF8', localeCollate: 'C.UTF-8' },
        ...initdb,
      },
    },
  })
})

test('a method without settings is as good as none', async () => {
  const nothing = await specOf('Cluster', operated({ spec: { bootstrap: { initdb: null } } }))
  expect(nothing).toEqual(await specOf('Cluster', operated()))
})

test('the storage class of all claims is that of the Cluster, too', async () => {
  const values = merge(operated(), { storage: { storageClassName: 'slow' } })
  expect(await specOf('Cluster', values)).toMatchObject({ storage: { storageClass: 'slow' } })
})

test('no server of the release is left, and nothing is generated for one', async () => {
  const chart = await render(operated())
  expect(chart.has('StatefulSet', 'mastodon-postgresql')).toBe(false)
  expect(chart.has('PersistentVolumeClaim', 'mastodon-postgresql')).toBe(false)
  const { SECRETS } = viewOf(chart, 'secrets').env
  expect(JSON.parse(String(SECRETS))['mastodon-passwords']).toEqual(['redis'])
})

test('the Cluster, with its data, survives helm uninstall and Argo CD', async () => {
  const { annotations } = (await render(operated())).one('Cluster', cluster).metadata
  expect(annotations).toEqual({
    'helm.sh/resource-policy': 'keep',
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  })
})

test('the keys of every workload and of storage reach the Cluster under its own words', async () => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: {} }
  const block = {
    settings: { max_connections: 200, jit: false },
    resources: { requests: { memory: '1Gi' }, limits: null },
    nodeSelector: { disk: 'fast' },
    tolerations: [{ operator: 'Exists' }],
    affinity: {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' },
    ],
  }
  const values = merge(operated({}, block), {
    pod: { priorityClassName: 'high' },
    storage: { postgresql: { storageClassName: 'fast' } },
    image: { pullSecrets: ['registry'] },
  })
  expect(await specOf('Cluster', values)).toMatchObject({
    storage: { storageClass: 'fast' },
    imagePullSecrets: [{ name: 'registry' }],
    postgresql: { parameters: { max_connections: '200', jit: 'false' } },
    resources: { requests: { memory: '1Gi' } },
    priorityClassName: 'high',
    affinity: {
      nodeSelector: { disk: 'fast' },
      tolerations: [{ operator: 'Exists' }],
      additionalPodAffinity: block.affinity.podAffinity,
      additionalPodAntiAffinity: block.affinity.podAntiAffinity,
    },
    topologySpreadConstraints: block.topologySpreadConstraints,
  })
})

test('Ruby and Node log in as the operator says, and verify its certificate', async () => {
  const chart = await render(operated())
  for (const component of ['web', 'streaming']) {
    const { env, pod } = viewOf(chart, component)
    expect(env.DB_PASS).toEqual(secret(`${cluster}-app`, 'password'))
    expect(pod.volumes).toContainEqual({
      name: 'postgresql-ca',
      secret: { secretName: `${cluster}-ca`, items: [{ key: 'ca.crt', path: 'ca.crt' }] },
    })
  }
  for (const data of addressesOf(chart))
    expect(data).toMatchObject({
      DB_HOST: `${cluster}-rw`,
      DB_PORT: '5432',
      DB_SSLMODE: 'verify-full',
    })
})

test('a pooler serves everything but the Jobs that migrate', async () => {
  const chart = await render(operated({ pooler }))
  for (const data of addressesOf(chart)) expect(data.DB_HOST).toBe(`${cluster}-pooler`)
  for (const job of ['migrate', 'post-migrate'])
    expect(viewOf(chart, job).env.DB_HOST).toBe(`${cluster}-rw`)
})

test('Ruby reads from the servers that follow, if it may', async () => {
  const chart = await render(operated({ instances: 2, readReplicas: true }))
  expect(dataOf(chart)).toMatchObject({
    REPLICA_DB_HOST: `${cluster}-ro`,
    REPLICA_DB_NAME: 'mastodon',
  })
  const password = secret(`${cluster}-app`, 'password')
  expect(viewOf(chart, 'web').env.REPLICA_DB_PASS).toEqual(password)
  expect(dataOf(await render(operated()))).not.toHaveProperty('REPLICA_DB_HOST')
})

test('a Pooler has transaction mode, text for settings, and a name in the certificate', async () => {
  const resources = { requests: { cpu: '1' } }
  const parameters = { max_client_conn: 500 }
  const values = operated({ pooler: { enabled: true, instances: 3, parameters, resources } })
  const spec = await specOf('Pooler', values, `${cluster}-pooler`)
  expect(spec).toMatchObject({
    cluster: { name: cluster },
    type: 'rw',
    instances: 3,
    pgbouncer: {
      poolMode: 'transaction',
      parameters: { max_client_conn: '500', max_prepared_statements: '200' },
    },
    template: { spec: { containers: [{ name: 'pgbouncer', resources }] } },
  })
  const certificates = { serverAltDNSNames: [`${cluster}-pooler`] }
  expect(await specOf('Cluster', values)).toMatchObject({ certificates })
})

test('backups go to a bucket, and what keeps them survives', async () => {
  const configuration = { wal: { compression: 'gzip' } }
  const chart = await render(
    backedUp({
      ...{ destinationPath: 's3://a/b', endpoint: 'https://s3.example.com', retention: '14d' },
      ...{ schedule: '0 30 4 * * *', configuration },
      accessKeyId: { value: 'correct-horse' },
      secretAccessKey: { existingSecret: 'mine', key: 'word' },
    }),
  )
  const store = chart.one('ObjectStore', `${cluster}-backup`)
  expect(store.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' })
  expect(store.spec).toEqual({
    retentionPolicy: '14d',
    configuration: {
      ...{ destinationPath: 's3://a/b', endpointURL: 'https://s3.example.com', ...configuration },
      s3Credentials: {
        accessKeyId: { name: 'mastodon-databases', key: 'backup-id' },
        secretAccessKey: { name: 'mine', key: 'word' },
      },
    },
  })
  expect(secretsOf(chart, 'mastodon-databases')).toEqual({ 'backup-id': 'correct-horse' })
  const name = 'barman-cloud.cloudnative-pg.io'
  expect(chart.one('ScheduledBackup', cluster).spec).toMatchObject({
    ...{ schedule: '0 30 4 * * *', cluster: { name: cluster }, method: 'plugin' },
    pluginConfiguration: { name },
  })
  expect(chart.one('Cluster', cluster).spec).toMatchObject({
    plugins: [{ name, isWALArchiver: true, parameters: { barmanObjectName: `${cluster}-backup` } }],
  })
})

test('a bucket without keys is opened by an identity that the user names', async () => {
  const s3Credentials = { inheritFromIAMRole: true }
  const values = backedUp({ destinationPath: 's3://a/b', configuration: { s3Credentials } })
  expect(await specOf('ObjectStore', values, `${cluster}-backup`)).toMatchObject({
    configuration: { s3Credentials },
  })
})

test('what the user adds to the configuration of backups wins, next to what the chart says', async () => {
  const region = { name: 'bucket', key: 'region' }
  const key = { existingSecret: 'mine', key: 'word' }
  const configuration = {
    ...{ destinationPath: 's3://c/d', endpointURL: 'https://minio.example.com' },
    s3Credentials: { region },
  }
  const values = backedUp({
    ...{ destinationPath: 's3://a/b', endpoint: 'https://s3.example.com', configuration },
    ...{ accessKeyId: key, secretAccessKey: key },
  })
  const reference = { name: 'mine', key: 'word' }
  expect(await specOf('ObjectStore', values, `${cluster}-backup`)).toMatchObject({
    configuration: {
      ...configuration,
      s3Credentials: { region, accessKeyId: reference, secretAccessKey: reference },
    },
  })
})

test('an ObjectStore of the user is used', async () => {
  const chart = await render(backedUp({ existingObjectStore: 'backups' }))
  chart.none('ObjectStore')
  expect(chart.one('Cluster', cluster).spec).toMatchObject({
    plugins: [{ parameters: { barmanObjectName: 'backups' } }],
  })
})

test('a changed key of the backup restarts nothing', async () => {
  const withKey = async (value: string) => {
    const keys = { accessKeyId: { value }, secretAccessKey: { value } }
    const chart = await render(backedUp({ destinationPath: 's3://a/b', ...keys }))
    return viewOf(chart, 'web').object
  }
  expect(await withKey('a')).toEqual(await withKey('b'))
})

test("the user's spec wins, and a restored Cluster gets the database and role of Mastodon", async () => {
  const spec = {
    bootstrap: { recovery: { source: 'old', secret: { name: 'mine' } } },
    certificates: { serverCASecret: 'authority' },
    postgresql: { parameters: { jit: 'off' }, synchronous: { method: 'any', number: 1 } },
    plugins: [{ name: 'extra.example.com' }],
    storage: { pvcTemplate: { accessModes: ['ReadWriteOnce'] }, storageClass: '' },
  }
  const backup = { enabled: true, existingObjectStore: 'backups' }
  const settings = { jit: true, max_connections: 50 }
  const storage = { storageClassName: 'slow' }
  const chart = await render(merge(operated({ spec, backup }, { settings }), { storage }))
  expect(chart.one('Cluster', cluster).spec).toMatchObject({
    postgresql: { parameters: { jit: 'off', max_connections: '50' }, synchronous: { number: 1 } },
    plugins: [{ name: 'barman-cloud.cloudnative-pg.io' }, { name: 'extra.example.com' }],
    storage: { size: preset('storage.postgresql.size'), pvcTemplate: {}, storageClass: '' },
  })
  expect(chart.one('Cluster', cluster).spec).toHaveProperty('bootstrap', {
    recovery: { ...spec.bootstrap.recovery, database: 'mastodon', owner: 'mastodon' },
  })
  const { env, pod } = viewOf(chart, 'web')
  expect(env.DB_PASS).toEqual(secret('mine', 'password'))
  expect(JSON.stringify(pod.volumes)).toContain('"secretName":"authority"')
})

test('a policy lets the release, the pods of the Cluster and peers in, and pods out to it', async () => {
  const friends = { namespaceSelector: { matchLabels: { team: 'data' } } }
  const networkPolicy = { egress: { enabled: true }, postgresql: { extraFrom: [friends] } }
  const chart = await render(merge(operated(), bucket, { networkPolicy }))
  const peer = { podSelector: { matchLabels: { 'cnpg.io/cluster': cluster } } }
  const policy = chart.one('NetworkPolicy', cluster).spec
  expect(policy?.podSelector).toEqual(peer.podSelector)
  expect(policy?.policyTypes).toEqual(['Ingress'])
  expect(policy?.ingress?.[0]?.from?.slice(1)).toEqual([peer, friends])
  const out = chart.one('NetworkPolicy', 'mastodon-web').spec?.egress ?? []
  expect(out.flatMap(({ to = [] }) => to)).toContainEqual(peer)
  expect(out.flatMap(({ ports = [] }) => ports).map(({ port }) => port)).not.toContain(5432)
  const off = await render(merge(operated(), { networkPolicy: { enabled: false } }))
  expect(off.has('NetworkPolicy', cluster)).toBe(false)
})

test('an import goes to the server, past the pooler', async () => {
  const chart = await render(merge(operated({ pooler }), importing))
  const { env } = viewOf(chart, 'import-database')
  expect(env).toMatchObject({
    ...{ DB_HOST: `${cluster}-rw`, DB_SSLMODE: 'verify-full' },
    DB_PASS: secret(`${cluster}-app`, 'password'),
    DB_SSLROOTCERT: '/etc/postgresql-ca/ca.crt',
  })
})

test('hooks refer to nothing that the operator makes', async () => {
  const chart = await render(operated())
  const hooks = chart.objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'])
  expect(hooks).not.toEqual([])
  expect(JSON.stringify(hooks)).not.toContain(cluster)
})

test.each([
  [operated(), true],
  [operated({ pooler }), false],
  [operated({}, { settings: { max_connections: 500 } }), false],
])('the notes say how to watch, and count connections to the server: %#', async (values, warns) => {
  const many = { web: { maxThreads: 60, replicas: 2 } }
  const { notes = '' } = await render(merge(values, many), { showNotes: true })
  expect(notes).toContain(`describe clusters.postgresql.cnpg.io ${cluster}`)
  expect(notes.includes('postgresql.settings.max_connections, which is')).toBe(warns)
})
