// One instance from its first day with an earlier Mastodon to a reinstall with keys of another one. Every
// test continues where the one before ended. Values: the example `minimal`.
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts'
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exampleFile } from '../rules/project.ts'
import { seenBytes, state, uploadSeen, web } from './lib/application.ts'
import { expectPage, expectRunning, expectSidekiq } from './lib/checks.ts'
import { embeddedDatabase, migrationsOf, sql } from './lib/database.ts'
import { helm, install, uninstall, upgrade } from './lib/helm.ts'
import { apply, exec, find, kubectl, list, secretValues } from './lib/kubectl.ts'
import { dropNamespace } from './lib/namespaces.ts'
import { allLogs, podsOf, refusal } from './lib/pods.ts'
import {
  current,
  earlier,
  earlierWithAdmin,
  migrations,
  type Scenario,
  start,
} from './lib/scenario.ts'
import { expectNoFailure, watchOrder } from './lib/upgrades.ts'
import { eventually } from './lib/wait.ts'

const { pre, post } = migrations
const files = [exampleFile('minimal')]
// Nobody listens there: a mail whose settings contradict each other fails before that.
const smtp = {
  ...{ server: '127.0.0.1', port: 465, tls: true, fromAddress: 'Fedi <fedi@example.com>' },
  ...{ login: 'fedi', password: { value: 'correct-horse' } },
}

let scenario: Scenario
beforeAll(async () => {
  scenario = await start({
    ...{ title: 'minimal', helm: 3, files },
    values: { ...earlierWithAdmin, smtp },
  })
})
afterAll(() => dropNamespace(scenario?.release.namespace))
const database = () => embeddedDatabase(scenario)
const secret = (name: string) =>
  secretValues(scenario.release.namespace, `${scenario.fullname}-${name}`)

test('the earlier Mastodon runs', async () => {
  await expectRunning(scenario, earlier)
  await uploadSeen(scenario.instance, 'kept')
})

test('the administrator exists, and the password is only in its Secret', async () => {
  const { username, password = '' } = await secret('admin')
  expect(username).toBe('alice')
  const digest = `encode(sha256('${password}'), 'hex')`
  const rows = await sql(
    await database(),
    `SELECT role, confirmed FROM accounts WHERE username = 'alice' AND password_digest = ${digest}`,
  )
  expect(rows).toEqual([['Owner', 't']])
  const { namespace } = scenario.release
  const elsewhere = [
    await allLogs(scenario),
    await helm(scenario.release, 'get all'),
    await kubectl(['get', 'configmaps,pods,jobs,deployments,events', '-o', 'yaml'], {
      namespace,
    }),
  ]
  expect(password).toMatch(/^\w{20,}$/)
  expect(elsewhere.filter((text) => text.includes(password))).toEqual([])
  expect(elsewhere[0]).toContain('The account alice is an Owner')
})

test('mail is sent with the settings of the values', async () => {
  const { status, body } = await web(scenario.instance, '/stand-in/mail', ' ')
  expect([status, body]).toEqual([500, expect.stringContaining('Errno::ECONNREFUSED')])
  const contradiction = ['env', 'SMTP_ENABLE_STARTTLS=auto', 'bundle', 'exec', 'rails', 'runner']
  const [pod] = await podsOf(scenario, 'web')
  const { namespace } = scenario.release
  const run = [...contradiction, 'begin Mailer.deliver; rescue => e then puts e.message end']
  expect(await exec(namespace, pod?.metadata?.name ?? '', run)).toContain('mutually exclusive')
})

test('hold: an upgrade runs only the first migrations, and no request fails', async () => {
  await expectNoFailure(scenario, `RollingUpdate ${earlier} to ${current}, held`, () =>
    upgrade(scenario.release, { files, values: { jobs: { postMigrate: { hold: true } } } }),
  )
  expect(await migrationsOf(await database())).toContain(pre)
  expect(await migrationsOf(await database())).not.toContain(post)
  await expectPage(scenario)
})

test('hold: helm rollback brings the earlier Mastodon back, and no request fails', async () => {
  await expectNoFailure(scenario, `helm rollback to ${earlier}`, () =>
    helm(scenario.release, 'rollback', '1', '--wait', '--timeout', '5m'),
  )
  await expectPage(scenario, earlier)
  expect(await migrationsOf(await database())).not.toContain(post)
})

