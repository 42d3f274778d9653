// An old instance, and the new ones that it becomes.
import { expect } from 'vitest'
import { page, seenBytes, state, uploadSeen } from './application.ts'
import { expectSidekiq, expectWeb } from './checks.ts'
import { migrations } from './database.ts'
import { example, type HelmMajor } from './helm.ts'
import { carrySecrets, contents, databaseOf, dumpTo, reachable } from './imports.ts'
import { exec, kubectl } from './kubectl.ts'
import { removeNamespace } from './namespaces.ts'
import { current, earlier, type Scenario, start, version } from './scenario.ts'
import { emptyShare, type Share } from './shares.ts'

/** The files with values of every instance here. */
export const files = [example('minimal')]

/** The share with the dumps. */
export const shareName = 'mastodon-import'

/** The migration that runs last, and encrypts the accounts' keys. */
export const post = '20260801000001'

/** An instance that was stopped, as before every move: only its databases run. */
export interface OldInstance {
  readonly scenario: Scenario
  /** Has its plain dump, `old.sql`. */
  readonly share: Share
  /** What its users would miss. */
  readonly rows: readonly string[][]
}

/** Runs an instance of the earlier Mastodon with two accounts and an upload, dumps it and stops it. */
export async function startOld(): Promise<OldInstance> {
  const { mastodon } = version(earlier)
  const admin = { enabled: true, username: 'alice', email: 'alice@example.com' }
  const values = { ...version(earlier), mastodon: { ...mastodon, admin }, ...reachable }
  const scenario = await start({ title: 'old', helm: 4, files, values })
  const { namespace } = scenario.release
  await uploadSeen(scenario.instance, 'before')
  const create = ['accounts', 'create', 'bob', '--email', 'bob@example.com', '--confirmed']
  await exec(namespace, `deployment/${scenario.fullname}-web`, ['tootctl', ...create], {
    container: 'main',
  })
  await kubectl(['scale', 'deployment', '--all', '--replicas=0'], { namespace })
  const share = await emptyShare(shareName, 999)
  const database = await databaseOf(scenario)
  await dumpTo(share, 'old.sql', database, 'plain')
  return { scenario, share, rows: await contents(database) }
}

/** Installs a new instance that finds the keys of `from` (its Secret `keys`) in a Secret. */
export function moveIn(
  title: string,
  helm: HelmMajor,
  { from, keys, values }: { from: Scenario; keys: string; values: object },
): Promise<Scenario> {
  const prepare = (namespace: string) => carrySecrets(from, namespace, keys)
  return start({ title, helm, files, values, prepare })
}

/** The instance serves what the old one had, migrated and with the old one's keys. */
export async function expectMoved(scenario: Scenario, { rows }: OldInstance): Promise<void> {
  const database = await databaseOf(scenario)
  expect(rows.flat()).toEqual(expect.arrayContaining(['alice', 'bob', 'before']))
  expect(await contents(database)).toEqual(rows)
  expect(await migrations(database)).toContain(post)
  // The front page reads the signing key, so these are the right keys.
  await expectWeb(scenario.instance, current)
  const { accounts } = await state(scenario.instance)
  expect(accounts).toEqual(expect.arrayContaining(['alice', 'bob']))
  expect(await page(scenario.instance, '/api/v1/media/before')).toBeDefined()
  expect(await seenBytes(scenario.instance, 'before')).toBe(1200)
  await expectSidekiq(scenario.instance)
}

/** Deletes what a scenario left, the volume of its dump included. Takes undefined: nothing was made. */
export async function removeScenario(scenario: Scenario | undefined): Promise<void> {
  if (scenario !== undefined) await removeNamespace(scenario.release.namespace)
}
