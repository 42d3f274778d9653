// Labels, annotations and names. That pods have no versions, and what selectors use, are rules of test/rules.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkNames, checkReferences, copyChart, createChart } from 'chart-harness'
import 'chart-harness/matchers'
import { expect, onTestFinished, test } from 'vitest'
import { chart } from '../rules/project.ts'
import { components, everything, queues } from './components.ts'
import { appVersion, chartFile, chartVersion, merge, render, type Values } from './render.ts'
import { componentOf, viewOf, workload } from './views.ts'

const common: Values = merge(everything, {
  commonLabels: { team: 'social' },
  commonAnnotations: { contact: 'ops@example.com' },
  ingress: { enabled: true },
  web: { pdb: { enabled: true }, labels: { mine: 'web' }, podLabels: { pod: 'web' } },
})

test('every object has the labels that Kubernetes recommends', async () => {
  const { objects } = await render(common, { release: 'fedi' })
  const recommended = {
    'app.kubernetes.io/name': 'mastodon',
    'app.kubernetes.io/instance': 'fedi',
    'app.kubernetes.io/component': expect.any(String),
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/part-of': 'mastodon',
    'app.kubernetes.io/version': appVersion,
    'helm.sh/chart': `mastodon-${chartVersion}`,
  }
  expect(objects.map(({ metadata }) => metadata.labels)).toEqual(
    objects.map(() => expect.objectContaining(recommended)),
  )
})

const config = ['', '-env', '-postgresql', '-scripts', '-streaming-env']

test('every object is named after its component, but for the configuration of all', async () => {
  const { objects } = await render(merge(common, { secretEnv: { A: 'b' } }))
  const others = objects.filter(({ metadata }) => {
    const component = componentOf(metadata).replace(/^storage-/, '')
    return !new RegExp(`^mastodon-${component}(-headless|-[0-9a-f]{8})?$`).test(metadata.name)
  })
  expect(new Set(others.map(({ metadata }) => componentOf(metadata)))).toEqual(new Set(['config']))
  expect([...new Set(others.map(({ metadata }) => metadata.name))].sort()).toEqual(
    config.map((end) => `mastodon${end}`),
  )
})

