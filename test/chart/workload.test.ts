import { isRecord, nameOf } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import {
  type Component,
  components,
  everything,
  isKnown,
  queues,
  split,
  workers,
} from './components.ts'
import { chartFile, defaults, merge, preset, render, type Values } from './render.ts'
import { componentOf, dataOf, viewOf, workload } from './views.ts'
import { blockKeys, foundBlock, markedBlock } from './workload-block.ts'

const schema = JSON.parse(chartFile('values.schema.json')) as {
  readonly definitions: { readonly workload: { readonly properties: object } }
}
const podKeys = blockKeys.filter(({ key }) => isKnown({ pod: { [key]: null } }))
const workerKeys = blockKeys.filter(({ key }) => isKnown({ sidekiq: { [key]: null } }))

test('the table has every key of the workload block', () => {
  const keys = Object.keys(schema.definitions.workload.properties)
  expect(blockKeys.map(({ key }) => key).sort()).toEqual(keys.sort())
})

test('every component of values.yaml is rendered', () => {
  const blocks = Object.entries(defaults).filter(([, block]) => isRecord(block))
  const paths = blocks.filter(([, block]) => 'resources' in (block as object)).map(([key]) => key)
  const jobs = Object.keys(preset<object>('jobs')).map((job) => `jobs.${job}`)
  // These have their resources from redis.
  const servers = Object.keys(split.redis).map((server) => `redis.${server}`)
  expect(components.map(({ path }) => path).sort()).toEqual([...paths, ...servers, ...jobs].sort())
})

test('_components.tpl explains the keys that the entries of the registry have, and no others', async () => {
  const keys = '{{ $all := list }}{{ range .components }}{{ $all = keys . | concat $all }}{{ end }}'
  const data = '{keys: {{ $all | uniq | sortAlpha | join " " | quote }}}'
  const object = `${keys}{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: ${data}}`
  const chart = await render(merge(everything, { extraObjects: [object] }))
  const [comment = ''] = chartFile('templates/_components.tpl').split('*/')
  const explained = comment.matchAll(/^ {2}(\w+) {2,}\S/gm)
  expect(dataOf(chart, 'a').keys?.split(' ')).toEqual([...explained].map(([, key]) => key).sort())
})

/** What the component has if the value is its default for a key: its own wins, part by part. */
function beneath(value: unknown, preset: unknown): unknown {
  if (isRecord(value) && isRecord(preset)) return merge(value, preset)
  return preset ?? value
}

// Autoscaling replaces replicas, so it needs another render.
describe.each([
  ['autoscaling', ['autoscaling']],
  ['every other key', blockKeys.map(({ key }) => key).filter((key) => key !== 'autoscaling')],
])('a component takes %s', (_, wanted) => {
  const rows = components.map((component, index) => {
    const keys = blockKeys.filter(({ key }) => wanted.includes(key) && component.takes(key))
    return { ...component, keys, block: markedBlock(keys, component.name, index + 2) }
  })
  const chart = () => render(merge(everything, ...rows.map(({ set, block }) => set(block))))

  test.each(rows.filter(({ keys }) => keys.length > 0))('$name', async ({ name, keys, block }) => {
    expect(foundBlock(keys, viewOf(await chart(), name), name)).toMatchObject(block)
  })
})

test.each(components)('$name takes from pod what it does not say itself', async (component) => {
  const isForIt = (key: string) => component.runsMastodon || !key.startsWith('env')
  const keys = podKeys.filter(({ key }) => component.takes(key) && isForIt(key))
  const chart = await render(merge(everything, { pod: markedBlock(podKeys, 'pod', 40) }))
  const block = Object.entries(markedBlock(keys, 'pod', 40))
  const expected = block.map(([key, value]) => [key, beneath(value, component.presets[key])])
  expect(foundBlock(keys, viewOf(chart, component.name), 'pod')).toMatchObject(
    Object.fromEntries(expected),
  )
})

test.each(workerKeys)('a worker takes $key from sidekiq', async (row) => {
  // Autoscaling takes the place of replicas.
  const keys = workerKeys.filter(({ key }) => key === row.key || key !== 'autoscaling')
  const [main, scheduler] = workers().sidekiq.workers
  const alone = { ...scheduler, replicas: 1, autoscaling: { enabled: false } }
  const sidekiq = { ...markedBlock(keys, 'all', 3), workers: [main, alone] }
  const found = await workload('sidekiq-main', merge(everything, { sidekiq }))
  expect(foundBlock([row], found, 'all')).toMatchObject(markedBlock([row], 'all', 3))
})

// Those with tests of their own: not all of them is rendered for one pod.
const elsewhere = ['image', 'tmp', 'serviceAccount', 'pdb', 'autoscaling']

