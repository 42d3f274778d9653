// What changing one value of an example does to a running release.
import { readFileSync } from 'node:fs'
import { checkUpgrade, parseYaml, type Render } from 'chart-harness'
import 'chart-harness/matchers'
import { expect, test } from 'vitest'
import { chart, exampleFile, examples } from '../rules/project.ts'
import { merge, type Values } from './render.ts'

const request = (example: string, change: Values) => ({
  release: example,
  values: merge(parseYaml(readFileSync(exampleFile(example), 'utf8')) as object, change),
  schema: 'ajv' as const,
})

/** The example with the values `from` on top, and with `to` in their place. */
async function upgrade(example: string, to: Values, from: Values = {}): Promise<[Render, Render]> {
  return [await chart.render(request(example, from)), await chart.render(request(example, to))]
}

/** The workloads of an example by what they run; the post's have their own names. */
const front = ['Deployment/*-web', 'Deployment/web-*']
const rails = [...front, 'Deployment/*-sidekiq-*']
const all = [...rails, 'Deployment/*-streaming', 'Deployment/streaming-*']

/** The patterns that name a workload of the render. */
function present(render: Render, patterns: readonly string[]): string[] {
  const names = render.workloads().map(({ kind, metadata }) => `${kind}/${metadata.name}`)
  return patterns.filter((pattern) => {
    const whole = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
    return names.some((name) => whole.test(name))
  })
}

const tagged = (tag: string): Values => ({ mastodon: { image: { tag } } })

/** What everybody does sooner or later, and every example must survive: the change, the pods that it replaces. */
const safe: readonly (readonly [string, Values, readonly string[], Values?])[] = [
  ['another patch of Mastodon', tagged('v4.7.9'), all],
  ['another minor version of Mastodon', {}, all, tagged('v4.6.6')],
  ['more resources for web', { web: { resources: { limits: { memory: '7Gi' } } } }, front],
  ['a variable', { env: { A: 'b' } }, rails],
  ['a secret variable', { secretEnv: { A: 'b' } }, rails],
  ['a label of the pods of web', { web: { podLabels: { tier: 'front' } } }, front],
  ['an Ingress', { ingress: { enabled: true } }, []],
  ['maintenance', { maintenance: true }, []],
  ['an annotation of all objects', { commonAnnotations: { a: 'b' } }, []],
  ['Recreate', { web: { strategy: { type: 'Recreate' } } }, []],
  ['no network policies', { networkPolicy: { enabled: false } }, []],
]
const rows = examples.flatMap((example) =>
  safe.map(([title, to, restarts, from = {}]) => ({ example, title, to, restarts, from })),
)
await chart.renderAll(
  rows.flatMap(({ example, to, from }) => [request(example, from), request(example, to)]),
)

/** What values.yaml says about `maintenance`. */
const allow = [
  {
    object: 'Deployment/*',
    path: 'spec.replicas',
    reason: 'an autoscaler owns the number of pods',
  },
]

test.each(rows)('$example: $title is safe', async ({ example, title, to, restarts, from }) => {
  const [before, after] = await upgrade(example, to, from)
  const scaled =
    title === 'maintenance' && before.objects.some(({ kind }) => kind === 'HorizontalPodAutoscaler')
  expect(after).toUpgradeSafelyFrom(before, { allow: scaled ? allow : [] })
  expect(after).toRestartOnly(before, present(before, restarts))
})

const system = (block: object): Values => ({ storage: { system: block } })
const share = (nfs: object) => system({ type: 'nfs', nfs })
const service = (block: object): Values => ({ web: { service: block } })
const scaling: Values = { web: { autoscaling: { enabled: true } } }
const volume = 'PersistentVolume/mastodon-public-mstdnblue'
const shareClaim = 'PersistentVolumeClaim/mastodon-public-mstdnblue-pvc'
const claim = 'PersistentVolumeClaim/minimal-mastodon-system'
const web = 'Deployment/minimal-mastodon-web'
const scaler = 'HorizontalPodAutoscaler/minimal-mastodon-web'

test.each<[string, Values, readonly string[]]>([
  [
    'mstdnblue',
    share({ mountOptions: ['nfsvers=3', 'hard'] }),
    [`${volume}: spec.mountOptions[1]`],
  ],
  [
    'split-sidekiq',
    { web: { replicas: 5 } },
    ['Deployment/split-sidekiq-mastodon-web: spec.replicas'],
  ],
  ['minimal', system({ size: '99Gi' }), [`${claim}: spec.resources.requests.storage`]],
  ['minimal', service({ type: 'LoadBalancer' }), ['Service/minimal-mastodon-web: spec.type']],
  ['minimal', scaling, [`${web}: spec.replicas`, `+ ${scaler}`]],
])('%s: %j changes exactly this, safely', async (example, change, changes) => {
  const [before, after] = await upgrade(example, change)
  expect(after).toChangeOnly(before, changes)
  expect(after).toUpgradeSafelyFrom(before)
})

const mediaMoves = ['sidekiq-all', 'web'].map(
  (name) => `warning: Deployment/minimal-mastodon-${name} spec.template.spec.volumes[*]`,
)

test.each<[string, Values, readonly string[], Values?]>([
  ['mstdnblue', share({ server: '192.0.2.9' }), [`refused: ${volume} spec.nfs.server`]],
  ['mstdnblue', share({ path: '/other' }), [`refused: ${volume} spec.nfs.path`]],
  [
    'mstdnblue',
    system({ size: '99Gi' }),
    [`refused: ${shareClaim} spec.resources.requests.storage`],
  ],
  [
    'mstdnblue',
    system({ volumeName: 'other' }),
    [`recreated: ${volume}`, `refused: ${shareClaim} spec.volumeName`],
  ],
  ['mstdnblue', service({ type: 'ClusterIP' }), ['warning: Service/web-mstdnblue spec.type']],
  ['minimal', system({ storageClassName: 'fast' }), [`refused: ${claim} spec.storageClassName`]],
  [
    'minimal',
    system({ accessModes: ['ReadWriteMany'] }),
    [`refused: ${claim} spec.accessModes[0]`],
  ],
  ['minimal', system({ size: '1Gi' }), [`refused: ${claim} spec.resources.requests.storage`]],
  ['minimal', share({ server: 'nas', path: '/x' }), [`refused: ${claim} spec.storageClassName`]],
  ['minimal', system({ claimName: 'other' }), [`recreated: ${claim}`, ...mediaMoves]],
  // Before Kubernetes 1.33.
  [
    'minimal',
    { postgresql: { revisionHistoryLimit: 3 } },
    ['refused: StatefulSet/minimal-mastodon-postgresql spec.revisionHistoryLimit'],
  ],
  // The end of autoscaling, with Helm 4.
  ['minimal', {}, [`refused: ${web} spec.replicas`], scaling],
  [
    'minimal',
    service({ port: 8000 }),
    ['warning: Service/minimal-mastodon-web spec.ports[0].port'],
  ],
  [
    'minimal',
    { web: { name: 'other' } },
    ['recreated: Service/minimal-mastodon-web', `recreated: ${web}`],
  ],
])('%s: what %j breaks is reported', async (example, to, expected, from) => {
  const [before, after] = await upgrade(example, to, from)
  const found = checkUpgrade(before, after).map(({ effect, object, path = '' }) =>
    `${effect}: ${object} ${path}`.trim().replace(/volumes\[\d+\]/, 'volumes[*]'),
  )
  expect(found).toEqual(expected)
})
