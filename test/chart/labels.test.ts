import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChart } from 'chart-harness'
import { expect, onTestFinished, test } from 'vitest'
import { chart } from '../rules/project.ts'
import { components, everything } from './components.ts'
import { appVersion, chartFile, chartVersion, merge, render, type Values } from './render.ts'
import { viewOf, workload } from './views.ts'

const common: Values = merge(everything, {
  commonLabels: { team: 'social' },
  commonAnnotations: { contact: 'ops@example.com' },
  ingress: { enabled: true },
  web: { pdb: { enabled: true }, labels: { mine: 'web' }, podLabels: { pod: 'web' } },
})

test('every object bears the labels that Kubernetes recommends', async () => {
  const labels = (await render(common)).objects.map(({ metadata }) => metadata.labels)
  const recommended = {
    'app.kubernetes.io/name': 'mastodon',
    'app.kubernetes.io/instance': 'mastodon',
    'app.kubernetes.io/component': expect.any(String),
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/part-of': 'mastodon',
    'app.kubernetes.io/version': appVersion,
    'helm.sh/chart': `mastodon-${chartVersion}`,
  }
  expect(labels).toEqual(labels.map(() => expect.objectContaining(recommended)))
})

test('the account of a worker belongs to the worker', async () => {
  const chart = await render({ sidekiq: { serviceAccount: { create: true } } })
  const { serviceAccountName: account = '' } = viewOf(chart, 'sidekiq-all').pod
  const { labels } = chart.one('ServiceAccount', account).metadata
  expect(labels?.['app.kubernetes.io/component']).toBe('sidekiq-all')
})

test('the application is the chart, not the release', async () => {
  const { metadata } = (await render({}, { release: 'fedi' })).one('Service', 'fedi-mastodon-web')
  expect(metadata.labels).toMatchObject({
    'app.kubernetes.io/name': 'mastodon',
    'app.kubernetes.io/instance': 'fedi',
    'app.kubernetes.io/part-of': 'mastodon',
  })
})

test('every object bears the common labels and annotations', async () => {
  const { objects } = await render(common)
  const bare = objects.filter(
    ({ metadata: { labels, annotations } }) =>
      labels?.team !== 'social' || annotations?.contact !== 'ops@example.com',
  )
  expect(bare.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([])
})

test.each(components)(
  'pods of $name bear the common labels, not the annotations',
  async ({ name }) => {
    const { podMetadata, object } = await workload(name, common)
    expect(podMetadata.labels).toMatchObject({ team: 'social' })
    // A Pod that stands alone is an object itself.
    if (object.kind !== 'Pod') expect(podMetadata.annotations ?? {}).not.toHaveProperty('contact')
  },
)

test('selectors use no label of the user', async () => {
  const chart = await render(common)
  const { selector } = chart.one('Deployment', 'mastodon-web').spec ?? {}
  expect(selector?.matchLabels).toEqual({
    'app.kubernetes.io/name': 'mastodon',
    'app.kubernetes.io/instance': 'mastodon',
    'app.kubernetes.io/component': 'web',
  })
  expect(chart.one('Service', 'mastodon-web').spec?.selector).toEqual(selector?.matchLabels)
})

test.each(components)('pods of $name bear no version', async ({ name }) => {
  const { podMetadata, object } = await workload(name, common)
  const versions = ['helm.sh/chart', 'app.kubernetes.io/version']
  const found = versions.filter((label) => podMetadata.labels?.[label])
  expect(found).toEqual(object.kind === 'Pod' ? versions : [])
})

test('the user cannot replace a label of the chart', async () => {
  const labels = {
    'app.kubernetes.io/name': 'x',
    'helm.sh/chart': 'x',
    'mastodon-chart/media': 'x',
  }
  const chart = await render({ commonLabels: labels, web: { labels, podLabels: labels } })
  const { object, podMetadata } = viewOf(chart, 'web')
  expect(Object.values({ ...object.metadata.labels, ...podMetadata.labels })).not.toContain('x')
})

test('labels of a component are for its object, podLabels for its pods', async () => {
  const { object, podMetadata } = await workload('web', common)
  expect(object.metadata.labels).toMatchObject({ mine: 'web' })
  expect(object.metadata.labels).not.toHaveProperty('pod')
  expect(podMetadata.labels).toMatchObject({ pod: 'web' })
  expect(podMetadata.labels).not.toHaveProperty('mine')
})

test('what a component says wins over what all have', async () => {
  const chart = await render({
    commonLabels: { team: 'all' },
    commonAnnotations: { note: 'all' },
    web: { labels: { team: 'web' }, annotations: { note: 'web' } },
  })
  const { labels, annotations } = viewOf(chart, 'web').object.metadata
  expect([labels?.team, annotations?.note]).toEqual(['web', 'web'])
})

test('labels and annotations stay texts', async () => {
  const words = { a: 'true', b: '1000000', c: '0644' }
  const { labels, annotations } = (
    await render({ commonLabels: words, commonAnnotations: words })
  ).one('ConfigMap', 'mastodon-env').metadata
  expect(labels).toMatchObject(words)
  expect(annotations).toMatchObject(words)
})

test('the version of a chart with build metadata is a legal label', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'labels-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const copy = join(dir, 'chart')
  cpSync(chart.path, copy, { recursive: true })
  const about = chartFile('Chart.yaml').replace(/^version:.*$/m, 'version: 0.1.0+build.7')
  writeFileSync(join(copy, 'Chart.yaml'), about)
  const other = createChart({ path: copy, release: 'mastodon' })
  const { metadata } = (await other.render({ schema: 'skip' })).one('Service', 'mastodon-web')
  expect(metadata.labels?.['helm.sh/chart']).toBe('mastodon-0.1.0_build.7')
})
