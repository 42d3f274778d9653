import { expect, test } from 'vitest'
import { renderExample } from '../rules/project.ts'
import { anywhere, queues, type Worker, workers } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { workload } from './views.ts'

const split: Values = {
  ...anywhere,
  sidekiq: {
    concurrency: 7,
    workers: [
      { name: 'main', queues: ['default,8', 'ingress', 'mailers', 'fasp', 'scheduler,1'] },
      {
        name: 'federation',
        queues: ['push,6', 'pull'],
        concurrency: 15,
        replicas: 3,
        databasePool: 30,
      },
    ],
  },
}

async function commandOf(component: string, values?: Values): Promise<string> {
  return (await workload(component, values)).main.args?.join(' ') ?? ''
}

test('the worker of values.yaml serves its queues with its threads', async () => {
  const list = preset<readonly Worker[]>('sidekiq.workers')
  const served = list.flatMap((worker) => worker.queues.map((queue) => `-q ${queue}`)).join(' ')
  const threads = preset('sidekiq.concurrency')
  expect(await commandOf('sidekiq-all')).toBe(`bundle exec sidekiq -c ${threads} ${served}`)
})

test('values.yaml serves every queue of Mastodon', () => {
  const all = ['default', 'fasp', 'ingress', 'mailers', 'pull', 'push', 'scheduler']
  expect([...queues].sort()).toEqual(all)
})

test('queues keep their order and weight', async () => {
  expect(await commandOf('sidekiq-main', split)).toBe(
    'bundle exec sidekiq -c 7 -q default,8 -q ingress -q mailers -q fasp -q scheduler,1',
  )
})

test('a worker has its own threads and replicas', async () => {
  expect(await commandOf('sidekiq-federation', split)).toMatch(/^bundle exec sidekiq -c 15 -q/)
  const { spec } = (await workload('sidekiq-federation', split)).own('Deployment')
  expect(spec?.replicas).toBe(3)
})

test('every worker is a Deployment', async () => {
  const names = (await render(split)).all('Deployment').map(({ metadata }) => metadata.name)
  expect(names.filter((name) => name.includes('sidekiq')).sort()).toEqual([
    'mastodon-sidekiq-federation',
    'mastodon-sidekiq-main',
  ])
})

test('the scheduler ends before its successor starts, whatever all workers do', async () => {
  const values = { sidekiq: { strategy: { type: 'RollingUpdate' } } }
  const { spec } = (await workload('sidekiq-all', values)).own('Deployment')
  expect(spec?.strategy).toEqual({ type: 'Recreate' })
})

test('other workers roll', async () => {
  const { spec } = (await workload('sidekiq-federation', split)).own('Deployment')
  expect(spec?.strategy).toEqual(preset('sidekiq.strategy'))
})

test('what one worker says does not apply to another', async () => {
  const values = workers({ env: { ONLY: 'main' }, priorityClassName: 'high' })
  const { env, pod } = await workload('sidekiq-scheduler', values)
  expect(env).not.toHaveProperty('ONLY')
  expect(pod.priorityClassName).toBeUndefined()
})

test('a worker selects only its own pods', async () => {
  const { spec } = (await workload('sidekiq-main', split)).own('Deployment')
  const { matchLabels } = spec?.selector ?? {}
  expect(matchLabels?.['app.kubernetes.io/component']).toBe('sidekiq-main')
})

// What processes of the container look like to pgrep, and of which of them a probe may speak.
const title = 'sidekiq 8.1.6 mastodon [0 of 5 busy]'
test.each<[string, string, boolean, boolean]>([
  ['a process that works', title, true, true],
  ['one of Mastodon 4.3', 'sidekiq 6.5.12 mastodon [5 of 25 busy]', true, true],
  ['one without the name of a directory', 'sidekiq 8.1.6 [0 of 5 busy]', true, true],
  ['one whose title is padded', `${title}    `, true, true],
  ['one that is stopping', `${title} stopping`, false, true],
  ['one that is starting', 'ruby /usr/local/bin/bundle exec sidekiq -c 5', false, false],
  ['tini', '/usr/bin/tini -- env bundle exec sidekiq -c 5 -q default,8', false, false],
])(
  'of %s, the probes of sidekiq say: "%s" is ready %s, alive %s',
  async (_, line, ready, alive) => {
    const { main } = await workload('sidekiq-all')
    const says = (probe: typeof main.startupProbe) => {
      const [program, option, pattern = ''] = probe?.exec?.command ?? []
      expect([program, option]).toEqual(['pgrep', '-f'])
      return new RegExp(pattern).test(line)
    }
    expect(says(main.startupProbe)).toBe(ready)
    expect(says(main.readinessProbe)).toBe(ready)
    expect(says(main.livenessProbe)).toBe(alive)
  },
)