test('the last migrations run when no old pod is left, and no request fails', async () => {
  const order = watchOrder(scenario, await database(), { old: earlier, migration: post })
  await expectNoFailure(scenario, `RollingUpdate ${earlier} to ${current}`, () =>
    upgrade(scenario.release, { files }),
  )
  expect(await order.stop()).toEqual({ done: true, oldPodsAfterwards: [] })
  await expectSidekiq(scenario)
})

test('from then on gate and migrate refuse helm rollback, and the newer Mastodon keeps serving', async () => {
  await helm(scenario.release, 'rollback', '1')
  const sentence =
    `The database was migrated by a newer Mastodon: this image does not know its migration ${post}. ` +
    'Go back to the newer version; this one can no longer use the database.'
  expect(await refusal(scenario, 'web')).toBe(sentence)
  expect(await refusal(scenario, 'migrate')).toBe(sentence)
  await expectPage(scenario)
})

test('going forward again repairs it', async () => {
  await upgrade(scenario.release, { files })
  await expectRunning(scenario)
})

test('uninstall keeps claims, keys and passwords, and leaves nothing running', async () => {
  const { namespace } = scenario.release
  const before = [await secret('keys'), await secret('passwords')]
  await uninstall(scenario.release)
  expect([await secret('keys'), await secret('passwords')]).toEqual(before)
  const claims = await list<PersistentVolumeClaim>('persistentvolumeclaims', { namespace })
  expect(claims.map(({ metadata, status }) => `${metadata?.name} ${status?.phase}`).sort()).toEqual(
    ['postgresql', 'redis', 'system'].map((set) => `t-mastodon-${set} Bound`),
  )
  expect(await list<Deployment>('deployments,statefulsets,jobs,services', { namespace })).toEqual(
    [],
  )
})

test('a reinstall under the same name, with the other Helm, finds what was kept', async () => {
  scenario = { ...scenario, release: { ...scenario.release, helm: 4 } }
  await install(scenario.release, { files })
  expect((await state(scenario.instance)).accounts).toContain('alice')
  expect(await seenBytes(scenario.instance, 'kept')).toBeGreaterThan(0)
  await expectRunning(scenario)
})

test('keys that are not those of the database are refused', async () => {
  const { namespace } = scenario.release
  const keys = await find<object>('secret', 't-mastodon-keys', namespace)
  await uninstall(scenario.release)
  await kubectl(['delete', 'secret', 't-mastodon-keys'], { namespace })
  await install(scenario.release, { files, wait: false })
  expect(await refusal(scenario, 'migrate')).toBe(
    'The ACTIVE_RECORD_ENCRYPTION_* keys are not those that this database was written with. ' +
      'Restore the Secret with the keys from your backup; with other keys the accounts cannot be read.',
  )
  await kubectl(['delete', 'secret', 't-mastodon-keys'], { namespace })
  await apply([restored(keys)], namespace)
})

test('with the keys restored it runs again', async () => {
  await upgrade(scenario.release, { files, values: { jobs: { migrate: { generation: 1 } } } })
  expect((await state(scenario.instance)).accounts).toContain('alice')
  await expectPage(scenario)
})

test.each([
  [
    'alice@example.com',
    /^The account carol could not .*: the address alice@example\.com belongs to another account\. /,
  ],
  [
    'carol@example.org',
    /^The account carol could not .*: the domain of carol@example\.org accepts no mail, /,
  ],
])('an administrator with the address %s is refused', async (email, sentence) => {
  const mastodon = { admin: { enabled: true, username: 'carol', email } }
  const values = { mastodon, jobs: { ...earlierWithAdmin.jobs, migrate: { generation: 1 } } }
  await upgrade(scenario.release, { files, values, wait: false })
  const end = await eventually('The end of the Job', async () => {
    const said = await refusal(scenario, 'admin')
    return said.includes(email) && said
  })
  expect(end).toMatch(sentence)
})

/** What a backup of a Secret looks like when it is applied again. */
function restored(object: object | undefined): object {
  const { metadata, data } = object as { metadata: { name: string }; data: object }
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: metadata.name }, data }
}
