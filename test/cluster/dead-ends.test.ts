// Where volumes of type nfs get stuck, and the commands of docs/storage.md that resolve it. Only the
// databases run. Each test leaves the release running for the next.
import { runCommand } from 'chart-harness'
import type { PersistentVolume, PersistentVolumeClaim } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exampleFile } from '../rules/project.ts'
import { embeddedDatabase, sql } from './lib/database.ts'
import { type HelmMajor, helm, install, tryDeploy, uninstall, upgrade } from './lib/helm.ts'
import { find, kubectl } from './lib/kubectl.ts'
import { removeNamespace } from './lib/namespaces.ts'
import { plan, type Scenario } from './lib/scenario.ts'
import { emptyShare, nfsVolume, removeShare, type Share } from './lib/shares.ts'
import { idle, startPod } from './lib/start-pod.ts'
import { eventually } from './lib/wait.ts'

const shareNames = ['cluster-test-first', 'cluster-test-second']
const claim = 't-mastodon-postgresql'
const files = [exampleFile('minimal')]

let scenario: Scenario
let first: Share
let second: Share

beforeAll(async () => {
  const [one = '', two = ''] = shareNames
  first = await emptyShare(one, 999)
  second = await emptyShare(two, 999)
  scenario = await plan({ title: 'dead-ends', helm: 3 })
  await install(scenario.release, { files, values: values(first) })
  await sql(await database(), 'CREATE TABLE kept (word text)')
  await sql(await database(), "INSERT INTO kept VALUES ('here')")
})
afterAll(async () => {
  await removeNamespace(scenario?.release.namespace)
  await Promise.all(shareNames.map(removeShare))
})

test.each<HelmMajor>([3, 4])('another path is refused by Kubernetes, Helm %d', async (major) => {
  const other = { ...scenario.release, helm: major }
  const { code, stderr } = await tryDeploy('upgrade', other, { files, values: values(second) })
  expect(code).not.toBe(0)
  expect(stderr).toContain('spec.persistentvolumesource is immutable after creation')
})

test('after an uninstall the release takes another path, with the data that was copied there', async () => {
  await uninstall(scenario.release)
  await gone()
  await runCommand('cp', ['-a', `${first.folder}/.`, second.folder])
  await install(scenario.release, { files, values: values(second) })
  await expectRow()
})

test('a claim that was deleted by hand leaves a released volume, which is freed by a patch', async () => {
  const { namespace } = scenario.release
  await kubectl(['delete', 'pvc', claim, '--wait=false'], { namespace })
  await kubectl(['scale', 'statefulset', claim, '--replicas=0'], { namespace })
  await eventually('A released volume', async () => (await phase()) === 'Released')
  await upgrade(scenario.release, { files, values: values(second), wait: false })
  const pending = await find<PersistentVolumeClaim>('pvc', claim, namespace)
  expect([pending?.status?.phase, await phase()]).toEqual(['Pending', 'Released'])
  const patch = '[{"op":"remove","path":"/spec/claimRef/uid"}]'
  await kubectl(['patch', 'pv', volume(), '--type=json', `--patch=${patch}`])
  await expectRow()
})

test('a reinstall while the old claim terminates loses it again, and an upgrade creates a new one', async () => {
  const { namespace } = scenario.release
  await hold()
  await helm(scenario.release, 'uninstall')
  const terminating = await find<PersistentVolumeClaim>('pvc', claim, namespace)
  expect(terminating?.metadata?.deletionTimestamp).toBeDefined()
  await install(scenario.release, { files, values: values(second), wait: false })
  await kubectl(['delete', 'pod', 'holder', '--grace-period=1'], { namespace })
  await gone()
  await upgrade(scenario.release, { files, values: values(second) })
  await expectRow()
})

function values(share: Share): object {
  const none = { type: 'emptyDir' }
  const storage = { postgresql: nfsVolume(share), redis: none, system: none }
  return { maintenance: true, storage }
}

const database = () => embeddedDatabase(scenario)
const volume = () => `${scenario.release.namespace}-${claim}`

async function phase(): Promise<string | undefined> {
  return (await find<PersistentVolume>('pv', volume()))?.status?.phase
}

/** Waits until claim and volume are gone. */
async function gone(): Promise<void> {
  await eventually('The end of claim and volume', async () => {
    const left = [await find('pvc', claim, scenario.release.namespace), await find('pv', volume())]
    return left.every((object) => object === undefined)
  })
}

/** PostgreSQL runs on the data that was there from the beginning. */
async function expectRow(): Promise<void> {
  const rows = await eventually('PostgreSQL with the rows', async () =>
    sql(await database(), 'SELECT word FROM kept'),
  )
  expect(rows).toEqual([['here']])
}

/** Starts a pod that keeps the claim in use, as a backup would. */
async function hold(): Promise<void> {
  await startPod(scenario.release.namespace, 'holder', {
    ...idle,
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
    volumeMounts: [{ name: 'data', mountPath: '/data', readOnly: true }],
  })
}
