import { expect, test } from 'vitest'
import { render } from './render.ts'
import { dataOf, envOf, initOf, secretsOf, viewOf } from './views.ts'

const secret = (name: string, key: string) => ({ secretKeyRef: { name, key } })

test('PostgreSQL runs once, in parallel with itself when it is replaced', async () => {
  const { spec } = (await render()).one('StatefulSet', 'mastodon-postgresql')
  expect(spec).toMatchObject({ replicas: 1, podManagementPolicy: 'Parallel' })
})

test('PostgreSQL listens with passwords for all', async () => {
  const { main } = viewOf(await render(), 'postgresql')
  expect(main.args).toEqual([
    'postgres',
    '-c',
    'hba_file=/etc/mastodon-postgresql/pg_hba.conf',
    '-c',
    'listen_addresses=*',
  ])
  expect(dataOf(await render(), 'mastodon-postgresql')['pg_hba.conf']).not.toMatch(/trust|md5/)
})

test('settings become arguments, numbers as they were written', async () => {
  const settings = {
    shared_buffers: '512MB',
    max_wal_size: 1000000,
    jit: false,
    random_page_cost: 1.1,
  }
  const view = viewOf(await render({ postgresql: { settings } }), 'postgresql')
  const args = [
    ...['-c', 'jit=false', '-c', 'max_wal_size=1000000'],
    ...['-c', 'random_page_cost=1.1', '-c', 'shared_buffers=512MB'],
  ]
  expect(view.main.args?.slice(5)).toEqual(args)
  expect(initOf(view, 'prepare').args).toEqual(args)
})

test('a container before PostgreSQL looks at the volume', async () => {
  const view = viewOf(await render(), 'postgresql')
  const prepare = initOf(view, 'prepare')
  expect(prepare.command).toEqual(['bash', '/etc/mastodon-postgresql/prepare.sh'])
  expect(prepare.image).toBe(view.main.image)
  expect(prepare.volumeMounts).toEqual(view.main.volumeMounts)
})

test('what prepares the volume brings its programs along', async () => {
  const { pod } = viewOf(await render(), 'postgresql')
  expect(pod.volumes).toContainEqual({ name: 'files', configMap: { name: 'mastodon-postgresql' } })
  expect(Object.keys(dataOf(await render(), 'mastodon-postgresql')).sort()).toEqual([
    'pg_hba.conf',
    'prepare.sh',
    'prepare_hba.conf',
    'role.sql',
  ])
})

test.each(['main', 'prepare'])(
  'the data lie in a directory inside the volume (%s)',
  async (name) => {
    const view = viewOf(await render(), 'postgresql')
    const container = name === 'main' ? view.main : initOf(view, name)
    expect(envOf(container).PGDATA).toBe('/var/lib/postgresql/data/pgdata')
    expect(container.volumeMounts).toContainEqual({
      name: 'data',
      mountPath: '/var/lib/postgresql/data',
    })
  },
)

test('the directory of the data can be another', async () => {
  const chart = await render({ postgresql: { dataSubdirectory: 'old/17' } })
  expect(envOf(viewOf(chart, 'postgresql').main).PGDATA).toBe('/var/lib/postgresql/data/old/17')
})

test('role, database and passwords are made as the values say', async () => {
  const chart = await render({ postgresql: { user: 'fedi', database: 'toots' } })
  expect(envOf(initOf(viewOf(chart, 'postgresql'), 'prepare'))).toMatchObject({
    APP_USER: 'fedi',
    APP_DATABASE: 'toots',
    APP_PASSWORD: secret('mastodon-passwords', 'postgresql'),
    SUPERUSER_PASSWORD: secret('mastodon-passwords', 'superuser'),
    POSTGRES_PASSWORD: secret('mastodon-passwords', 'superuser'),
  })
})

test('PostgreSQL is replaced when its own files change', async () => {
  const chart = await render()
  const hash = (component: string, name: string) =>
    viewOf(chart, component).podMetadata.annotations?.[`checksum/${name}`]
  expect(hash('postgresql', 'files')).toMatch(/^[0-9a-f]{64}$/)
  expect(hash('postgresql', 'files')).not.toBe(hash('web', 'scripts'))
})

test('a new database knows every language, and notices broken pages', async () => {
  expect(envOf(initOf(viewOf(await render(), 'postgresql'), 'prepare')).POSTGRES_INITDB_ARGS).toBe(
    '--encoding=UTF8 --locale=C.UTF-8 --data-checksums',
  )
})

