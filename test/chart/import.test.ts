import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chart as project } from '../rules/project.ts'
import { importing } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { runningIn, secret, secretsOf, viewOf, workload } from './views.ts'

const name = 'import-database'
const withServer = (server: object) => merge(importing, { import: { database: { server } } })
const withFile = (storage: object) =>
  merge(importing, { import: { database: { source: 'file', file: { path: 'a.dump', storage } } } })
const fromFile = withFile({ existingClaim: 'theirs' })

test('there is no import unless asked for', async () => {
  const chart = await render()
  expect(chart.has('ConfigMap', 'mastodon-import-database')).toBe(false)
  expect(runningIn(chart)).not.toContain(name)
})

test('the import runs its programs with those of PostgreSQL', async () => {
  const chart = await render(importing)
  const { main, pod } = viewOf(chart, name)
  expect(main.image).toBe(viewOf(chart, 'postgresql').main.image)
  expect(main.args).toEqual(['bash', '/scripts/import-database.sh'])
  expect(main.volumeMounts).toContainEqual({
    ...{ name: 'scripts', mountPath: '/scripts', readOnly: true },
  })
  expect(pod.volumes).toContainEqual({
    name: 'scripts',
    configMap: { name: 'mastodon-import-database' },
  })
  const programs = readdirSync(join(project.path, 'files')).filter((file) => file.startsWith(name))
  const { data } = chart.one('ConfigMap', 'mastodon-import-database')
  expect(Object.keys(data ?? {}).sort()).toEqual(programs.sort())
})

test('a newer old server needs a newer image, without the digest of the other', async () => {
  const values = merge(importing, {
    postgresql: { image: { digest: `sha256:${'a'.repeat(64)}` } },
    jobs: { importDatabase: { image: { tag: '18.1-bookworm' } } },
  })
  expect((await workload(name, values)).main.image).toBe('docker.io/library/postgres:18.1-bookworm')
})

test.each([
  { port: 5433, database: 'toots', user: 'fedi', sslMode: 'require' },
  preset<Values>('import.database.server'),
])('the import knows the old server: %j', async ({ port, database, user, sslMode }) => {
  const values = withServer({ host: 'old.example.com', port, database, user, sslMode })
  expect((await workload(name, values)).env).toMatchObject({
    ...{ SOURCE: 'server', OLD_HOST: 'old.example.com', OLD_PORT: String(port) },
    ...{ OLD_DATABASE: database, OLD_USER: user, OLD_SSLMODE: sslMode },
  })
})

test('the import knows the file, and no server', async () => {
  const { env } = await workload(name, fromFile)
  expect(env).toMatchObject({ SOURCE: 'file', FILE_PATH: 'a.dump' })
  expect(Object.keys(env).filter((key) => key.startsWith('OLD_'))).toEqual([])
})

test('the password of the old server is in one Secret only', async () => {
  const chart = await render(withServer({ password: { value: 'correct-horse' } }))
  expect(secretsOf(chart, 'mastodon-import-database')).toEqual({ password: 'correct-horse' })
  expect(viewOf(chart, name).env.OLD_PASSWORD).toEqual(
    secret('mastodon-import-database', 'password'),
  )
})

test("no Secret is made beside the user's", async () => {
  const chart = await render(withServer({ password: { existingSecret: 'mine', key: 'word' } }))
  expect(chart.has('Secret', 'mastodon-import-database')).toBe(false)
})

test('the import writes to the PostgreSQL of the release', async () => {
  expect((await workload(name, fromFile)).env).toMatchObject({
    ...{ DB_HOST: 'mastodon-postgresql', DB_NAME: 'mastodon', DB_USER: 'mastodon' },
    ...{ DB_PORT: '5432', DB_PASS: secret('mastodon-passwords', 'postgresql') },
  })
})

const external = {
  ...{ mode: 'external', host: 'db.example.com', port: 6432 },
  ...{ database: 'toots', user: 'fedi', sslMode: 'require' },
}