test.each(components)(
  '$name runs as values.yaml says',
  async ({ name, presets, takes }: Component) => {
    const pod = preset<Values>('pod')
    const block = blockKeys
      .filter(({ key }) => takes(key) && !elsewhere.includes(key))
      .map((row) => ({ ...row, preset: beneath(pod[row.key], presets[row.key]) }))
      .filter(({ preset }) => typeof preset === 'number' || Object.keys(preset ?? {}).length > 0)
    expect(block.length).toBeGreaterThan(2)
    expect(foundBlock(block, await workload(name, everything))).toMatchObject(
      Object.fromEntries(block.map(({ key, preset }) => [key, preset])),
    )
  },
)

test.each(components)(
  'what the chart adds to pods of $name is like its main container',
  async ({ name }) => {
    const { pod, main } = await workload(name, everything)
    for (const { image, imagePullPolicy, resources, securityContext } of pod.initContainers ?? [])
      expect(main).toMatchObject({ image, imagePullPolicy, resources, securityContext })
    expect(pod.containers).toEqual([main])
  },
)

test.each(components)('labels and annotations of $name reach all its objects', async (row) => {
  const mine = { mine: row.name }
  const scaled = { autoscaling: { enabled: true }, pdb: { enabled: true } }
  const account = row.takes('serviceAccount') ? { serviceAccount: { create: true } } : {}
  const more = { ...(row.takes('autoscaling') ? scaled : {}), ...account }
  const values = row.set({ labels: mine, annotations: mine, ...more })
  const { objects } = await render(merge(everything, values))
  // Those of redis are the defaults of two more servers.
  const heirs = row.name === 'redis' ? ['redis', 'redis-cache', 'redis-sidekiq'] : [row.name]
  const own = objects.filter(({ metadata }) => heirs.includes(componentOf(metadata)))
  const marked = objects.filter(
    ({ metadata: { labels, annotations } }) =>
      labels?.mine === row.name && annotations?.mine === row.name,
  )
  expect(own).not.toEqual([])
  expect(marked.map(nameOf)).toEqual(own.map(nameOf))
})

// Only web: all components merge in the same way.
const own: Values = {
  pod: {
    nodeSelector: { disk: 'fast', zone: 'a' },
    podAnnotations: { one: 'pod', two: 'pod' },
    env: { ONE: 'pod', TWO: 'pod' },
    tolerations: [{ key: 'pod', operator: 'Exists' }],
    volumes: [{ name: 'pod', emptyDir: {} }],
    hostAliases: [{ ip: '192.0.2.1', hostnames: ['pod'] }],
    ...{ priorityClassName: 'pod', runtimeClassName: 'pod', securityContext: { runAsUser: 1000 } },
  },
  web: {
    nodeSelector: { zone: 'b' },
    podAnnotations: { two: 'web' },
    env: { TWO: 'web' },
    tolerations: [{ key: 'web', operator: 'Exists' }],
    ...{ volumes: [], hostAliases: [], priorityClassName: 'web', runtimeClassName: '' },
    securityContext: { runAsUser: 2000, readOnlyRootFilesystem: false },
  },
  storage: { system: { accessModes: ['ReadWriteMany'] } },
}

test('maps of a component merge with those of pod', async () => {
  const { pod, podMetadata, env } = await workload('web', own)
  expect(pod.nodeSelector).toEqual({ disk: 'fast', zone: 'b' })
  expect(podMetadata.annotations).toMatchObject({ one: 'pod', two: 'web' })
  expect(env).toMatchObject({ ONE: 'pod', TWO: 'web' })
})

test('lists of a component replace those of pod, and so do empty ones', async () => {
  const { pod } = await workload('web', own)
  expect(pod.tolerations).toEqual([{ key: 'web', operator: 'Exists' }])
  expect(pod.hostAliases).toBeUndefined()
  expect(pod.volumes?.map(({ name }) => name)).not.toContain('pod')
})

test('a text of a component replaces that of pod, and so does an empty one', async () => {
  const { pod } = await workload('web', own)
  expect(pod.priorityClassName).toBe('web')
  expect(pod.runtimeClassName).toBeUndefined()
})

test('a false of a component replaces a true of pod', async () => {
  expect((await workload('web', own)).main.securityContext).toMatchObject({
    ...{ runAsUser: 2000, readOnlyRootFilesystem: false, allowPrivilegeEscalation: false },
  })
})

test('what a component says does not apply to another', async () => {
  const { pod } = await workload('streaming', own)
  expect(pod.nodeSelector).toEqual({ disk: 'fast', zone: 'a' })
  expect(pod.tolerations).toEqual([{ key: 'pod', operator: 'Exists' }])
})

test('null removes a default of pod', async () => {
  const { pod } = await workload('web', { pod: { podSecurityContext: { runAsUser: null } } })
  expect(pod.securityContext).not.toHaveProperty('runAsUser')
})

test('a worker takes the parts of an image that it does not name from sidekiq', async () => {
  const sidekiq = {
    image: { repository: 'fork/mastodon', tag: 'v4.7.1-fork.1' },
    workers: [{ name: 'main', queues, image: { pullPolicy: 'Always' } }],
  }
  expect((await workload('sidekiq-main', { sidekiq })).main).toMatchObject({
    ...{ image: 'ghcr.io/fork/mastodon:v4.7.1-fork.1', imagePullPolicy: 'Always' },
  })
})
