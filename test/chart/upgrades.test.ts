// What changing one value of an example does to a running release. Every row names all of it.
import { createTwins, type Render } from 'chart-harness'
import 'chart-harness/matchers'
import { afterAll, describe, expect, test } from 'vitest'
import { chart, examples, renderExample } from '../rules/project.ts'
import { appVersion, merge, type Values } from './render.ts'
import { fileOf, upgrade, upgradeAhead, valuesOf } from './upgrade.ts'

/** The workloads of an example by what they run; the post's have names of their own. */
const web = ['Deployment/*-web', 'Deployment/web-*']
const streaming = ['Deployment/*-streaming', 'Deployment/streaming-*']
const sidekiq = ['Deployment/*-sidekiq-*']

/** The patterns that name a workload of the render. */
function present(render: Render, patterns: readonly string[]): string[] {
  const names = render.workloads().map(({ kind, metadata }) => `${kind}/${metadata.name}`)
  return patterns.filter((pattern) => {
    const test = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
    return names.some((name) => test.test(name))
  })
}

interface Row {
  readonly title: string
  readonly change: Values
  readonly restarts: readonly string[]
}

/** What everybody does sooner or later, and every example must survive. */
const safe: readonly Row[] = [
  {
    title: 'another patch of Mastodon',
    change: { mastodon: { image: { tag: 'v4.7.9' } } },
    restarts: [...web, ...sidekiq, ...streaming],
  },
  {
    title: 'more resources for web',
    change: { web: { resources: { limits: { memory: '7Gi' } } } },
    restarts: web,
  },
  { title: 'a variable', change: { env: { A: 'b' } }, restarts: [...web, ...sidekiq] },
  { title: 'a secret variable', change: { secretEnv: { A: 'b' } }, restarts: [...web, ...sidekiq] },
  {
    title: 'a label of the pods of web',
    change: { web: { podLabels: { tier: 'front' } } },
    restarts: web,
  },
  { title: 'an Ingress', change: { ingress: { enabled: true } }, restarts: [] },
  { title: 'maintenance', change: { maintenance: true }, restarts: [] },
  {
    title: 'an annotation of all objects',
    change: { commonAnnotations: { a: 'b' } },
    restarts: [],
  },
  { title: 'Recreate', change: { web: { strategy: { type: 'Recreate' } } }, restarts: [] },
  { title: 'no network policies', change: { networkPolicy: { enabled: false } }, restarts: [] },
]

const rows = examples.flatMap((example) => safe.map((row) => ({ ...row, example })))
await upgradeAhead(rows)

test.each(rows)('$example: $title is safe', async ({ example, change, restarts }) => {
  const { before, after } = await upgrade(example, change)
  expect(after).toUpgradeSafelyFrom(before)
  expect(after).toRestartOnly(before, present(before, restarts))
})

test.each(examples)(
  '%s: Mastodon 4.6 → 4.7 is safe and replaces all of Mastodon',
  async (example) => {
    const old = merge(valuesOf(example), { mastodon: { image: { tag: 'v4.6.6' } } })
    const before = await chart.render({ release: example, values: old, schema: 'skip' })
    const after = await renderExample(example)
    expect(appVersion).toMatch(/^4\.7\./)
    expect(after).toUpgradeSafelyFrom(before)
    expect(after).toRestartOnly(before, present(before, [...web, ...sidekiq, ...streaming]))
  },
)

describe('a new version of the chart alone', () => {
  const twins = createTwins(chart.path, 'mastodon')
  afterAll(() => twins.remove())

  test.each(examples)('%s: changes a label', async (example) => {
    const options = { release: example, files: [fileOf(example)] }
    const [before, after] = [await renderExample(example), await twins.bumped.render(options)]
    expect(after).toUpgradeSafelyFrom(before)
    expect(after).toRestartOnly(before, [])
    expect(after).toChangeOnly(before, ['*: metadata.labels."helm.sh/chart"'])
  })
})

describe('a change is exactly this', () => {
  test.each<[string, string, Values, readonly string[]]>([
    [
      'split-sidekiq',
      'replicas',
      { web: { replicas: 5 } },
      ['Deployment/split-sidekiq-mastodon-web: spec.replicas'],
    ],
    [
      'minimal',
      'a larger claim',
      { storage: { system: { size: '99Gi' } } },
      ['PersistentVolumeClaim/minimal-mastodon-system: spec.resources.requests.storage'],
    ],
    [
      'minimal',
      'a Service',
      { web: { service: { type: 'LoadBalancer' } } },
      ['Service/minimal-mastodon-web: spec.type'],
    ],
    [
      'mstdnblue',
      'mount options',
      { storage: { system: { nfs: { mountOptions: ['nfsvers=3', 'hard'] } } } },
      ['PersistentVolume/mastodon-public-mstdnblue: spec.mountOptions[1]'],
    ],
    [
      'minimal',
      'autoscaling',
      { web: { autoscaling: { enabled: true } } },
      [
        'Deployment/minimal-mastodon-web: spec.replicas',
        '+ HorizontalPodAutoscaler/minimal-mastodon-web',
      ],
    ],
  ])('%s: %s', async (example, _title, change, changes) => {
    const { before, after } = await upgrade(example, change)
    expect(after).toChangeOnly(before, changes)
    expect(after).toUpgradeSafelyFrom(before)
  })
})
