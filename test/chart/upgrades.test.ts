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
const web = ['Deployment/*-web', 'Deployment/web-*']
const rails = [...web, 'Deployment/*-sidekiq-*']
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
  ['more resources for web', { web: { resources: { limits: { memory: '7Gi' } } } }, web],
  ['a variable', { env: { A: 'b' } }, rails],
  ['a secret variable', { secretEnv: { A: 'b' } }, rails],
  ['a label of the pods of web', { web: { podLabels: { tier: 'front' } } }, web],
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

test.each(rows)('$example: $title is safe', async ({ example, to, restarts, from }) => {
  const [before, after] = await upgrade(example, to, from)
  expect(after).toUpgradeSafelyFrom(before)
  expect(after).toRestartOnly(before, present(before, restarts))
})

const web5: Values = { web: { replicas: 5 } }
const balancer: Values = { web: { service: { type: 'LoadBalancer' } } }
const scaling: Values = { web: { autoscaling: { enabled: true } } }
const system = (block: object): Values => ({ storage: { system: block } })
const media = 'mastodon-public-mstdnblue'
const volume = `PersistentVolume/${media}`
const claim = 'PersistentVolumeClaim/minimal-mastodon-system'
const deployment = 'Deployment/minimal-mastodon'

test.each<[string, string, Values, readonly string[]]>([
  ['split-sidekiq', 'replicas', web5, ['Deployment/split-sidekiq-mastodon-web: spec.replicas']],
  [
    'minimal',
    'a larger claim',
    system({ size: '99Gi' }),
    [`${claim}: spec.resources.requests.storage`],
  ],
  ['minimal', 'a Service', balancer, ['Service/minimal-mastodon-web: spec.type']],
  [
    'mstdnblue',
    'mount options',
    system({ nfs: { mountOptions: ['nfsvers=3', 'hard'] } }),
    [`${volume}: spec.mountOptions[1]`],
  ],
  [
    'minimal',
    'autoscaling',
    scaling,
    [`${deployment}-web: spec.replicas`, '+ HorizontalPodAutoscaler/minimal-mastodon-web'],
  ],
])('%s: %s changes exactly this, safely', async (example, _, change, changes) => {
  const [before, after] = await upgrade(example, change)
  expect(after).toChangeOnly(before, changes)
  expect(after).toUpgradeSafelyFrom(before)
})

test.each<[string, string, Values, readonly string[], Values?]>([
  [
    'mstdnblue',
    'another server of the share',
    system({ nfs: { server: '192.0.2.9' } }),
    [`refused: ${volume} spec.nfs.server`],
  ],
  [
    'mstdnblue',
    'another directory of the share',
    system({ nfs: { path: '/other' } }),
    [`refused: ${volume} spec.nfs.path`],
  ],
  [
    'mstdnblue',
    'a larger claim on a share',
    system({ size: '99Gi' }),
    [`refused: PersistentVolumeClaim/${media}-pvc spec.resources.requests.storage`],
  ],
  [
    'mstdnblue',
    'another volume for the same claim',
    system({ volumeName: 'other' }),
    [`recreated: ${volume}`, `refused: PersistentVolumeClaim/${media}-pvc spec.volumeName`],
  ],
  [
    'mstdnblue',
    'no load balancer',
    { web: { service: { type: 'ClusterIP' } } },
    ['warning: Service/web-mstdnblue spec.type'],
  ],
  [
    'minimal',
    'another class of the claim',
    system({ storageClassName: 'fast' }),
    [`refused: ${claim} spec.storageClassName`],
  ],
  [
    'minimal',
    'other access modes of the claim',
    system({ accessModes: ['ReadWriteMany'] }),
    [`refused: ${claim} spec.accessModes[0]`],
  ],
  [
    'minimal',
    'a smaller claim',
    system({ size: '1Gi' }),
    [`refused: ${claim} spec.resources.requests.storage`],
  ],
  [
    'minimal',
    'a share in the place of a dynamic claim',
    system({ type: 'nfs', nfs: { server: '192.0.2.9', path: '/x' } }),
    [`refused: ${claim} spec.storageClassName`],
  ],
  [
    'minimal',
    'another name of the claim',
    system({ claimName: 'other' }),
    [
      `recreated: ${claim}`,
      `warning: ${deployment}-sidekiq-all spec.template.spec.volumes[*]`,
      `warning: ${deployment}-web spec.template.spec.volumes[*]`,
    ],
  ],
  [
    'minimal',
    'the history of a StatefulSet, before Kubernetes 1.33',
    { postgresql: { revisionHistoryLimit: 3 } },
    ['refused: StatefulSet/minimal-mastodon-postgresql spec.revisionHistoryLimit'],
  ],
  [
    'minimal',
    'the end of autoscaling, with Helm 4',
    {},
    [`refused: ${deployment}-web spec.replicas`],
    scaling,
  ],
  [
    'minimal',
    'another port of web',
    { web: { service: { port: 8000 } } },
    ['warning: Service/minimal-mastodon-web spec.ports[0].port'],
  ],
  [
    'minimal',
    'another name of web',
    { web: { name: 'other' } },
    ['recreated: Service/minimal-mastodon-web', `recreated: ${deployment}-web`],
  ],
])('%s: what %s breaks is reported', async (example, _, to, expected, from) => {
  const [before, after] = await upgrade(example, to, from)
  const found = checkUpgrade(before, after).map(({ effect, object, path = '' }) =>
    `${effect}: ${object} ${path}`.trim().replace(/volumes\[\d+\]/, 'volumes[*]'),
  )
  expect(found).toEqual(expected)
})
