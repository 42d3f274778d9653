import { expect, test } from 'vitest'
import { queues } from './components.ts'
import { render, type Values } from './render.ts'
import { initOf, viewOf } from './views.ts'

const others = queues.slice(0, -1)
const split: Values = {
  storage: { system: { accessModes: ['ReadWriteMany'] } },
  sidekiq: {
    concurrency: 7,
    workers: [
      { name: 'main', queues: ['default,8', 'ingress', 'mailers', 'fasp', 'scheduler,1'] },
      { name: 'federation', queues: ['push,6', 'pull'], concurrency: 15, replicas: 3 },
    ],
  },
}

test('one worker serves every queue by default', async () => {
  const { main } = viewOf(await render(), 'sidekiq-all')
  const served = main.args?.filter((_, index, all) => all[index - 1] === '-q')
  expect(served?.map((queue) => queue.split(',')[0]).sort()).toEqual([...queues].sort())
})

test('a worker has five threads, as each holds a connection', async () => {
  expect(viewOf(await render(), 'sidekiq-all').main.args?.slice(3, 5)).toEqual(['-c', '5'])
})

test('queues keep their order and weight', async () => {
  const { main } = viewOf(await render(split), 'sidekiq-main')
  expect(main.args?.join(' ')).toBe(
    'bundle exec sidekiq -c 7 -q default,8 -q ingress -q mailers -q fasp -q scheduler,1',
  )
})

test('a worker has threads and replicas of its own', async () => {
  const chart = await render(split)
  expect(viewOf(chart, 'sidekiq-federation').main.args?.slice(3, 5)).toEqual(['-c', '15'])
  expect(chart.one('Deployment', 'mastodon-sidekiq-federation').spec?.replicas).toBe(3)
})

test('every worker is a Deployment', async () => {
  const chart = await render(split)
  const names = chart.all('Deployment').map(({ metadata }) => metadata.name)
  expect(names.filter((name) => name.includes('sidekiq')).sort()).toEqual([
    'mastodon-sidekiq-federation',
    'mastodon-sidekiq-main',
  ])
})

test('the scheduler ends before its successor starts', async () => {
  const { spec } = (await render(split)).one('Deployment', 'mastodon-sidekiq-main')
  expect(spec?.strategy).toEqual({ type: 'Recreate' })
})

test('a default of all workers does not make the scheduler roll', async () => {
  const chart = await render({ sidekiq: { strategy: { type: 'RollingUpdate' } } })
  expect(chart.one('Deployment', 'mastodon-sidekiq-all').spec?.strategy).toEqual({
    type: 'Recreate',
  })
})

test('other workers roll', async () => {
  const { spec } = (await render(split)).one('Deployment', 'mastodon-sidekiq-federation')
  expect(spec?.strategy).toEqual({
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
  })
})

test('what one worker says holds for no other', async () => {
  const workers = [
    { name: 'main', queues: others, env: { ONLY: 'main' }, priorityClassName: 'high' },
    { name: 'scheduler', queues: ['scheduler'] },
  ]
  const { main, pod } = viewOf(await render({ sidekiq: { workers } }), 'sidekiq-scheduler')
  expect(main.env?.map(({ name }) => name)).not.toContain('ONLY')
  expect(pod.priorityClassName).toBeUndefined()
})

test('the selector of a worker fits its own pods alone', async () => {
  const chart = await render(split)
  const { selector } = chart.one('Deployment', 'mastodon-sidekiq-main').spec ?? {}
  expect(selector?.matchLabels?.['app.kubernetes.io/component']).toBe('sidekiq-main')
})

test('sidekiq is ready when it says so in a file, and alive while its process is', async () => {
  const { main } = viewOf(await render(), 'sidekiq-all')
  const ready = { command: ['sh', '-c', 'cat tmp/$MASTODON_SIDEKIQ_READY_FILENAME'] }
  expect(main.startupProbe?.exec).toEqual(ready)
  expect(main.readinessProbe?.exec).toEqual(ready)
  expect(main.livenessProbe?.exec?.command).toEqual(['pgrep', '-f', 'sidekiq [0-9]'])
})

test('sidekiq can write its directory tmp, filled from the image', async () => {
  const view = viewOf(await render(), 'sidekiq-all')
  expect(view.main.volumeMounts).toContainEqual({ name: 'scratch', mountPath: '/opt/mastodon/tmp' })
  const gate = initOf(view, 'gate')
  expect(gate.env).toContainEqual({ name: 'COPY_TMP_TO', value: '/scratch' })
  expect(gate.volumeMounts).toContainEqual({ name: 'scratch', mountPath: '/scratch' })
})

test('sidekiq has the time to give its jobs back', async () => {
  expect(viewOf(await render(), 'sidekiq-all').pod.terminationGracePeriodSeconds).toBe(60)
})

test('two workers keep apart under a name that is cut', async () => {
  const workers = [
    { name: 'federation-of-many-a', queues: others },
    { name: 'federation-of-many-b', queues: ['scheduler'] },
  ]
  const chart = await render({ fullnameOverride: 'x'.repeat(34), sidekiq: { workers } })
  expect(chart.all('Deployment', { min: 4 })).toHaveLength(4)
})
