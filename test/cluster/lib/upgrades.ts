// What is observed during an upgrade.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type LoopAnswer, outage, startLoop } from './client.ts'
import { type Database, migrationsOf } from './database.ts'
import { podsOf } from './pods.ts'
import type { Scenario } from './scenario.ts'
import { record, timed } from './summary.ts'

/** Runs an upgrade during a loop of requests for a page; returns the answers of the loop. */
export async function underLoad(
  { instance }: Scenario,
  title: string,
  step: () => Promise<unknown>,
): Promise<readonly LoopAnswer[]> {
  const { client, host, web } = instance
  const loop = await startLoop(client, { url: `http://${web}/`, host })
  await sleep(2000)
  await timed(title, step)
  // Old pods still drain.
  await sleep(12_000)
  const answers = await loop.stop()
  record(`${title}: longest time without an answer`, `${outage(answers).toFixed(1)} s`)
  return answers
}

/** The same, and every single request must have been answered with the page. */
export async function expectNoFailure(
  scenario: Scenario,
  title: string,
  step: () => Promise<unknown>,
): Promise<void> {
  const answers = await underLoad(scenario, title, step)
  record(`${title}: requests`, String(answers.length))
  expect(answers.length).toBeGreaterThan(20)
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
}

/** Whether a migration was run, and the pods with the old image that were there after it. */
interface Order {
  readonly done: boolean
  readonly oldPodsAfterwards: readonly string[]
}

/** Checks, about once a second, whether old pods are there after a migration was run. */
export function watchOrder(
  scenario: Scenario,
  database: Database,
  { old, migration }: { old: string; migration: string },
): { stop(): Promise<Order> } {
  let stopped = false
  const watch = async (): Promise<Order> => {
    while (true) {
      const last = stopped
      // First the migration, then the pods: a pod seen now was there after it.
      const done = (await migrationsOf(database)).includes(migration)
      if (done) return { done, oldPodsAfterwards: await oldPods(scenario, old) }
      if (last) return { done, oldPodsAfterwards: [] }
      await sleep(1000)
    }
  }
  const result = watch()
  result.catch(() => {}) // `stop` passes the error on
  return {
    stop() {
      stopped = true
      return result
    },
  }
}

/** The pods of an old version that have not ended. */
async function oldPods(scenario: Scenario, old: string): Promise<string[]> {
  const web = await podsOf(scenario, 'web')
  const sidekiq = await podsOf(scenario, 'sidekiq-all')
  return [...web, ...sidekiq]
    .filter(({ status }) => !['Succeeded', 'Failed'].includes(status?.phase ?? ''))
    .filter(({ spec }) => spec?.containers.some(({ image }) => image?.endsWith(`:v${old}`)))
    .map(({ metadata }) => metadata?.name ?? '')
}
