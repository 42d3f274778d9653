// What must hold after every install, whatever the values.

import type { Pod } from 'kubernetes-types/core/v1.d.ts'
import { expect } from 'vitest'
import {
  type Instance,
  jobRuns,
  page,
  state,
  streamed,
  uploadSeen,
  uploadSize,
  web,
} from './application.ts'
import { ask } from './client.ts'
import { helm, type Release } from './helm.ts'
import { list } from './kubectl.ts'
import { uniqueName } from './namespaces.ts'
import { eventually } from './wait.ts'

/** The queues that Mastodon has. */
const queues = ['default', 'fasp', 'ingress', 'mailers', 'pull', 'push', 'scheduler']

/** Web answers for its health and with a page of the given version, and refuses other hosts. */
export async function expectWeb(instance: Instance, version: string): Promise<void> {
  expect(await ask(instance.client, { url: `http://${instance.web}/health` })).toEqual({
    status: 200,
    body: 'OK',
  })
  expect(await page(instance, '/')).toMatchObject({ version, loads: expect.any(Number) })
  const other = await web({ ...instance, host: 'stranger.example' }, '/')
  expect(other.status).toBe(403)
}

/** Streaming answers, and passes on what web publishes. */
export async function expectStreaming(instance: Instance): Promise<void> {
  const health = await ask(instance.client, {
    url: `http://${instance.streaming}/api/v1/streaming/health`,
  })
  expect(health).toEqual({ status: 200, body: 'OK' })
  expect(await streamed(instance)).toContain('"event":"update"')
}

/** Sidekiq runs a job, every queue has a listener, and one process schedules. */
export async function expectSidekiq(instance: Instance): Promise<void> {
  await jobRuns(instance)
  // Processes that were stopped are listed for another minute, schedulers are not.
  const now = await eventually('One scheduler', async () => {
    const found = await state(instance)
    return found.schedulers.length === 1 ? found : undefined
  })
  expect(now.pending_migrations).toEqual([])
  expect([...new Set(now.sidekiq.flatMap((process) => process.queues))].sort()).toEqual(queues)
}

/** `helm test` passes. */
export async function expectHelmTest(release: Release): Promise<void> {
  expect(await helm(release, 'test', '--timeout', '3m')).toMatch(/Phase:\s+Succeeded/)
}

/** No container of the release was restarted: what waits does not crash. */
export async function expectNoRestarts({ name, namespace }: Release): Promise<void> {
  const selector = `app.kubernetes.io/instance=${name}`
  const pods = await list<Pod>('pods', { namespace, selector })
  const restarts = pods.flatMap(({ metadata, status }) =>
    [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
      .filter(({ restartCount }) => restartCount > 0)
      .map((container) => `${metadata?.name}/${container.name}: ${container.restartCount}`),
  )
  expect(pods.length).toBeGreaterThan(0)
  expect(restarts).toEqual([])
}

/** All of the above. */
export async function expectRunning(
  release: Release,
  instance: Instance,
  version: string,
): Promise<void> {
  await expectWeb(instance, version)
  await expectSidekiq(instance)
  // What web stores, Sidekiq reads.
  expect(await uploadSeen(instance, uniqueName('upload'))).toBe(uploadSize)
  await expectStreaming(instance)
  await expectHelmTest(release)
  await expectNoRestarts(release)
}
