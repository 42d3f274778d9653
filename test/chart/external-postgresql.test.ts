import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { dataOf, envOf, initOf, secretsOf, viewOf } from './views.ts'

const external: Values = { postgresql: { mode: 'external', host: 'db.example.com' } }

test('an external PostgreSQL renders no server, no claim and no files', async () => {
  const chart = await render(external)
  for (const kind of [
    'StatefulSet',
    'Service',
    'PersistentVolumeClaim',
    'ConfigMap',
    'NetworkPolicy',
  ])
    expect(chart.has(kind, 'mastodon-postgresql')).toBe(false)
})

test('an external PostgreSQL is named in both ConfigMaps', async () => {
  const chart = await render({
    postgresql: { ...external.postgresql, port: 6432, database: 'toots', user: 'fedi' },
  })
  const connection = {
    DB_HOST: 'db.example.com',
    DB_PORT: '6432',
    DB_NAME: 'toots',
    DB_USER: 'fedi',
  }
  expect(dataOf(chart, 'mastodon-env')).toMatchObject({ ...connection, DB_SSLMODE: 'prefer' })
  expect(dataOf(chart, 'mastodon-streaming-env')).toMatchObject(connection)
  expect(envOf(viewOf(chart, 'web').main)).not.toHaveProperty('DB_HOST')
})

test('an external PostgreSQL is expected where PostgreSQL is', async () => {
  const chart = await render(external)
  expect(dataOf(chart, 'mastodon-env')).toMatchObject({
    DB_PORT: '5432',
    DB_NAME: 'mastodon',
    DB_USER: 'mastodon',
  })
})

test.each(['web', 'sidekiq-all'])(
  'the gate of %s checks the server by the same authority',
  async (name) => {
    const ca = { existingSecret: 'ca', key: 'ca.crt' }
    const chart = await render({
      postgresql: { ...external.postgresql, sslMode: 'verify-full', ca },
    })
    const mount = { name: 'postgresql-ca', mountPath: '/etc/postgresql-ca', readOnly: true }
    const view = viewOf(chart, name)
    expect(initOf(view, 'gate').volumeMounts).toContainEqual(mount)
    expect(view.main.volumeMounts).toContainEqual(mount)
  },
)

test('an external PostgreSQL has no superuser of ours', async () => {
  const word = { value: 'correct-horse' }
  const chart = await render({
    postgresql: { ...external.postgresql, password: { value: 'a' }, superuserPassword: word },
  })
  expect(secretsOf(chart, 'mastodon-databases')).toEqual({ postgresql: 'a' })
})

test('an external PostgreSQL may have no password', async () => {
  expect(envOf(viewOf(await render(external), 'web').main)).not.toHaveProperty('DB_PASS')
})

test.each([
  [false, 'false'],
  [true, 'true'],
  [null, undefined],
])('prepared statements: %s', async (preparedStatements, text) => {
  const chart = await render({ postgresql: { preparedStatements } })
  expect(dataOf(chart, 'mastodon-env').PREPARED_STATEMENTS).toBe(text)
})

test.each(['migrate', 'post-migrate'])('%s goes around the pooler, web does not', async (name) => {
  const direct = { host: 'direct.example.com', port: 5432 }
  const chart = await render({ postgresql: { ...external.postgresql, port: 6432, direct } })
  expect(envOf(viewOf(chart, name).main)).toMatchObject({
    DB_HOST: 'direct.example.com',
    DB_PORT: '5432',
  })
  expect(dataOf(chart, 'mastodon-env')).toMatchObject({
    DB_HOST: 'db.example.com',
    DB_PORT: '6432',
  })
})

test('without a direct server migrations use the only one', async () => {
  expect(envOf(viewOf(await render(external), 'migrate').main)).not.toHaveProperty('DB_HOST')
})
