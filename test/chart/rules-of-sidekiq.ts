import type { Values } from './render.ts'
import type { RuleCase } from './rule-case.ts'

type Workers = NonNullable<NonNullable<Values['sidekiq']>['workers']>

const queues = ['default', 'push', 'ingress', 'mailers', 'pull', 'scheduler', 'fasp']
const others = queues.filter((queue) => queue !== 'scheduler')
const workers = (...list: Workers): Values => ({ sidekiq: { workers: list } })

/** Rules of zz-validate/_sidekiq.tpl. */
export const sidekiqRules: readonly RuleCase[] = [
  {
    rule: 'two workers of one name',
    broken: workers({ name: 'a', queues }, { name: 'a', queues: ['push'] }),
    lines: ['sidekiq.workers[1].name: "a" names another worker, too. Give each its own name.'],
    met: workers({ name: 'a', queues }, { name: 'b', queues: ['push'] }),
  },
  {
    rule: 'two replicas of the scheduler',
    broken: workers({ name: 'a', queues, replicas: 2 }),
    lines: [
      'sidekiq.workers[0].replicas: must be 1, as this worker serves "scheduler" and a second process would queue everything twice. Move "scheduler" to a worker of its own.',
    ],
    met: workers(
      { name: 'a', queues: others, replicas: 2 },
      { name: 'b', queues: ['scheduler'], replicas: 1 },
    ),
  },
  {
    rule: 'two replicas of a scheduler with a weight, set as default',
    broken: {
      sidekiq: { replicas: 2, workers: [{ name: 'a', queues: [...others, 'scheduler,1'] }] },
    },
    lines: [
      'sidekiq.workers[0].replicas: must be 1, as this worker serves "scheduler" and a second process would queue everything twice. Move "scheduler" to a worker of its own.',
    ],
    met: { sidekiq: { replicas: 2, workers: [{ name: 'a', queues, replicas: 1 }] } },
  },
  {
    rule: 'autoscaling of the scheduler',
    broken: workers({ name: 'a', queues, autoscaling: { enabled: true } }),
    lines: [
      'sidekiq.workers[0].autoscaling: not possible for the worker that serves "scheduler", as it must be one process. Move "scheduler" to a worker of its own.',
    ],
    met: workers(
      { name: 'a', queues: others, autoscaling: { enabled: true } },
      { name: 'b', queues: ['scheduler'] },
    ),
  },
  {
    rule: 'a scheduler that rolls',
    broken: workers({ name: 'a', queues, strategy: { type: 'RollingUpdate' } }),
    lines: [
      'sidekiq.workers[0].strategy.type: must be Recreate, as this worker serves "scheduler" and old and new pod would both queue. Remove the line.',
    ],
    met: workers({ name: 'a', queues, strategy: { type: 'Recreate' } }),
  },
  {
    rule: 'two schedulers',
    broken: workers({ name: 'a', queues }, { name: 'b', queues: ['scheduler'] }),
    lines: [
      'sidekiq.workers: "scheduler" is served by a and b, but two processes would queue everything twice. Leave it to one worker.',
    ],
    met: workers({ name: 'a', queues }, { name: 'b', queues: ['default'] }),
  },
  {
    rule: 'queues that nobody serves',
    broken: workers({ name: 'a', queues: ['mailers'] }),
    lines: queues
      .filter((queue) => queue !== 'mailers')
      .map(
        (queue) =>
          `sidekiq.workers: no worker serves the queue "${queue}", so its jobs would pile up. Add it to the queues of a worker.`,
      ),
    met: workers({ name: 'a', queues: queues.map((queue) => `${queue},2`) }),
  },
]
