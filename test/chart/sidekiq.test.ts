import { expect, test } from 'vitest'
import { anywhere, queues, type Worker, workers } from './components.ts'
import { preset, render, type Values } from './render.ts'
import { workload } from './views.ts'

const split: Values = {
  ...anywhere,
  sidekiq: {
    concurrency: 7,
    workers: [
      { name: 'main', queues: ['default,8', 'ingress', 'mailers', 'fasp', 'scheduler,1'] },
      { name: 'federation', queues: ['push,6', 'pull'], concurrency: 15, replicas: 3 },
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

test('sidekiq is ready when it says so in a file, and alive while its process is', async () => {
  const { main } = await workload('sidekiq-all')
  const ready = { command: ['sh', '-c', 'cat tmp/$MASTODON_SIDEKIQ_READY_FILENAME'] }
  expect(main.startupProbe?.exec).toEqual(ready)
  expect(main.readinessProbe?.exec).toEqual(ready)
  expect(main.livenessProbe?.exec?.command).toEqual(['pgrep', '-f', 'sidekiq [0-9]'])
})

test('sidekiq can write to its directory tmp, which the gate fills from the image', async () => {
  const sidekiq = await workload('sidekiq-all')
  const gate = sidekiq.init('gate')
  expect(sidekiq.main.volumeMounts).toContainEqual({
    ...{ name: 'scratch', mountPath: '/opt/mastodon/tmp' },
  })
  expect(gate.env).toContainEqual({ name: 'COPY_TMP_TO', value: '/scratch' })
  expect(gate.volumeMounts).toContainEqual({ name: 'scratch', mountPath: '/scratch' })
  expect(sidekiq.pod.volumes).toContainEqual({ name: 'scratch', emptyDir: {} })
})

test('two workers keep apart under a name that is cut', async () => {
  const [first, second] = workers({ name: 'federation-of-many-a' }).sidekiq.workers
  const list = [first, { ...second, name: 'federation-of-many-b' }]
  const chart = await render({ fullnameOverride: 'x'.repeat(34), sidekiq: { workers: list } })
  const cut = chart.all('Deployment').filter(({ metadata }) => metadata.name.includes('x-sidekiq-'))
  expect(cut).toHaveLength(2)
})