// With the variable, Sidekiq ends at boot: the file that it names is in a directory of the image.
test("sidekiq's arguments follow the image's tini and a variable less, also those of the user", async () => {
  const variable = 'MASTODON_SIDEKIQ_READY_FILENAME'
  const command = ['/usr/bin/tini', '--', 'env', '-u', variable, 'bash', '/scripts/sweep.sh']
  const args = ['bundle', 'exec', 'sidekiq', '-q', 'default']
  const { main, pod } = await workload('sidekiq-all', { sidekiq: { args } })
  expect(main).toMatchObject({ command, args })
  expect(pod.volumes?.map(({ name }) => name)).toEqual(['tmp', 'scripts', 'system'])
})

test("a command of the user's replaces all of that", async () => {
  const own = ['bundle', 'exec', 'sidekiq']
  const { main } = await workload('sidekiq-all', { sidekiq: { command: own } })
  expect(main.command).toEqual(own)
  expect(main.args).toBeUndefined()
})

test('in the example with several workers, the one that builds archives does nothing else', async () => {
  const chart = await renderExample('split-sidekiq')
  const commands = chart
    .containers(({ container }) => container.args?.includes('sidekiq') ?? false)
    .map(({ container }) => container.args?.join(' ') ?? '')
  const building = commands.filter((command) => / -q pull\b/.test(command))
  expect(building).toEqual([expect.stringMatching(/sidekiq -c \d+ -q pull$/)])
})

test('two workers keep apart under a name that is cut', async () => {
  const [first, second] = workers({ name: 'federation-of-many-a' }).sidekiq.workers
  const list = [first, { ...second, name: 'federation-of-many-b' }]
  const chart = await render({ fullnameOverride: 'x'.repeat(34), sidekiq: { workers: list } })
  const cut = chart.all('Deployment').filter(({ metadata }) => metadata.name.includes('x-sidekiq-'))
  expect(cut).toHaveLength(2)
})

test("a worker's probe and hook replace those of sidekiq, as each has one handler", async () => {
  const exec = { command: ['a'] }
  const httpGet = { port: 1 }
  const block = (handler: object) => ({
    ...{ probes: { readiness: handler }, lifecycle: { preStop: handler } },
  })
  const values = merge({ sidekiq: block({ exec }) }, workers(block({ httpGet })))
  const main = (await workload('sidekiq-main', values)).main
  expect(main.readinessProbe).toMatchObject({ httpGet })
  expect(main.readinessProbe).not.toHaveProperty('exec')
  expect(main.lifecycle?.preStop).toEqual({ httpGet })
})

const measured = { name: 'all', queues, metrics: { enabled: true, port: 9400 } }

test('a worker with metrics serves them on its own address, at a named port', async () => {
  const { main, env } = await workload('sidekiq-all', { sidekiq: { workers: [measured] } })
  expect(main.ports).toEqual([{ name: 'metrics', containerPort: 9400 }])
  expect(env).toMatchObject({
    MASTODON_PROMETHEUS_EXPORTER_ENABLED: 'true',
    MASTODON_PROMETHEUS_EXPORTER_LOCAL: 'true',
    MASTODON_PROMETHEUS_EXPORTER_PORT: '9400',
    MASTODON_PROMETHEUS_EXPORTER_HOST: { fieldRef: { fieldPath: 'status.podIP' } },
  })
  expect(env).not.toHaveProperty('MASTODON_PROMETHEUS_EXPORTER_SIDEKIQ_DETAILED_METRICS')
})

test('without metrics a worker has no port and none of their variables', async () => {
  const { main, env } = await workload('sidekiq-all', { sidekiq: { metrics: { detailed: true } } })
  expect(main.ports).toBeUndefined()
  expect(Object.keys(env).filter((name) => name.includes('PROMETHEUS'))).toEqual([])
})

test('each worker has the connections that it or sidekiq asks for', async () => {
  const values = merge(split, { sidekiq: { databasePool: 9 } })
  const [main, federation] = await Promise.all(
    ['sidekiq-main', 'sidekiq-federation'].map((name) => workload(name, values)),
  )
  expect([main?.env.DB_POOL, federation?.env.DB_POOL]).toEqual(['9', '30'])
})