test.each([
  ['db.example.com', '6432', {}],
  ['direct.example.com', '5432', { direct: { host: 'direct.example.com', port: 5432 } }],
])('the import writes to an external PostgreSQL at %s:%s', async (host, port, more) => {
  const values = merge(fromFile, { postgresql: { ...external, ...more } })
  expect((await workload(name, values)).env).toMatchObject({
    ...{ SOURCE: 'file', DB_HOST: host, DB_PORT: port },
    ...{ DB_NAME: 'toots', DB_USER: 'fedi', DB_SSLMODE: 'require' },
  })
})

test.each<[string, Values]>([
  ['of the release', {}],
  ['at an address', { redis: { mode: 'external', url: { existingSecret: 'mine', key: 'url' } } }],
])('the import knows nothing of the keys and of a Redis %s', async (_, values) => {
  const { main, env } = await workload(name, merge(importing, values))
  expect(Object.keys(env).filter((key) => key.startsWith('REDIS'))).toEqual([])
  expect(main.envFrom ?? []).toEqual([])
})

test('an import that no retry helps fails at once, one that was evicted is repeated', async () => {
  const { spec } = (await workload(name, importing)).own('Job')
  expect(spec?.podFailurePolicy?.rules).toEqual([
    { action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } },
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ])
})

test('another generation, source or password makes another import', async () => {
  const again = merge(importing, { jobs: { importDatabase: { generation: 1 } } })
  const passwords = ['a', 'b'].map((value) => withServer({ password: { value } }))
  const all = [importing, again, fromFile, ...passwords]
  const jobs = await Promise.all(all.map((each) => workload(name, each)))
  expect(new Set(jobs.map(({ object }) => object.metadata.name)).size).toBe(all.length)
})

test('an import from a file mounts its share read-only', async () => {
  const nfs = { server: '192.0.2.1', path: '/export' }
  const chart = await render(withFile({ type: 'nfs', nfs }))
  const { pod, main } = viewOf(chart, name)
  expect(pod.volumes).toContainEqual({
    name: 'import',
    persistentVolumeClaim: { claimName: 'mastodon-import' },
  })
  expect(main.volumeMounts).toContainEqual({ name: 'import', mountPath: '/import', readOnly: true })
  const { spec } = chart.one('PersistentVolume', 'mastodon-mastodon-import')
  const storage = 'import.database.file.storage'
  const accessModes = preset(`${storage}.accessModes`)
  const mountOptions = preset(`${storage}.nfs.mountOptions`)
  expect(spec).toMatchObject({ nfs, accessModes, mountOptions })
})

test('an import from a server needs no claim', async () => {
  const chart = await render(importing)
  expect(chart.has('PersistentVolumeClaim', 'mastodon-import')).toBe(false)
})

const bundle = { existingConfigMap: 'bundle', key: 'ca.crt' }

test('the import checks the certificate of an external server as everything else does', async () => {
  const ca = { existingSecret: 'ca', key: 'ca.crt' }
  const values = merge(importing, { postgresql: { ...external, ca } })
  const { env, main, pod } = await workload(name, values)
  const mount = { name: 'postgresql-ca', mountPath: '/etc/postgresql-ca', readOnly: true }
  expect(env.DB_SSLROOTCERT).toBe('/etc/postgresql-ca/ca.crt')
  expect(main.volumeMounts).toContainEqual(mount)
  expect(pod.volumes?.map((volume) => volume.name)).toContain('postgresql-ca')
})

test.each([
  ['verify-full', '/etc/ca-bundle/ca.crt'],
  ['require', undefined],
])('the import trusts the bundle when the old server is to be verified: %s', async (mode, file) => {
  const values = { import: { database: { server: { sslMode: mode } } }, caBundle: bundle }
  const { env, main } = await workload(name, merge(importing, values))
  expect(env.OLD_SSLROOTCERT).toBe(file)
  expect(main.volumeMounts).toContainEqual({
    ...{ name: 'ca-bundle', mountPath: '/etc/ca-bundle', readOnly: true },
  })
})
