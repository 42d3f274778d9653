import { checkPodSecurity } from 'chart-harness'
import { expect, test } from 'vitest'
import { components, everything } from './components.ts'
import { merge } from './merge.ts'
import { render, type Values } from './render.ts'
import { viewOf } from './views.ts'

const extra = { name: 'extra', image: 'example.com/extra:1.0.0' }
const guests: Values = merge(everything, {
  pod: { sidecars: [extra], initContainers: [{ ...extra, name: 'before' }] },
})

test.each(components)(
  'containers that the user adds to $name are secured like ours',
  async ({ name }) => {
    const { pod, main } = viewOf(await render(guests), name)
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
  const { pod } = viewOf(await render({ web: { sidecars: [loose, extra] } }), 'web')
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
  const { pod } = viewOf(await render(guests), name)
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
  const { pod } = viewOf(await render({ web: { sidecars } }), 'web')
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
  expect(viewOf(await render(guests), name).pod.containers[0]?.name).toBe('main')
})

test.each(components)('Services do not fill the environment of $name', async ({ name }) => {
  expect(viewOf(await render(everything), name).pod.enableServiceLinks).toBe(false)
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
