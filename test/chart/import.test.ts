import { expect, test } from 'vitest'
import { merge } from './merge.ts'
import { render, type Values } from './render.ts'
import { envOf, jobOf, secretsOf, viewOf } from './views.ts'

const keys = [{ secretRef: { name: 'old-keys' } }]
const fromServer: Values = {
  envFrom: keys,
  import: { database: { enabled: true, server: { host: 'old.example.com' } } },
}
const fromFile: Values = {
  envFrom: keys,
  import: {
    database: {
      enabled: true,
      source: 'file',
      file: { path: 'dumps/old.dump', storage: { existingClaim: 'theirs' } },
    },
  },
}
const withServer = (
  server: NonNullable<NonNullable<Values['import']>['database']>['server'] & object,
): Values => merge(fromServer, { import: { database: { server } } })
const secret = (name: string, key: string) => ({ secretKeyRef: { name, key } })

test('there is no import unless asked for', async () => {
  const chart = await render()
  expect(chart.has('ConfigMap', 'mastodon-import-database')).toBe(false)
  expect(() => jobOf(chart, 'import-database')).toThrow('no Job')
})

test('the import runs with the programs of PostgreSQL, as its user', async () => {
  const chart = await render(fromServer)
  const { main, pod } = viewOf(chart, 'import-database')
  expect(main.image).toBe(viewOf(chart, 'postgresql').main.image)
  expect(pod.securityContext).toMatchObject({ runAsUser: 999, runAsGroup: 999, runAsNonRoot: true })
})

test('a newer old server needs a newer image, without the digest of the other', async () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const chart = await render(
    merge(fromServer, {
      postgresql: { image: { digest } },
      jobs: { importDatabase: { image: { tag: '18.1-bookworm' } } },
    }),
  )
  expect(viewOf(chart, 'import-database').main.image).toBe(
    'docker.io/library/postgres:18.1-bookworm',
  )
})

test('the import finds its programs', async () => {
  const chart = await render(fromServer)
  const { main, pod } = viewOf(chart, 'import-database')
  expect(main.args).toEqual(['bash', '/scripts/import-database.sh'])
  expect(pod.volumes).toContainEqual({
    name: 'scripts',
    configMap: { name: 'mastodon-import-database' },
  })
  expect(chart.one('ConfigMap', 'mastodon-import-database').data).toHaveProperty([
    'import-database.sh',
  ])
})

test('the import knows the old server', async () => {
  const server = {
    host: 'old.example.com',
    port: 5433,
    database: 'toots',
    user: 'fedi',
    sslMode: 'require',
  } as const
  expect(envOf(viewOf(await render(withServer(server)), 'import-database').main)).toMatchObject({
    SOURCE: 'server',
    OLD_HOST: 'old.example.com',
    OLD_PORT: '5433',
    OLD_DATABASE: 'toots',
    OLD_USER: 'fedi',
    OLD_SSLMODE: 'require',
  })
})

test('an old server is PostgreSQL as Mastodon sets it up, unless told otherwise', async () => {
  const env = envOf(viewOf(await render(withServer({})), 'import-database').main)
  expect(env).toMatchObject({
    OLD_PORT: '5432',
    OLD_DATABASE: 'mastodon_production',
    OLD_USER: 'mastodon',
    OLD_SSLMODE: 'prefer',
  })
})

test('the import knows the file, and no server', async () => {
  const env = envOf(viewOf(await render(fromFile), 'import-database').main)
  expect(env).toMatchObject({ SOURCE: 'file', FILE_PATH: 'dumps/old.dump' })
  expect(Object.keys(env).filter((name) => name.startsWith('OLD_'))).toEqual([])
})

test('the password of the old server stands in one Secret alone', async () => {
  const chart = await render(withServer({ password: { value: 'correct-horse' } }))
  expect(secretsOf(chart, 'mastodon-import-database')).toEqual({ password: 'correct-horse' })
  expect(chart.one('Secret', 'mastodon-import-database').type).toBe('Opaque')
  expect(chart.text.split('correct-horse')).toHaveLength(2)
  expect(envOf(viewOf(chart, 'import-database').main).OLD_PASSWORD).toEqual(
    secret('mastodon-import-database', 'password'),
  )
})

test("the password of the old server is read from a Secret of the user's", async () => {
  const chart = await render(withServer({ password: { existingSecret: 'mine', key: 'word' } }))
  expect(envOf(viewOf(chart, 'import-database').main).OLD_PASSWORD).toEqual(secret('mine', 'word'))
  expect(chart.has('Secret', 'mastodon-import-database')).toBe(false)
})

