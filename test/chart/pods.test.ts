import { checkPodSecurity } from 'chart-harness'
import { expect, test } from 'vitest'
import { components, everything } from './components.ts'
import { merge, render, type Values } from './render.ts'
import { viewOf, workload } from './views.ts'

const extra = { name: 'extra', image: 'example.com/extra:1.0.0' }
const guests: Values = merge(everything, {
  pod: { sidecars: [extra], initContainers: [{ ...extra, name: 'before' }] },
})

test.each(components)(
  'containers that the user adds to $name are secured like ours',
  async ({ name }) => {
    const { pod, main } = await workload(name, guests)
    const added = [...(pod.initContainers ?? []), ...pod.containers].filter(
      ({ image }) => image === extra.image,
    )
    expect(added.map((container) => container.securityContext)).toEqual([
      main.securityContext,
      main.securityContext,
    ])
  },
)

test('what one container of the user is allowed is not allowed to any other', async () => {
  const loose = { ...extra, name: 'loose', securityContext: { readOnlyRootFilesystem: false } }
  const { pod } = await workload('web', { web: { sidecars: [loose, extra] } })
  const allowed = pod.containers.map(({ name, securityContext }) => [
    name,
    securityContext?.readOnlyRootFilesystem,
  ])
  expect(allowed).toEqual([
    ['main', true],
    ['loose', false],
    ['extra', true],
  ])
})

test.each([
  ['web', 'gate'],
  ['sidekiq-main', 'gate'],
  ['admin', 'gate'],
  ['streaming', 'wait'],
  ['postgresql', 'prepare'],
])('init containers of the user run in %s after the %s of the chart', async (name, own) => {
  const { pod } = await workload(name, guests)
  expect(pod.initContainers?.map((container) => container.name).slice(0, 2)).toEqual([
    own,
    'before',
  ])
})

test('pods with containers of the user keep to Pod Security "restricted"', async () => {
  const chart = await render(guests)
  expect(chart).toHaveNoProblems(checkPodSecurity(chart))
})

test('a container of the user keeps what it says of its security', async () => {
  const sidecars = [
    { ...extra, securityContext: { runAsUser: 1234, readOnlyRootFilesystem: false } },
  ]
  const { pod } = await workload('web', { web: { sidecars } })
  expect(pod.containers[1]?.securityContext).toEqual({
    runAsUser: 1234,
    readOnlyRootFilesystem: false,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  })
})

test('the security of one component does not reach a guest in another', async () => {
  const guest = { ...extra, securityContext: { runAsUser: 1234 } }
  const chart = await render({
    pod: { sidecars: [guest] },
    postgresql: { securityContext: { runAsGroup: 77 } },
  })
  const groups = ['postgresql', 'web', 'redis'].map(
    (name) => viewOf(chart, name).pod.containers[1]?.securityContext?.runAsGroup,
  )
  expect(groups).toEqual([77, undefined, undefined])
})

test.each(components)('the first container of $name is the main one', async ({ name }) => {
  expect((await workload(name, guests)).pod.containers[0]?.name).toBe('main')
})

test.each(components)('Services do not fill the environment of $name', async ({ name }) => {
  expect((await workload(name, everything)).pod.enableServiceLinks).toBe(false)
})

test('one account without token serves all pods', async () => {
  const account = (await render()).one('ServiceAccount', 'mastodon')
  expect(account.automountServiceAccountToken).toBe(false)
})

test('an account of the user serves all pods', async () => {
  const chart = await render({ pod: { serviceAccount: { create: false, name: 'theirs' } } })
  expect(viewOf(chart, 'web').pod.serviceAccountName).toBe('theirs')
  expect(chart.has('ServiceAccount', 'theirs')).toBe(false)
})

test('without any account pods use the default one', async () => {
  const chart = await render({ pod: { serviceAccount: { create: false } } })
  expect(viewOf(chart, 'web').pod.serviceAccountName).toBe('default')
})

test('an account of its own has the name of the component', async () => {
  const chart = await render({
    web: { serviceAccount: { create: true, annotations: { role: 'arn' } } },
  })
  expect(viewOf(chart, 'web').pod.serviceAccountName).toBe('mastodon-web')
  expect(chart.one('ServiceAccount', 'mastodon-web').metadata.annotations).toEqual({ role: 'arn' })
  expect(viewOf(chart, 'streaming').pod.serviceAccountName).toBe('mastodon')
})

test('further objects are maps or texts, with templates in them', async () => {
  const chart = await render({
    extraObjects: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: '{{ .Release.Name }}-map' },
        data: { a: 'yes' },
      },
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ include "mastodon.names.fullname" . }}-text\n',
    ],
  })
  expect(chart.one('ConfigMap', 'mastodon-map').data).toEqual({ a: 'yes' })
  expect(chart.has('ConfigMap', 'mastodon-text')).toBe(true)
})

test('one component may use a service account that exists, the others do not', async () => {
  const chart = await render({ web: { serviceAccount: { create: false, name: 'theirs' } } })
  expect(chart.has('ServiceAccount', 'theirs')).toBe(false)
  expect(viewOf(chart, 'web').pod.serviceAccountName).toBe('theirs')
  expect(viewOf(chart, 'streaming').pod.serviceAccountName).not.toBe('theirs')
})

test("the user's handler before a stop replaces the default one", async () => {
  const preStop = { exec: { command: ['drain'] } }
  const chart = await render({ web: { lifecycle: { preStop } } })
  expect(viewOf(chart, 'web').main.lifecycle?.preStop).toEqual(preStop)
})
