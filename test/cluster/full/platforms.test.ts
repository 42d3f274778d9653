// Other places to run: data on directories of the node, users that OpenShift chooses, a fork. Each release is in a
// namespace that enforces Pod Security "restricted".
import { chownSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PersistentVolume, PersistentVolumeClaim } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleFile } from '../../rules/project.ts'
import { page, seenBytes, state, uploadSeen, uploadSize } from '../lib/application.ts'
import { expectRunning } from '../lib/checks.ts'
import { install, uninstall } from '../lib/helm.ts'
import { exec, find, kubectl, list } from '../lib/kubectl.ts'
import { dropNamespace, removeNamespace } from '../lib/namespaces.ts'
import { podsOf } from '../lib/pods.ts'
import { plan, type Scenario, start } from '../lib/scenario.ts'
import { labShares } from '../lib/shares.ts'

describe('data on directories of the node', () => {
  const owners = { system: 991, postgresql: 999, redis: 999 }
  const sets = Object.keys(owners)
  let folder: string
  let scenario: Scenario
  let values: object
  beforeAll(async () => {
    const shares = await labShares()
    if (!shares)
      throw new Error('These tests make directories on the node, so run them in the lab.')
    folder = join(dirname(shares), 'directories')
    for (const [set, owner] of Object.entries(owners)) makeDirectory(join(folder, set), owner)
    const storage = Object.fromEntries(
      sets.map((set) => [
        set,
        { type: 'hostPath', hostPath: { path: join(folder, set), node: 'lab' } },
      ]),
    )
    values = { storage }
    scenario = await plan({ title: 'directories', helm: 4 })
    await install(scenario.release, { files: [exampleFile('minimal')], values })
  })
  afterAll(async () => {
    await removeNamespace(scenario?.release.namespace)
    rmSync(folder, { recursive: true, force: true })
  })

  test('runs, and the data are there', async () => {
    await expectRunning(scenario)
    expect(await uploadSeen(scenario.instance, 'kept')).toBe(uploadSize)
    expect(existsSync(join(folder, 'system/media_attachments/kept'))).toBe(true)
    expect(existsSync(join(folder, 'redis/appendonlydir'))).toBe(true)
  })

  test('uninstall removes volumes and claims, and leaves the data', async () => {
    await uninstall(scenario.release)
    const volumes = await list<PersistentVolume>('persistentvolumes')
    expect(volumes.filter(({ spec }) => spec?.hostPath?.path.startsWith(folder))).toEqual([])
    expect(existsSync(join(folder, 'system/media_attachments/kept'))).toBe(true)
  })

  test('an install finds them again', async () => {
    await install(scenario.release, { files: [exampleFile('minimal')], values })
    expect(await seenBytes(scenario.instance, 'kept')).toBe(uploadSize)
    expect((await state(scenario.instance)).visits).toBeGreaterThan(0)
  })

  test('a directory that does not exist keeps the pod from starting, and is not made', async () => {
    const { namespace } = scenario.release
    const missing = join(folder, 'postgresql')
    await kubectl(['scale', 'statefulset/t-mastodon-postgresql', '--replicas=0'], { namespace })
    await kubectl(['wait', '--for=delete', 'pod/t-mastodon-postgresql-0', '--timeout=90s'], {
      namespace,
    })
    rmSync(missing, { recursive: true })
    await kubectl(['scale', 'statefulset/t-mastodon-postgresql', '--replicas=1'], { namespace })
    const events = ['get', 'events', '--field-selector', 'reason=FailedMount', '--output', 'json']
    await expect
      .poll(() => kubectl(events, { namespace }), { timeout: 60_000, interval: 2000 })
      .toContain('hostPath type check failed')
    expect(existsSync(missing)).toBe(false)
  })
})

/** An empty directory of this machine, which is the node. */
function makeDirectory(path: string, owner: number): void {
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true, mode: 0o755 })
  chownSync(path, owner, owner)
}

describe('openshift', () => {
  // What the constraint restricted-v2 puts into a pod: a user and a group of the namespace's own range, and group 0.
  const chosen = { runAsUser: 1_000_650_000, runAsGroup: 0, fsGroup: 1_000_650_000 }
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await start({
      title: 'openshift',
      helm: 4,
      files: [exampleFile('openshift')],
      values: { pod: { podSecurityContext: chosen, tmp: { claim: { size: '1Gi' } } } },
    })
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('runs as a user whom no image knows', async () => {
    await expectRunning(scenario)
    const { namespace } = scenario.release
    const pods = await podsOf(scenario)
    const users = await Promise.all(
      pods
        .filter(({ status }) => status?.phase === 'Running')
        .map(({ metadata }) =>
          exec(namespace, metadata?.name ?? '', ['id', '-u'], { container: 'main' }),
        ),
    )
    expect(users.length).toBeGreaterThan(4)
    expect(new Set(users.map((id) => id.trim()))).toEqual(new Set(['1000650000']))
  })

  test('gives each pod a volume of its own for /tmp, which goes with the pod', async () => {
    const { namespace } = scenario.release
    const [web] = await podsOf(scenario, 'web')
    const name = web?.metadata?.name ?? ''
    const claim = await find<PersistentVolumeClaim>('pvc', `${name}-tmp`, namespace)
    expect(claim?.status?.phase).toBe('Bound')
    await kubectl(['delete', 'pod', name], { namespace })
    await expect
      .poll(() => find('pvc', `${name}-tmp`, namespace), { timeout: 60_000 })
      .toBe(undefined)
  })

  test('starts PostgreSQL again on the data that it has', async () => {
    const { namespace } = scenario.release
    await kubectl(['delete', 'pod', 't-mastodon-postgresql-0'], { namespace })
    const ready = ['wait', 'pod/t-mastodon-postgresql-0', '--for=condition=Ready', '--timeout=120s']
    await expect.poll(() => kubectl(ready, { namespace }), { timeout: 150_000 }).toContain('met')
    expect(await page(scenario.instance, '/')).toMatchObject({ loads: expect.any(Number) })
  })
})

describe('glitch-soc', () => {
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await start({ title: 'glitch-soc', helm: 3, files: [exampleFile('glitch-soc')] })
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('runs', async () => {
    await expectRunning(scenario)
  })
})