test('PostgreSQL stays at its major version', async () => {
  const { image } = viewOf(await render(), 'postgresql').main
  expect(image).toMatch(/^docker\.io\/library\/postgres:17\.\d+-bookworm$/)
})

test('variables of the user reach what prepares the volume, too', async () => {
  const view = viewOf(await render({ postgresql: { env: { TZ: 'UTC' } } }), 'postgresql')
  expect(envOf(initOf(view, 'prepare')).TZ).toBe('UTC')
  expect(envOf(view.main).TZ).toBe('UTC')
})

test('PostgreSQL itself gets no password', async () => {
  expect(Object.keys(envOf(viewOf(await render(), 'postgresql').main))).toEqual(['PGDATA'])
})

test('the role of the application is no superuser', async () => {
  const sql = dataOf(await render(), 'mastodon-postgresql')['role.sql']
  expect(sql).toContain('NOSUPERUSER NOCREATEDB NOCREATEROLE')
})

test('the password of PostgreSQL stands in one Secret alone', async () => {
  const password = 'correct-horse'
  const chart = await render({ postgresql: { password: { value: password } } })
  expect(secretsOf(chart, 'mastodon-databases')).toEqual({ postgresql: password })
  expect(chart.text.split(password)).toHaveLength(2)
})

test('a password in the values takes the place of a generated one', async () => {
  const chart = await render({
    postgresql: { password: { value: 'a' }, superuserPassword: { value: 'b' } },
  })
  expect(envOf(initOf(viewOf(chart, 'postgresql'), 'prepare'))).toMatchObject({
    APP_PASSWORD: secret('mastodon-databases', 'postgresql'),
    POSTGRES_PASSWORD: secret('mastodon-databases', 'superuser'),
  })
  expect(envOf(viewOf(chart, 'web').main).DB_PASS).toEqual(
    secret('mastodon-databases', 'postgresql'),
  )
})

test("a password in a Secret of the user's is read from there", async () => {
  const password = { existingSecret: 'mine', key: 'word' }
  const chart = await render({ postgresql: { password } })
  expect(envOf(viewOf(chart, 'web').main).DB_PASS).toEqual(secret('mine', 'word'))
  expect(envOf(initOf(viewOf(chart, 'postgresql'), 'prepare')).APP_PASSWORD).toEqual(
    secret('mine', 'word'),
  )
  expect(chart.has('Secret', 'mastodon-databases')).toBe(false)
})

test('an empty password is as none', async () => {
  const chart = await render({ postgresql: { password: { value: '' } } })
  expect(envOf(viewOf(chart, 'web').main).DB_PASS).toEqual(
    secret('mastodon-passwords', 'postgresql'),
  )
  expect(envOf(viewOf(chart, 'secrets').main).SECRETS).toContain('"postgresql"')
})

test.each(['web', 'streaming', 'sidekiq-all', 'migrate', 'post-migrate'])(
  '%s finds the PostgreSQL of the release',
  async (name) => {
    const chart = await render({
      postgresql: { service: { port: 5433 }, user: 'fedi', database: 'toots' },
    })
    expect(envOf(viewOf(chart, name).main)).toMatchObject({
      DB_HOST: 'mastodon-postgresql',
      DB_PORT: '5433',
      DB_NAME: 'toots',
      DB_USER: 'fedi',
      DB_PASS: secret('mastodon-passwords', 'postgresql'),
    })
  },
)

test('PostgreSQL runs as its own user', async () => {
  const { pod } = viewOf(await render(), 'postgresql')
  expect(pod.securityContext).toMatchObject({
    runAsUser: 999,
    runAsGroup: 999,
    fsGroup: 999,
    runAsNonRoot: true,
  })
})

test('PostgreSQL is ready when it accepts connections', async () => {
  const { main } = viewOf(await render(), 'postgresql')
  const ready = { command: ['pg_isready', '-q', '-h', '127.0.0.1'] }
  expect(main.startupProbe?.exec).toEqual(ready)
  expect(main.readinessProbe?.exec).toEqual(ready)
  expect(main.livenessProbe?.tcpSocket).toEqual({ port: 'postgresql' })
})

test('parallel queries have shared memory', async () => {
  const { pod, main } = viewOf(await render(), 'postgresql')
  expect(pod.volumes).toContainEqual({
    name: 'shm',
    emptyDir: { medium: 'Memory', sizeLimit: '256Mi' },
  })
  expect(main.volumeMounts).toContainEqual({ name: 'shm', mountPath: '/dev/shm' })
})