test('every object has the common labels and annotations', async () => {
  const { objects } = await render(common)
  const bare = objects.filter(
    ({ metadata: { labels, annotations } }) =>
      labels?.team !== 'social' || annotations?.contact !== 'ops@example.com',
  )
  expect(bare.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([])
})

test.each(components)(
  'pods of $name have the common labels, not the annotations',
  async ({ name }) => {
    const { podMetadata, object } = await workload(name, common)
    expect(podMetadata.labels).toMatchObject({ team: 'social' })
    // A Pod without a controller is an object itself.
    if (object.kind !== 'Pod') expect(podMetadata.annotations ?? {}).not.toHaveProperty('contact')
  },
)

test('the account of a worker belongs to the worker', async () => {
  const { pod, own } = await workload('sidekiq-all', {
    sidekiq: { serviceAccount: { create: true } },
  })
  expect(own('ServiceAccount').metadata.name).toBe(pod.serviceAccountName)
})

test('the user cannot replace a label of the chart', async () => {
  const names = ['app.kubernetes.io/name', 'helm.sh/chart', 'mastodon-chart/media']
  const labels = Object.fromEntries(names.map((name) => [name, 'x']))
  const values: Values = { commonLabels: labels, web: { labels, podLabels: labels } }
  const { object, podMetadata } = await workload('web', values)
  expect(Object.values({ ...object.metadata.labels, ...podMetadata.labels })).not.toContain('x')
})

test('labels of a component are for its object, podLabels for its pods', async () => {
  const { object, podMetadata } = await workload('web', common)
  expect([object.metadata.labels?.mine, object.metadata.labels?.pod]).toEqual(['web', undefined])
  expect([podMetadata.labels?.mine, podMetadata.labels?.pod]).toEqual([undefined, 'web'])
})

test('what a component says wins over what all have', async () => {
  const { object } = await workload('web', {
    ...{ commonLabels: { team: 'all' }, commonAnnotations: { note: 'all' } },
    web: { labels: { team: 'web' }, annotations: { note: 'web' } },
  })
  expect(object.metadata).toMatchObject({ labels: { team: 'web' }, annotations: { note: 'web' } })
})

test('another version changes a label, which is legal with build metadata, too', async () => {
  const path = mkdtempSync(join(tmpdir(), 'labels-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  const about = chartFile('Chart.yaml').replace(/^version:.*$/m, 'version: 0.1.0+build.7')
  copyChart(chart.path, path, { 'Chart.yaml': about })
  const other = createChart({ path, namespace: 'mastodon', release: 'mastodon', schema: 'skip' })
  const after = await other.render({ values: everything })
  const { labels } = after.one('Service', 'mastodon-web').metadata
  expect(labels?.['helm.sh/chart']).toBe('mastodon-0.1.0_build.7')
  expect(after).toChangeOnly(await render(everything), ['*: metadata.labels."helm.sh/chart"'])
})

test.each<[string, Values, string]>([
  ['mastodon', {}, 'mastodon-web'],
  ['fedi', {}, 'fedi-mastodon-web'],
  ['my-mastodon', {}, 'my-mastodon-web'],
  ['fedi', { nameOverride: 'toots' }, 'fedi-toots-web'],
  ['fedi', { fullnameOverride: 'social' }, 'social-web'],
  ['fedi', { fullnameOverride: 'social', nameOverride: 'toots' }, 'social-web'],
  ['fedi', { web: { name: 'front' } }, 'front'],
  // A name that is cut does not end in a hyphen.
  [`${'r'.repeat(33)}-${'s'.repeat(10)}`, {}, `${'r'.repeat(33)}-web`],
])('release %s with %j has %s', async (release, values, name) => {
  expect((await workload('web', values, { release })).object.metadata.name).toBe(name)
})

test('nameOverride changes the label of the selectors', async () => {
  const { podMetadata } = await workload('web', { nameOverride: 'toots' })
  expect(podMetadata.labels?.['app.kubernetes.io/name']).toBe('toots')
})

test('two releases in one namespace share no object, as each name begins with the release', async () => {
  const { objects } = await render(everything, { release: 'one' })
  const names = objects.map(({ metadata }) => metadata.name)
  expect(names.filter((name) => !name.startsWith('one-mastodon'))).toEqual([])
})

// The hook creates them in the cluster.
const external = { objects: ['Secret/mastodon-keys', 'Secret/mastodon-passwords'] }

test.each([
  ['pg', 'valkey'],
  // 52 letters leave room for the second Service.
  ['p'.repeat(52), 'r'.repeat(52)],
])('databases called %s and %s are found by all', async (postgresql, redis) => {
  const found = await render({ postgresql: { name: postgresql }, redis: { name: redis } })
  expect(viewOf(found, 'web').env).toMatchObject({ DB_HOST: postgresql, REDIS_HOST: redis })
  expect(found).toHaveNoProblems([...checkNames(found), ...checkReferences(found, { external })])
})

test.each([
  ['a release of 53 letters', {}, { release: 'r'.repeat(53) }],
  ['the longest full name', { fullnameOverride: 'f'.repeat(34) }, {}],
] as const)('%s makes names that Kubernetes accepts', async (_, values, options) => {
  const longest = merge(everything, {
    sidekiq: { workers: [{ name: 'worker-of-all-queues', queues }] },
    import: { database: { server: { password: { value: 'x' } } } },
    ...{ wellKnown: { enabled: true }, ingress: { enabled: true } },
    mastodon: { webDomain: 'social.example.com' },
    streaming: { baseUrl: 'wss://stream.example.com' },
  })
  const found = await render(merge(longest, values), options)
  expect(found).toHaveNoProblems(checkNames(found))
})
