// The embedded server; databases.test.ts has what it shares with Redis.
import { bytes } from 'chart-harness'
import { expect, test } from 'vitest'
import { preset, render } from './render.ts'
import { dataOf, envOf, secret, viewOf, workload } from './views.ts'

test('PostgreSQL listens everywhere, and asks everybody for a password', async () => {
  const chart = await render()
  const files = '/etc/mastodon-postgresql'
  expect(viewOf(chart, 'postgresql').main.args).toEqual([
    ...['postgres', '-c', `hba_file=${files}/pg_hba.conf`, '-c', 'listen_addresses=*'],
  ])
  expect(dataOf(chart, 'mastodon-postgresql')['pg_hba.conf']).not.toMatch(/trust|md5/)
})

test('settings become arguments, numbers as they were written', async () => {
  const numbers = { max_wal_size: 1000000, random_page_cost: 1.1 }
  const settings = { shared_buffers: '512MB', jit: false, ...numbers }
  const { main, init } = await workload('postgresql', { postgresql: { settings } })
  const args = [
    ...['-c', 'jit=false', '-c', 'max_wal_size=1000000'],
    ...['-c', 'random_page_cost=1.1', '-c', 'shared_buffers=512MB'],
  ]
  expect(main.args?.slice(5)).toEqual(args)
  expect(init('prepare').args).toEqual(args)
})

test('a container before PostgreSQL prepares the volume, with the same mounts', async () => {
  const { main, init } = await workload('postgresql')
  const { command, volumeMounts } = init('prepare')
  expect(command).toEqual(['bash', '/etc/mastodon-postgresql/prepare.sh'])
  expect(volumeMounts).toEqual(main.volumeMounts)
})

test('the pod mounts the files that both need', async () => {
  const chart = await render()
  const { pod, main } = viewOf(chart, 'postgresql')
  const mount = { name: 'files', mountPath: '/etc/mastodon-postgresql', readOnly: true }
  expect(pod.volumes).toContainEqual({ name: 'files', configMap: { name: 'mastodon-postgresql' } })
  expect(main.volumeMounts).toContainEqual(mount)
  expect(Object.keys(dataOf(chart, 'mastodon-postgresql')).sort()).toEqual([
    ...['pg_hba.conf', 'prepare.sh', 'prepare_hba.conf', 'role.sql'],
  ])
})

test.each([
  [undefined, preset('postgresql.dataSubdirectory')],
  ['old/17', 'old/17'],
])('the data are in a directory inside the volume: %s', async (dataSubdirectory, folder) => {
  const postgresql = dataSubdirectory ? { dataSubdirectory } : {}
  const { main, env, init } = await workload('postgresql', { postgresql })
  const mountPath = '/var/lib/postgresql/data'
  expect(env.PGDATA).toBe(`${mountPath}/${folder}`)
  expect(envOf(init('prepare')).PGDATA).toBe(env.PGDATA)
  expect(main.volumeMounts).toContainEqual({ name: 'data', mountPath })
})

test('role, database and passwords are made as the values say', async () => {
  const { init } = await workload('postgresql', { postgresql: { user: 'fedi', database: 'toots' } })
  const superuser = secret('mastodon-passwords', 'superuser')
  expect(envOf(init('prepare'))).toMatchObject({
    ...{ APP_USER: 'fedi', APP_DATABASE: 'toots' },
    ...{ APP_PASSWORD: secret('mastodon-passwords', 'postgresql') },
    ...{ SUPERUSER_PASSWORD: superuser, POSTGRES_PASSWORD: superuser },
  })
})

test("the superuser's password in the values takes the place of a generated one", async () => {
  const postgresql = { superuserPassword: { value: 'b' } }
  const { init } = await workload('postgresql', { postgresql })
  expect(envOf(init('prepare')).POSTGRES_PASSWORD).toEqual(
    secret('mastodon-databases', 'superuser'),
  )
})

test('PostgreSQL is replaced when its own files change', async () => {
  const chart = await render()
  const annotations = (name: string) => viewOf(chart, name).podMetadata.annotations ?? {}
  const hash = annotations('postgresql')['checksum/files']
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(hash).not.toBe(annotations('web')['checksum/scripts'])
})

test('a new database knows every language, notices broken pages, and is made as the user says', async () => {
  const { init } = await workload('postgresql', { postgresql: { initdbArgs: ['-k', '-N'] } })
  expect(envOf(init('prepare')).POSTGRES_INITDB_ARGS).toBe(
    '--encoding=UTF8 --locale=C.UTF-8 --data-checksums -k -N',
  )
})

test('variables of the user reach what prepares the volume, too', async () => {
  const { env, init } = await workload('postgresql', { postgresql: { env: { TZ: 'UTC' } } })
  expect([env.TZ, envOf(init('prepare')).TZ]).toEqual(['UTC', 'UTC'])
})

test('PostgreSQL itself gets no password', async () => {
  expect(Object.keys((await workload('postgresql')).env)).toEqual(['PGDATA'])
})

test('the role of the application is no superuser', async () => {
  const { 'role.sql': sql } = dataOf(await render(), 'mastodon-postgresql')
  expect(sql).toContain('NOSUPERUSER NOCREATEDB NOCREATEROLE')
})

test('PostgreSQL is ready when it accepts connections', async () => {
  const { main } = await workload('postgresql')
  const ready = { command: ['pg_isready', '-q', '-h', '127.0.0.1', '-U', 'postgres'] }
  expect(main.startupProbe?.exec).toEqual(ready)
  expect(main.readinessProbe?.exec).toEqual(ready)
  expect(main.livenessProbe?.tcpSocket).toEqual({ port: 'postgresql' })
  expect(main.ports).toEqual([{ name: 'postgresql', containerPort: 5432 }])
})

test('parallel queries have shared memory, well below the limit of the container', async () => {
  const { pod, main } = await workload('postgresql')
  const shm = pod.volumes?.find(({ name }) => name === 'shm')?.emptyDir
  expect(shm?.medium).toBe('Memory')
  expect(main.volumeMounts).toContainEqual({ name: 'shm', mountPath: '/dev/shm' })
  expect(bytes(shm?.sizeLimit)).toBeGreaterThan(0)
  expect(bytes(main.resources?.limits?.memory)).toBeGreaterThan(4 * bytes(shm?.sizeLimit))
})

test.each(['tmp', 'run'])('PostgreSQL can write to %s', async (name) => {
  const { pod, main } = await workload('postgresql')
  const mountPath = name === 'tmp' ? '/tmp' : '/var/run/postgresql'
  expect(pod.volumes).toContainEqual({ name, emptyDir: {} })
  expect(main.volumeMounts).toContainEqual({ name, mountPath })
})
