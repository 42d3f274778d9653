import { diffValues } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import {
  type Component,
  components,
  everything,
  podKeys,
  queues,
  sidekiqKeys,
} from './components.ts'
import { merge } from './merge.ts'
import { render, type Values } from './render.ts'
import { viewOf } from './views.ts'
import { blockKeys, markedBlock } from './workload-block.ts'

const mark = 'pod'
const n = 40
const forAll: Values = { pod: markedBlock(podKeys, mark, n) }
const defaults = merge(everything, forAll)

/** The value, but for what the component has a default of its own for: that wins. */
function beneath(value: unknown, preset: unknown): unknown {
  if (preset === undefined) return value
  if (!isMap(value) || !isMap(preset)) return preset
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, beneath(item, preset[key])]),
  )
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

describe.each(components)('$name', ({ name, keys, presets }: Component) => {
  const rows = blockKeys.filter(({ key }) => podKeys.includes(key) && keys.includes(key))

  test.each(rows)('takes $key from pod', async ({ key, value, found }) => {
    const view = viewOf(await render(defaults), name)
    expect(diffValues(beneath(value(mark, n), presets[key]), found(view, mark))).toEqual([])
  })
})

test.each(blockKeys.filter(({ key }) => sidekiqKeys.includes(key)))(
  'a worker takes $key from sidekiq',
  async ({ key, value, found }) => {
    // Autoscaling takes the place of replicas.
    const block = markedBlock(
      sidekiqKeys.filter((other) => other === key || other !== 'autoscaling'),
      mark,
      3,
    )
    const workers = [
      { name: 'main', queues: queues.slice(0, -1) },
      { name: 'scheduler', queues: ['scheduler'], replicas: 1, autoscaling: { enabled: false } },
    ]
    const chart = await render(merge(everything, { sidekiq: { ...block, workers } }))
    expect(diffValues(value(mark, 3), found(viewOf(chart, 'sidekiq-main'), mark))).toEqual([])
  },
)

// Web stands for all: the merge is one.
const own: Values = {
  pod: {
    nodeSelector: { disk: 'fast', zone: 'a' },
    podAnnotations: { one: 'pod', two: 'pod' },
    env: { ONE: 'pod', TWO: 'pod' },
    tolerations: [{ key: 'pod', operator: 'Exists' }],
    volumes: [{ name: 'pod', emptyDir: {} }],
    hostAliases: [{ ip: '192.0.2.1', hostnames: ['pod'] }],
    priorityClassName: 'pod',
    runtimeClassName: 'pod',
    securityContext: { runAsUser: 1000 },
  },
  web: {
    nodeSelector: { zone: 'b' },
    podAnnotations: { two: 'web' },
    env: { TWO: 'web' },
    tolerations: [{ key: 'web', operator: 'Exists' }],
    volumes: [],
    hostAliases: [],
    priorityClassName: 'web',
    runtimeClassName: '',
    securityContext: { runAsUser: 2000, readOnlyRootFilesystem: false },
  },
  storage: { system: { accessModes: ['ReadWriteMany'] } },
}
const web = async () => viewOf(await render(own), 'web')

test('maps of a component merge with those of pod', async () => {
  const { pod, podMetadata, main } = await web()
  expect(pod.nodeSelector).toEqual({ disk: 'fast', zone: 'b' })
  expect(podMetadata.annotations).toMatchObject({ one: 'pod', two: 'web' })
  expect(main.env).toEqual(
    expect.arrayContaining([
      { name: 'ONE', value: 'pod' },
      { name: 'TWO', value: 'web' },
    ]),
  )
})

test('lists of a component replace those of pod', async () => {
  expect((await web()).pod.tolerations).toEqual([{ key: 'web', operator: 'Exists' }])
})

test('an empty list of a component replaces that of pod', async () => {
  const { pod } = await web()
  expect(pod.hostAliases).toBeUndefined()
  expect(pod.volumes?.map(({ name }) => name)).not.toContain('pod')
})

test('a text of a component replaces that of pod, an empty one, too', async () => {
  const { pod } = await web()
  expect(pod.priorityClassName).toBe('web')
  expect(pod.runtimeClassName).toBeUndefined()
})

test('a false of a component replaces a true of pod', async () => {
  expect((await web()).main.securityContext).toMatchObject({
    runAsUser: 2000,
    readOnlyRootFilesystem: false,
    allowPrivilegeEscalation: false,
  })
})

test('what a component says holds for no other', async () => {
  const { pod } = viewOf(await render(own), 'streaming')
  expect(pod.nodeSelector).toEqual({ disk: 'fast', zone: 'a' })
  expect(pod.tolerations).toEqual([{ key: 'pod', operator: 'Exists' }])
})

test('null removes a default of pod', async () => {
  const chart = await render({ pod: { podSecurityContext: { runAsUser: null } } })
  expect(viewOf(chart, 'web').pod.securityContext).not.toHaveProperty('runAsUser')
})

test('a worker takes the parts of an image that it does not name from sidekiq', async () => {
  const chart = await render({
    sidekiq: {
      image: { repository: 'fork/mastodon', tag: 'v4.7.1-fork.1' },
      workers: [{ name: 'main', queues, image: { pullPolicy: 'Always' } }],
    },
  })
  expect(viewOf(chart, 'sidekiq-main').main).toMatchObject({
    image: 'ghcr.io/fork/mastodon:v4.7.1-fork.1',
    imagePullPolicy: 'Always',
  })
})
