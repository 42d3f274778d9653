// The keys and passwords that the user does not supply: a hook creates them in the cluster.
import { expect, test } from 'vitest'
import { instanceKeys as keys } from '../rules/external.ts'
import { everything, external } from './components.ts'
import { chartFile, merge, render, type Values } from './render.ts'
import { workload } from './views.ts'

const credential = { existingSecret: 'passwords', key: 'word' }
const ownPasswords: Values = {
  postgresql: { password: credential, superuserPassword: credential },
  redis: { password: credential },
}
const ownKeys: Values = { secrets: { existingSecret: 'mine' } }
const keysInEnv: Values = {
  secrets: { fromEnv: true },
  envFrom: [{ secretRef: { name: 'env' } }],
}
const password = { value: 'x' }
const superuser = { superuserPassword: password }
const hookObjects = ['ServiceAccount', 'Role', 'RoleBinding', 'Job']
const passwords = ['postgresql', 'superuser', 'redis']
const without = (name: string) => passwords.filter((other) => other !== name)

test.each<[string, Values, readonly string[], readonly string[]]>([
  ['nobody supplied', {}, keys, passwords],
  ['are left when the keys are in a Secret of the user', ownKeys, [], passwords],
  ['are left when the keys are in the environment', keysInEnv, [], passwords],
  ['are left when the user has all passwords', ownPasswords, keys, []],
  ['are left when the databases are elsewhere', external, keys, []],
  ['are left with one for PostgreSQL', { postgresql: { password } }, keys, without('postgresql')],
  ['are left with one for the superuser', { postgresql: superuser }, keys, without('superuser')],
  ['are left with one for Redis', { redis: { password } }, keys, without('redis')],
])('the hook makes the keys and passwords that %s', async (_, values, ofKeys, ofPasswords) => {
  const { SECRETS } = (await workload('secrets', values)).env
  expect(JSON.parse(String(SECRETS))).toEqual({
    ...(ofKeys.length > 0 ? { 'mastodon-keys': ofKeys } : {}),
    ...(ofPasswords.length > 0 ? { 'mastodon-passwords': ofPasswords } : {}),
  })
})

test('Mastodon 4.3 also gets OTP_SECRET, without which it ends at boot', async () => {
  const made = async (tag: string) => {
    const { SECRETS } = (await workload('secrets', { mastodon: { image: { tag } } })).env
    return JSON.parse(String(SECRETS))['mastodon-keys']
  }
  expect(await made('v4.3.23')).toContain('OTP_SECRET')
  expect(await made('v4.4.0')).not.toContain('OTP_SECRET')
})

test('keys that have other names in the Secret of the user are read one by one', async () => {
  const secrets = { existingSecret: 'mine', keys: { SECRET_KEY_BASE: 'secret-key-base' } }
  const { main, env } = await workload('web', { secrets })
  expect(env.SECRET_KEY_BASE).toEqual({ secretKeyRef: { name: 'mine', key: 'secret-key-base' } })
  expect(main.envFrom).toContainEqual({ secretRef: { name: 'mine' } })
  const streaming = await workload('streaming', { secrets })
  expect(streaming.env).not.toHaveProperty('SECRET_KEY_BASE')
})

test('there is no hook where nothing is left to make', async () => {
  const chart = await render({ ...ownPasswords, ...ownKeys })
  const kinds = hookObjects.filter((kind) => chart.has(kind, 'mastodon-secrets'))
  expect(kinds).toEqual([])
})

test.each(hookObjects)(
  'the %s of the hook is there before installs and upgrades, and goes afterwards',
  async (kind) => {
    const { annotations } = (await render()).one(kind, 'mastodon-secrets').metadata
    expect(annotations).toMatchObject({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    })
  },
)

test('the rights of the hook are there before its Job', async () => {
  const chart = await render()
  const weight = (kind: string) =>
    Number(chart.one(kind, 'mastodon-secrets').metadata.annotations?.['helm.sh/hook-weight'])
  const rights = hookObjects.filter((kind) => kind !== 'Job').map(weight)
  expect(Math.max(...rights)).toBeLessThan(weight('Job'))
})

test.each<[string, Values, readonly string[]]>([
  ['its Secrets', {}, ['mastodon-keys', 'mastodon-passwords']],
  ['no Secret of the user', ownKeys, ['mastodon-passwords']],
])('the hook may touch %s only', async (_, values, resourceNames) => {
  expect((await render(values)).one('Role', 'mastodon-secrets').rules).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames, verbs: ['create', 'get', 'patch'] },
  ])
})

test('the hook needs nothing of the release but its program', async () => {
  const { main, pod } = await workload('secrets')
  expect(main.envFrom ?? []).toEqual([])
  expect(pod.volumes ?? []).toEqual([])
  const [ruby, option, program] = main.args ?? []
  expect([ruby, option]).toEqual(['ruby', '-e'])
  const files = ['kubernetes.rb', 'generate-secrets.rb'].map((name) => chartFile(`files/${name}`))
  expect(program?.trim()).toBe(files.map((text) => text.trim()).join('\n\n'))
})

test('generated Secrets name the release, but not by the label that makes Argo CD prune', async () => {
  const { LABELS } = (await workload('secrets', {}, { release: 'fedi' })).env
  expect(JSON.parse(String(LABELS))).toEqual({
    'app.kubernetes.io/name': 'mastodon',
    'app.kubernetes.io/component': 'secrets',
    'app.kubernetes.io/managed-by': 'mastodon-chart',
    'mastodon-chart/release': 'fedi',
  })
})

test.each<[string, Values, string]>([
  ['the generated keys', {}, 'mastodon-keys'],
  ['the keys of the user', ownKeys, 'mine'],
  ['only what the user names when the keys are there', keysInEnv, 'env'],
])('Ruby reads %s', async (_, values, name) => {
  const { main } = await workload('web', values)
  expect(main.envFrom?.flatMap(({ secretRef }) => secretRef?.name ?? [])).toEqual([name])
})

test('no account hands out its token by itself', async () => {
  const accounts = (await render(everything)).all('ServiceAccount', { min: 3 })
  expect(accounts.filter((account) => account.automountServiceAccountToken !== false)).toEqual([])
})

test('each account that may do something is bound to its own role', async () => {
  const bindings = (await render(everything)).all('RoleBinding', { min: 3 })
  for (const { metadata, roleRef, subjects } of bindings) {
    const { name, namespace } = metadata
    expect(roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name })
    expect(subjects).toEqual([{ kind: 'ServiceAccount', name, namespace }])
  }
})

test('every Secret is an ordinary one', async () => {
  const own = { import: { database: { server: { password } } } }
  const values = merge(everything, own, { smtp: { password }, postgresql: { password } })
  const types = (await render(values)).all('Secret', { min: 3 }).map(({ type }) => type)
  expect(new Set(types)).toEqual(new Set(['Opaque']))
})
