// The sum of connections to PostgreSQL that the notes name. Of web it is processes × threads, and one of Puma's parent.
import { expect, test } from 'vitest'
import { external, queues } from './components.ts'
import { merge, render, type Values } from './render.ts'

/** The sentence as one line. */
async function sentence(values: Values): Promise<string> {
  const { notes } = await render(values, { showNotes: true })
  const text = notes.split('\n\n').find((paragraph) => paragraph.startsWith('CONNECTIONS: '))
  return (text ?? '').replace(/\s+/g, ' ')
}

const worker = { name: 'all', queues, concurrency: 7 }
// 3 × 4 + 1, 10 and 7, of which the worker with the scheduler is never there twice.
const small: Values = {
  web: { workers: 3, maxThreads: 4 },
  sidekiq: { workers: [worker] },
}
const scheduler = { name: 'scheduler', queues: ['scheduler'], concurrency: 1 }
const split = [{ ...worker, queues: queues.filter((queue) => queue !== 'scheduler') }, scheduler]
const scaling = { autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 9 } }

test.each<[string, Values, usual: number, update: number]>([
  ['each component once', {}, 13 + 10 + 7, 26 + 20 + 7],
  ['a single process', { web: { workers: 0 } }, 5 + 10 + 7, 10 + 20 + 7],
  ['pods', { web: { replicas: 5 }, streaming: { replicas: 2 } }, 65 + 20 + 7, 78 + 30 + 7],
  ['all pods of autoscalers', { web: scaling }, 9 * 13 + 10 + 7, 10 * 13 + 20 + 7],
  ['its own pool of streaming', { streaming: { env: { DB_POOL: 25 } } }, 13 + 25 + 7, 26 + 50 + 7],
  [
    'pools of the values',
    {
      ...{ web: { databasePool: 6 }, streaming: { databasePool: 3 } },
      sidekiq: { workers: [{ ...worker, databasePool: 9 }] },
    },
    ...([19 + 3 + 9, 38 + 6 + 9] as const),
  ],
  ['one pod where there is no number', { web: { replicas: null } }, 13 + 10 + 7, 26 + 20 + 7],
  ['every worker', { sidekiq: { workers: split } }, 13 + 10 + 7 + 1, 26 + 20 + 14 + 1],
  ['no second pod', { web: { strategy: { type: 'Recreate' } } }, 13 + 10 + 7, 13 + 20 + 7],
  [
    'a percentage, rounded up',
    { web: { replicas: 4, strategy: { rollingUpdate: { maxSurge: '30%' } } } },
    4 * 13 + 10 + 7,
    6 * 13 + 20 + 7,
  ],
  [
    "Kubernetes' quarter, rounded up",
    { web: { replicas: 5, strategy: { rollingUpdate: null } } },
    5 * 13 + 10 + 7,
    7 * 13 + 20 + 7,
  ],
])('the connections are the sum over %s', async (_, values, usual, update) => {
  const text = await sentence(merge(small, values))
  expect(text).toContain(`hold up to ${usual} connections to PostgreSQL, ${update} while an update`)
})

const accepting = (max_connections: number): Values => ({
  postgresql: { settings: { max_connections } },
})
// Two Jobs or `tootctl`, with six each.
const needed = 26 + 20 + 7 + 12

test('the notes warn if the embedded server accepts fewer, with a few for Jobs', async () => {
  const warning = 'postgresql.settings.max_connections, which is'
  expect(await sentence(merge(small, accepting(needed)))).not.toContain(warning)
  expect(await sentence(merge(small, accepting(needed - 1)))).toContain(`${warning} ${needed - 1}.`)
  expect(await sentence({ web: { ...scaling } })).toContain(`${warning} 100.`)
})

test('an external server is for its administrator to compare', async () => {
  const text = await sentence({ postgresql: external.postgresql, web: scaling })
  expect(text).toContain('Your server, or the pooler in front of it, must accept them')
  expect(text).not.toContain('That is more')
})