test('the import writes to the PostgreSQL of the release', async () => {
  expect(envOf(viewOf(await render(fromFile), 'import-database').main)).toMatchObject({
    DB_HOST: 'mastodon-postgresql',
    DB_NAME: 'mastodon',
    DB_USER: 'mastodon',
    DB_PASS: secret('mastodon-passwords', 'postgresql'),
  })
})

test.each([
  [{}, 'db.example.com', '6432'],
  [{ direct: { host: 'direct.example.com', port: 5432 } }, 'direct.example.com', '5432'],
])('the import writes to an external PostgreSQL, past a pooler: %j', async (more, host, port) => {
  const postgresql = {
    mode: 'external',
    host: 'db.example.com',
    port: 6432,
    database: 'toots',
    user: 'fedi',
    sslMode: 'require',
    ...more,
  } as const
  const chart = await render(merge(fromFile, { postgresql }))
  expect(envOf(viewOf(chart, 'import-database').main)).toMatchObject({
    SOURCE: 'file',
    DB_HOST: host,
    DB_PORT: port,
    DB_NAME: 'toots',
    DB_USER: 'fedi',
    DB_SSLMODE: 'require',
  })
})

test.each<[string, Values]>([
  ['of the release', {}],
  ['at an address', { redis: { mode: 'external', url: { existingSecret: 'mine', key: 'url' } } }],
])('the import knows nothing of the keys and of a Redis %s', async (_, values) => {
  const { main } = viewOf(await render(merge(fromServer, values)), 'import-database')
  expect(Object.keys(envOf(main)).filter((name) => name.startsWith('REDIS'))).toEqual([])
  expect(main.envFrom ?? []).toEqual([])
})

test('an import that no retry helps fails at once, one that was evicted is repeated', async () => {
  const { spec } = jobOf(await render(fromServer), 'import-database')
  expect(spec?.template.spec?.restartPolicy).toBe('Never')
  expect(spec?.podFailurePolicy?.rules).toEqual([
    { action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } },
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ])
})

test('another generation or source makes another import', async () => {
  const name = async (values: Values) =>
    jobOf(await render(values), 'import-database').metadata.name
  const first = await name(fromServer)
  const again = merge(fromServer, { jobs: { importDatabase: { generation: 1 } } })
  expect(new Set([first, await name(again), await name(fromFile)]).size).toBe(3)
})

test('the import needs no token', async () => {
  const { pod } = viewOf(await render(fromServer), 'import-database')
  expect(pod.automountServiceAccountToken).toBe(false)
})

test('an import from a file mounts its share read-only', async () => {
  const chart = await render({
    envFrom: keys,
    import: {
      database: {
        enabled: true,
        source: 'file',
        file: {
          path: 'a.dump',
          storage: { type: 'nfs', nfs: { server: '192.0.2.1', path: '/export' } },
        },
      },
    },
  })
  const { pod, main } = viewOf(chart, 'import-database')
  expect(pod.volumes).toContainEqual({
    name: 'import',
    persistentVolumeClaim: { claimName: 'mastodon-import' },
  })
  expect(main.volumeMounts).toContainEqual({ name: 'import', mountPath: '/import', readOnly: true })
  expect(chart.one('PersistentVolume', 'mastodon-mastodon-import').spec?.mountOptions).toEqual([
    'nfsvers=3',
  ])
})

test('an import from a server needs no claim', async () => {
  const chart = await render({
    envFrom: keys,
    import: { database: { enabled: true, server: { host: 'old.example.com' } } },
  })
  expect(chart.has('PersistentVolumeClaim', 'mastodon-import')).toBe(false)
})

test('the import checks the certificate of an external server as all else does', async () => {
  const ca = { existingSecret: 'ca', key: 'ca.crt' }
  const postgresql = {
    mode: 'external',
    host: 'db.example.com',
    sslMode: 'verify-full',
    ca,
  } as const
  const { main, pod } = viewOf(await render(merge(fromServer, { postgresql })), 'import-database')
  expect(envOf(main).PGSSLROOTCERT).toBe('/etc/postgresql-ca/ca.crt')
  const mount = { name: 'postgresql-ca', mountPath: '/etc/postgresql-ca', readOnly: true }
  expect(main.volumeMounts).toContainEqual(mount)
  expect(pod.volumes?.map(({ name }) => name)).toContain('postgresql-ca')
})
