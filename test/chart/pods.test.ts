import { checkPodSecurity } from 'chart-harness'
import { expect, test } from 'vitest'
import { components, everything } from './components.ts'
import { merge, render, type Values } from './render.ts'
import { viewOf, workload } from './views.ts'

const extra = { name: 'extra', image: 'example.com/extra:1.0.0' }
const guests: Values = merge(everything, {
  pod: { sidecars: [extra], initContainers: [{ ...extra, name: 'before' }] },
})

test.each(components)('containers of the user in $name are secured like ours', async ({ name }) => {
  const { pod, main } = await workload(name, guests)
  const all = [...(pod.initContainers ?? []), ...pod.containers]
  const added = all.filter(({ image }) => image === extra.image)
  expect(added.map(({ securityContext }) => securityContext)).toEqual([
    ...[main.securityContext, main.securityContext],
  ])
  expect(pod.containers[0]).toBe(main)
})

test('pods with containers of the user keep to Pod Security "restricted"', async () => {
  const chart = await render(guests)
  expect(chart).toHaveNoProblems(checkPodSecurity(chart))
})

test('a container of the user keeps what it says of its security, for itself only', async () => {
  const securityContext = { runAsUser: 1234, readOnlyRootFilesystem: false }
  const sidecars = [{ ...extra, name: 'loose', securityContext }, extra]
  const [main, loose, other] = (await workload('web', { web: { sidecars } })).pod.containers
  expect(loose?.securityContext).toEqual({ ...main?.securityContext, ...securityContext })
  expect(other?.securityContext).toEqual(main?.securityContext)
})

test('the security of one component does not reach a container of the user in another', async () => {
  const chart = await render({
    pod: { sidecars: [{ ...extra, securityContext: { runAsUser: 1234 } }] },
    postgresql: { securityContext: { runAsGroup: 77 } },
  })
  const groups = ['postgresql', 'web', 'redis'].map(
    (name) => viewOf(chart, name).pod.containers[1]?.securityContext?.runAsGroup,
  )
  expect(groups).toEqual([77, undefined, undefined])
})

// Components whose pods the chart prepares, and in which init container.
const prepared = [
  ['web', 'gate'],
  ['sidekiq-main', 'gate'],
  ['admin', 'gate'],
  ['streaming', 'login'],
  ['postgresql', 'prepare'],
] as const

test.each(prepared)(
  'init containers of the user run in %s after the %s of the chart',
  async (name, own) => {
    const { initContainers = [] } = (await workload(name, guests)).pod
    expect(initContainers.map((container) => container.name).slice(0, 2)).toEqual([own, 'before'])
  },
)

// A certificate authority from trust-manager, for example.
test.each(prepared)(
  'the init container of %s mounts what the user mounts in the pod',
  async (name, own) => {
    const mount = { name: 'ca', mountPath: '/etc/secrets/ca', readOnly: true }
    const volume = { name: 'ca', configMap: { name: 'trust' } }
    const pod = { volumes: [volume], volumeMounts: [mount] }
    const { init, main } = await workload(name, merge(everything, { pod }))
    for (const container of [init(own), main]) expect(container.volumeMounts).toContainEqual(mount)
  },
)

const annotations = { role: 'arn' }

test.each<[string, object, string, object?]>([
  // All pods that do not use the API share an account.
  ['pod', {}, 'mastodon', {}],
  ['pod', { create: false, name: 'theirs' }, 'theirs'],
  ['pod', { create: false }, 'default'],
  // A component may have its own.
  ['web', { create: true, annotations }, 'mastodon-web', { annotations }],
  ['web', { create: false, name: 'theirs' }, 'theirs'],
])('with %s.serviceAccount %j the account is %s', async (block, serviceAccount, name, made) => {
  const chart = await render({ [block]: { serviceAccount } })
  const used = ['web', 'streaming'].map((each) => viewOf(chart, each).pod.serviceAccountName)
  expect(used).toEqual([name, block === 'pod' ? name : 'mastodon'])
  expect(chart.has('ServiceAccount', name)).toBe(made !== undefined)
  if (made) expect(chart.one('ServiceAccount', name).metadata).toMatchObject(made)
})

test('additional objects are maps or texts, with templates in them', async () => {
  const about = { apiVersion: 'v1', kind: 'ConfigMap' }
  const map = { ...about, metadata: { name: '{{ .Release.Name }}-map' }, data: { a: 'yes' } }
  const fullname = '{{ include "mastodon.names.fullname" . }}'
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${fullname}-text\n`
  const chart = await render({ extraObjects: [map, text] })
  expect(chart.one('ConfigMap', 'mastodon-map').data).toEqual({ a: 'yes' })
  expect(chart.has('ConfigMap', 'mastodon-text')).toBe(true)
})
