// What must hold after every install, whatever the values.
import { expect } from 'vitest'
import { jobRuns, page, state, streamed, uploadSeen, uploadSize, web } from './application.ts'
import { ask } from './client.ts'
import { helm } from './helm.ts'
import { uniqueName } from './namespaces.ts'
import { podsOf, statusesOf } from './pods.ts'
import { current, type Scenario } from './scenario.ts'
import { eventually } from './wait.ts'

/** The queues that Mastodon has. */
const queues = ['default', 'fasp', 'ingress', 'mailers', 'pull', 'push', 'scheduler']

const healthy = { status: 200, body: 'OK' }

/** The front page is that of the given version. */
export async function expectPage({ instance }: Scenario, version = current): Promise<void> {
  expect(await page(instance, '/')).toMatchObject({ version, loads: expect.any(Number) })
}

/** Web answers for its health and with a page of the given version, and refuses other hosts. */
export async function expectWeb(scenario: Scenario, version = current): Promise<void> {
  const { instance } = scenario
  expect(await ask(instance.client, { url: `http://${instance.web}/health` })).toEqual(healthy)
  await expectPage(scenario, version)
  const other = await web({ ...instance, host: 'stranger.example' }, '/')
  expect(other.status).toBe(403)
}

/** Streaming answers, and passes on what web publishes. */
export async function expectStreaming({ instance }: Scenario): Promise<void> {
  const url = `http://${instance.streaming}/api/v1/streaming/health`
  expect(await ask(instance.client, { url })).toEqual(healthy)
  expect(await streamed(instance)).toContain('"event":"update"')
}

/** Sidekiq runs a job, every queue has a listener, and one process schedules. */
export async function expectSidekiq({ instance }: Scenario): Promise<void> {
  await jobRuns(instance)
  // Processes that were stopped are listed for another minute, schedulers are not.
  const now = await eventually('One scheduler', async () => {
    const found = await state(instance)
    return found.schedulers.length === 1 && found
  })
  expect(now.pending_migrations).toEqual([])
  expect([...new Set(now.sidekiq.flatMap((process) => process.queues))].sort()).toEqual(queues)
}

/** `helm test` passes. */
export async function expectHelmTest({ release }: Scenario): Promise<void> {
  expect(await helm(release, 'test', '--timeout', '3m')).toMatch(/Phase:\s+Succeeded/)
}

/** No container of the release was restarted: what waits does not crash. */
export async function expectNoRestarts(scenario: Scenario): Promise<void> {
  const pods = await podsOf(scenario)
  const restarts = pods.flatMap((pod) =>
    statusesOf(pod)
      .filter(({ restartCount }) => restartCount > 0)
      .map(({ name, restartCount }) => `${pod.metadata?.name}/${name}: ${restartCount}`),
  )
  expect(pods.length).toBeGreaterThan(0)
  expect(restarts).toEqual([])
}

/** All of the above. */
export async function expectRunning(scenario: Scenario, version = current): Promise<void> {
  // What web stores, Sidekiq reads.
  expect(await uploadSeen(scenario.instance, uniqueName('upload'))).toBe(uploadSize)
  await expectRunningWithoutMedia(scenario, version)
}

/** All of the above, where nothing can be uploaded. */
export async function expectRunningWithoutMedia(
  scenario: Scenario,
  version = current,
): Promise<void> {
  await expectWeb(scenario, version)
  await expectSidekiq(scenario)
  await expectStreaming(scenario)
  await expectHelmTest(scenario)
  await expectNoRestarts(scenario)
}
