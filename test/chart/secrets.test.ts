import { expect, test } from 'vitest'
import { instanceKeys as keys } from '../rules/external.ts'
import { everything } from './components.ts'
import { chartFile, render, type Values } from './render.ts'
import { envOf, viewOf } from './views.ts'

const credential = { existingSecret: 'passwords', key: 'word' }
const ownPasswords: Values = {
  postgresql: { password: credential, superuserPassword: credential },
  redis: { password: credential },
}
const hookObjects = ['ServiceAccount', 'Role', 'RoleBinding', 'Job']

/** What the hook makes: Secrets and their keys. */
async function generated(values: Values = {}): Promise<object> {
  return JSON.parse(String(envOf(viewOf(await render(values), 'secrets').main).SECRETS)) as object
}

test('keys and passwords that nobody supplied are made', async () => {
  expect(await generated()).toEqual({
    'mastodon-keys': keys,
    'mastodon-passwords': ['postgresql', 'superuser', 'redis'],
  })
})

test('a Secret of the user takes the place of the keys', async () => {
  expect(await generated({ secrets: { existingSecret: 'mine' } })).toEqual({
    'mastodon-passwords': ['postgresql', 'superuser', 'redis'],
  })
})

test('keys in the environment are not made', async () => {
  const values: Values = { secrets: { fromEnv: true }, envFrom: [{ secretRef: { name: 'env' } }] }
  expect(await generated(values)).not.toHaveProperty('mastodon-keys')
})

test('passwords that the user has are not made', async () => {
  expect(await generated(ownPasswords)).toEqual({ 'mastodon-keys': keys })
})

test.each([
  ['postgresql', { postgresql: { password: { value: 'x' } } }],
  ['superuser', { postgresql: { superuserPassword: { value: 'x' } } }],
  ['redis', { redis: { password: { value: 'x' } } }],
])('a password of %s in the values is not made', async (name, values) => {
  const others = ['postgresql', 'superuser', 'redis'].filter((other) => other !== name)
  expect(await generated(values)).toMatchObject({ 'mastodon-passwords': others })
})

test('passwords of external databases are not made', async () => {
  const values: Values = {
    postgresql: { mode: 'external', host: 'db.example.com' },
    redis: { mode: 'external', host: 'redis.example.com' },
  }
  expect(await generated(values)).toEqual({ 'mastodon-keys': keys })
})

test('there is no hook where nothing is left to make', async () => {
  const chart = await render({ ...ownPasswords, secrets: { existingSecret: 'mine' } })
  for (const kind of hookObjects) expect(chart.has(kind, 'mastodon-secrets')).toBe(false)
})

test.each(hookObjects)(
  'the %s of the hook stands before installs and upgrades, and goes afterwards',
  async (kind) => {
    const { annotations } = (await render()).one(kind, 'mastodon-secrets').metadata
    expect(annotations).toMatchObject({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    })
  },
)

test('no account hands out its token by itself', async () => {
  const accounts = (await render(everything)).all('ServiceAccount', { min: 3 })
  expect(accounts.filter((account) => account.automountServiceAccountToken !== false)).toEqual([])
})

test('each account that may do something is bound to its own role', async () => {
  const bindings = (await render(everything)).all('RoleBinding')
  expect(bindings.length).toBeGreaterThan(2)
  for (const { metadata, roleRef, subjects } of bindings) {
    const { name, namespace } = metadata
    expect(roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name })
    expect(subjects).toEqual([{ kind: 'ServiceAccount', name, namespace }])
  }
})

test('every Secret is an ordinary one', async () => {
  const values: Values = { smtp: { password: { value: 'one' } } }
  const secrets = (await render(values)).all('Secret')
  expect(secrets.map(({ type }) => type)).toEqual(secrets.map(() => 'Opaque'))
})

test('the rights of the hook are there before its Job', async () => {
  const chart = await render()
  const weight = (kind: string) =>
    Number(chart.one(kind, 'mastodon-secrets').metadata.annotations?.['helm.sh/hook-weight'])
  expect(Math.max(weight('Role'), weight('RoleBinding'), weight('ServiceAccount'))).toBeLessThan(
    weight('Job'),
  )
})

test('the hook may touch its Secrets alone', async () => {
  expect((await render()).one('Role', 'mastodon-secrets').rules).toEqual([
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['mastodon-keys', 'mastodon-passwords'],
      verbs: ['create', 'get', 'patch'],
    },
  ])
})

test('the hook may not touch a Secret of the user', async () => {
  const chart = await render({ secrets: { existingSecret: 'mine' } })
  expect(chart.one('Role', 'mastodon-secrets').rules?.[0]?.resourceNames).toEqual([
    'mastodon-passwords',
  ])
})

test('the hook needs nothing of the release', async () => {
  const { main, pod } = viewOf(await render(), 'secrets')
  expect(main.envFrom ?? []).toEqual([])
  expect(pod.volumes ?? []).toEqual([])
  expect(main.args?.slice(0, 2)).toEqual(['ruby', '-e'])
})

test('the program of the hook is whole', async () => {
  const program = viewOf(await render(), 'secrets').main.args?.[2]
  const files = ['kubernetes.rb', 'generate-secrets.rb'].map((name) => chartFile(`files/${name}`))
  expect(program?.trim()).toBe(files.map((text) => text.trim()).join('\n\n'))
})

test('the Secret of the environment belongs to the configuration', async () => {
  const chart = await render({ secretEnv: { A: 'b' } })
  const { labels } = chart.one('Secret', 'mastodon-env').metadata
  expect(labels?.['app.kubernetes.io/component']).toBe('config')
})

test('generated Secrets name the release, but not by the label with which Argo CD finds what to prune', async () => {
  const chart = await render({}, { release: 'fedi' })
  const { LABELS } = envOf(viewOf(chart, 'secrets').main)
  const labels = JSON.parse(String(LABELS)) as object
  expect(labels).toEqual({
    'app.kubernetes.io/name': 'mastodon',
    'app.kubernetes.io/component': 'secrets',
    'app.kubernetes.io/managed-by': 'mastodon-chart',
    'mastodon-chart/release': 'fedi',
  })
})

test('Ruby reads the generated keys', async () => {
  expect(viewOf(await render(), 'web').main.envFrom).toContainEqual({
    secretRef: { name: 'mastodon-keys' },
  })
})

test('Ruby reads the keys of the user', async () => {
  const { envFrom } = viewOf(await render({ secrets: { existingSecret: 'mine' } }), 'web').main
  expect(envFrom).toContainEqual({ secretRef: { name: 'mine' } })
  expect(envFrom).not.toContainEqual({ secretRef: { name: 'mastodon-keys' } })
})

test('Ruby refers to no Secret of keys when they are in the environment', async () => {
  const values: Values = { secrets: { fromEnv: true }, envFrom: [{ secretRef: { name: 'env' } }] }
  expect(viewOf(await render(values), 'web').main.envFrom).toEqual([
    { configMapRef: { name: 'mastodon-env' } },
    { secretRef: { name: 'env' } },
  ])
})
