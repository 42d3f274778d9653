// The processes of a release without values: on which addresses they listen, what becomes of a killed worker, of many videos at
// once, and of files that are left behind.
import type { Pod } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { page, seenBytes } from './lib/application.ts'
import { expectRunning } from './lib/checks.ts'
import { exec } from './lib/kubectl.ts'
import { dropNamespace } from './lib/namespaces.ts'
import { podsOf, statusesOf } from './lib/pods.ts'
import { type Scenario, start } from './lib/scenario.ts'
import { eventually } from './lib/wait.ts'

let scenario: Scenario
beforeAll(async () => {
  scenario = await start({ title: 'processes', helm: 4, host: 'mastodon.example' })
})
afterAll(() => dropNamespace(scenario?.release.namespace))

/** The pod of a component, which has one. */
async function podOf(component: string): Promise<Pod> {
  const [pod] = await podsOf(scenario, component)
  if (pod === undefined) throw new Error(`${component} has no pod.`)
  return pod
}

/** Runs a command in the main container of a component. */
async function run(component: string, ...command: readonly string[]): Promise<string> {
  const { metadata } = await podOf(component)
  return exec(scenario.release.namespace, metadata?.name ?? '', command, { container: 'main' })
}
const shell = (component: string, text: string) => run(component, 'bash', '-c', text)
const mainOf = (pod: Pod) => statusesOf(pod).find(({ name }) => name === 'main')

test('runs', async () => {
  await expectRunning(scenario)
})

// In a cluster with IPv6 only, the pod's own address is of the same kind as this one.
test.each([
  ['web', 'curl -fsS -g http://[::1]:3000/health'],
  ['streaming', 'curl -fsS -g http://[::1]:4000/api/v1/streaming/health'],
  ['postgresql', 'pg_isready -h ::1'],
  ['redis', 'valkey-cli -h ::1 ping'],
])('%s listens on IPv6', async (component, command) => {
  expect(await shell(component, command)).toMatch(/OK|PONG|accepting connections/)
})

test('five videos at once are converted within the limit of the memory', async () => {
  const names = [1, 2, 3, 4, 5].map((number) => `video-${number}.webm`)
  await Promise.all(names.map((name) => page(scenario.instance, `/api/v1/media/${name}`, name)))
  for (const name of names)
    await eventually(`${name}, converted`, () => seenBytes(scenario.instance, name), 60)
  const sidekiq = mainOf(await podOf('sidekiq-all'))
  expect(sidekiq).toMatchObject({ restartCount: 0, ready: true })
})

test('a file that was left behind goes, one that is open stays', async () => {
  await shell('sidekiq-all', 'cd $TMPDIR; >left; (exec sleep 300 5>open >/dev/null 2>&1 &)')
  // A second one beside that of the pod, with less patience. It writes to a file, as it outlives this command.
  const impatient = 'SWEEP_AGE="2 seconds ago" SWEEP_SECONDS=1 bash /scripts/sweep.sh true'
  await shell('sidekiq-all', `cd $TMPDIR; (${impatient} >swept 2>&1 &)`)
  const swept = await eventually('A file that is deleted', async () => {
    const log = await shell('sidekiq-all', 'cat $TMPDIR/swept')
    return log.includes('left') && log
  })
  expect(swept).not.toContain('open')
  expect((await shell('sidekiq-all', 'cd $TMPDIR; ls left open; true')).trim()).toBe('open')
})

test('a worker that was killed is not ready until it works again', async () => {
  const pid = "pgrep -f '^sidekiq [0-9]'"
  await shell('sidekiq-all', `kill -9 $(${pid})`)
  const restarted = await eventually('A restarted worker', async () => {
    const main = mainOf(await podOf('sidekiq-all'))
    return main?.restartCount === 1 && main.state?.running !== undefined && main
  })
  expect(restarted.ready).toBe(false)
  await eventually('A worker that is ready again', async () => {
    return mainOf(await podOf('sidekiq-all'))?.ready
  })
  expect(await run('sidekiq-all', 'pgrep', '-af', '^sidekiq')).toContain('busy]')
})
