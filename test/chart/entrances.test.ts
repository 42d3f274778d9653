// The ways in: Ingress and Gateway API lead to the same places.
import { type Manifest, type ObjectOf, valueAt } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { examples, renderExample } from '../rules/project.ts'
import { merge, render, type Values } from './render.ts'
import { dataOf } from './views.ts'

const mastodon = { localDomain: 'example.com' }
const split: Values = { mastodon: { ...mastodon, webDomain: 'social.example.com' } }
const tls = [{ hosts: ['*.example.com', 'example.com'], secretName: 'certificate' }]
const parentRefs = [{ name: 'public', namespace: 'gateways', sectionName: 'https', port: 443 }]
const ownHost: Values = { streaming: { baseUrl: 'wss://stream.example.com' } }
const wellKnown: Values = { wellKnown: { enabled: true } }
const closed: Values = { web: { closedPaths: ['/sidekiq', '/pghero'] } }
const names = ['host-meta', 'nodeinfo', 'webfinger'].map((name) => `/.well-known/${name}`)

const withIngress = (ingress: object = {}, ...more: readonly Values[]) =>
  render(merge({ mastodon }, ...more, { ingress: { enabled: true, ...ingress } }))
const withGateway = (gateway: object = {}, ...more: readonly Values[]) =>
  render(merge({ mastodon }, ...more, { gateway: { enabled: true, parentRefs, ...gateway } }))

/** What these tests read of an HTTPRoute. */
interface Route {
  readonly parentRefs: readonly object[]
  readonly hostnames: readonly string[]
  readonly rules: readonly {
    readonly matches?: readonly {
      readonly path: { readonly type: string; readonly value: string }
    }[]
    readonly backendRefs?: readonly { readonly name: string }[]
    readonly timeouts?: object
  }[]
}

const routes = (objects: readonly Manifest[]) =>
  objects.filter(({ kind }) => kind === 'HTTPRoute').map(({ spec }) => spec as Route)
const ingresses = (objects: readonly Manifest[]) =>
  objects
    .filter(({ kind }) => kind === 'Ingress')
    .map(({ spec }) => spec as ObjectOf<'Ingress'>['spec'])

/** Where requests go, by host and path: a Service, or nothing. */
function ways(objects: readonly Manifest[]): Record<string, string | undefined> {
  const found: Record<string, string | undefined> = {}
  for (const spec of ingresses(objects)) {
    for (const { host, http } of spec?.rules ?? []) {
      for (const { path = '', pathType, backend } of http?.paths ?? []) {
        expect([pathType, backend.service?.port]).toEqual(['Prefix', { name: 'http' }])
        found[host + path] = backend.service?.name
      }
    }
  }
  for (const { hostnames, rules } of routes(objects)) {
    for (const host of hostnames) {
      for (const { matches = [], backendRefs = [] } of rules) {
        for (const { path } of matches) {
          expect(path.type).toBe('PathPrefix')
          found[host + path.value] = backendRefs[0]?.name
        }
      }
    }
  }
  return found
}

describe.each([
  { name: 'Ingress', open: withIngress, hosts: 'hosts', refused: 'mastodon-streaming' },
  { name: 'Gateway', open: withGateway, hosts: 'hostnames', refused: undefined },
])('$name', ({ open, hosts, refused }) => {
  const waysOf = async (...args: Parameters<typeof open>) => ways((await open(...args)).objects)

  test.each<[string, Values, Values, readonly string[]]>([
    ['the domain', {}, {}, ['example.com']],
    ['that of the web interface', {}, split, ['social.example.com']],
    [
      'those of the values',
      { [hosts]: ['a.example', 'b.example'] },
      { mastodon: { alternateDomains: ['a.example', 'b.example'] } },
      ['a.example', 'b.example'],
    ],
  ])(
    'the host is %s; it leads to streaming by its path, else to web',
    async (_, own, more, all) => {
      const expected = all.flatMap((host) => [
        [`${host}/`, 'mastodon-web'],
        [`${host}/api/v1/streaming`, 'mastodon-streaming'],
      ])
      expect(await waysOf(own, more)).toEqual(Object.fromEntries(expected))
    },
  )

  test('streaming has a host of its own, which leads nowhere else', async () => {
    expect(await waysOf({}, ownHost)).toEqual({
      'example.com/': 'mastodon-web',
      'stream.example.com/api/v1/streaming': 'mastodon-streaming',
    })
  })

  test("an address of streaming with web's host, perhaps at another port, needs no other way", async () => {
    const baseUrl = 'wss://example.com:8443'
    expect(await waysOf({}, { streaming: { baseUrl } })).toEqual(await waysOf())
  })

  test('well-known paths of the domain in handles lead to web', async () => {
    expect(await waysOf({}, split, wellKnown)).toEqual({
      ...(await waysOf({}, split)),
      ...Object.fromEntries(names.map((path) => [`example.com${path}`, 'mastodon-web'])),
    })
  })

  test('closed paths do not lead to web', async () => {
    expect(await waysOf({}, closed)).toEqual({
      ...(await waysOf()),
      ...{ 'example.com/sidekiq': refused, 'example.com/pghero': refused },
    })
  })

  test('it follows the names of the Services', async () => {
    const found = await waysOf({}, { web: { name: 'w' }, streaming: { name: 's' } })
    expect(Object.values(found).sort()).toEqual(['s', 'w'])
  })
})

test('the address of streaming is for Ruby, and stands with nothing that leads there, too', async () => {
  expect(dataOf(await render(ownHost)).STREAMING_API_BASE_URL).toBe('wss://stream.example.com')
  expect(dataOf(await render())).not.toHaveProperty('STREAMING_API_BASE_URL')
})

test('an Ingress and a Gateway can be open at once', async () => {
  const both = await withIngress({}, { gateway: { enabled: true, parentRefs } })
  expect([both.all('Ingress').length, both.all('HTTPRoute').length]).toEqual([1, 1])
})

// Streaming has its metrics on the same port, for everybody.
test.each(examples)('nothing in the example %s leads to the metrics of streaming', async (name) => {
  const { objects } = await renderExample(name)
  const streaming = Object.entries(ways(objects)).filter(([, to]) => to?.endsWith('streaming'))
  const paths = streaming.map(([way]) => way.replace(/^[^/]+/, ''))
  expect(paths.filter((path) => '/metrics'.startsWith(path))).toEqual([])
})

describe('Ingress', () => {
  const ingressOf = async (name: string, ...args: Parameters<typeof withIngress>) =>
    (await withIngress(...args)).one('Ingress', name)

  test('class, certificates, labels and annotations are as the values say', async () => {
    const annotations = { 'example.com/timeout': '60' }
    const { spec, metadata } = await ingressOf('mastodon-web', {
      ...{ className: 'nginx', tls, labels: { a: 'b' }, annotations },
    })
    expect(spec).toMatchObject({ ingressClassName: 'nginx', tls })
    expect(metadata.labels).toMatchObject({ a: 'b' })
    expect(metadata.annotations).toEqual(annotations)
  })

  test('Tailscale reads from each Ingress which machine it is', async () => {
    const machine = { mastodon: { alternateDomains: ['social.tail1234.ts.net'] } }
    const more = [split, machine, ownHost, wellKnown]
    const { objects } = await withIngress({ className: 'tailscale' }, ...more)
    const hosts = ['stream.example.com', 'social.example.com', 'example.com']
    const found = ingresses(objects).map((spec) => [spec?.rules?.[0]?.host, spec?.tls])
    expect(found.sort()).toEqual(hosts.sort().map((host) => [host, [{ hosts: [host] }]]))
  })

  test.each<[string, string, Values]>([
    ['streaming', 'mastodon-streaming', ownHost],
    ['wellKnown', 'mastodon-well-known', merge(split, wellKnown)],
  ])(
    "%s' Ingress has the class and labels of web's, and its annotations win",
    async (key, name, more) => {
      const common = { className: 'nginx', labels: { a: 'b' }, annotations: { x: '60', y: 'yes' } }
      const own = {
        ...common,
        tls,
        [key]: { annotations: { x: '3600' }, tls: [{ secretName: 's' }] },
      }
      const { spec, metadata } = await ingressOf(name, own, more)
      expect(spec).toMatchObject({ ingressClassName: 'nginx', tls: [{ secretName: 's' }] })
      expect(metadata.labels).toMatchObject({ a: 'b' })
      expect(metadata.annotations).toEqual({ x: '3600', y: 'yes' })
    },
  )

  test.each([
    ['issuer', 'cert-manager.io/issuer'],
    ['clusterIssuer', 'cert-manager.io/cluster-issuer'],
  ])('cert-manager makes the certificate of every host by its %s', async (key, annotation) => {
    const chart = await withIngress({ certManager: { [key]: 'le' } }, split, ownHost, wellKnown)
    const found = chart
      .all('Ingress')
      .map(({ metadata, spec }) => [metadata.annotations, spec?.tls])
    expect(found).toEqual(
      [
        ['social.example.com', 'mastodon-web-tls'],
        ['stream.example.com', 'mastodon-streaming-tls'],
        ['example.com', 'mastodon-well-known-tls'],
      ].map(([host, secretName]) => [{ [annotation]: 'le' }, [{ hosts: [host], secretName }]]),
    )
  })

  test("a certificate's Secret of the user keeps its name under cert-manager", async () => {
    const { spec } = await ingressOf('mastodon-web', { tls, certManager: { issuer: 'le' } })
    expect(spec?.tls).toEqual(tls)
  })
})

describe('Gateway', () => {
  const http = [{ name: 'public', sectionName: 'http' }]
  const routeOf = async (name: string, ...args: Parameters<typeof withGateway>) =>
    (await withGateway(...args)).one('HTTPRoute', name).spec as Route
  const rulesOf = async (...args: Parameters<typeof withGateway>) =>
    (await routeOf('mastodon-web', ...args)).rules

  test('routes belong to the listeners of the values, and lead to the ports of the Services', async () => {
    const spec = await routeOf('mastodon-web', {}, { web: { service: { port: 80 } } })
    expect(spec.parentRefs).toEqual(parentRefs)
    expect(spec.rules.map(({ backendRefs }) => backendRefs)).toEqual([
      [{ name: 'mastodon-streaming', port: 4000 }],
      [{ name: 'mastodon-web', port: 80 }],
    ])
  })

  test('ports of listeners that are text become numbers', async () => {
    const [text, number] = ['443', 443].map((port) => [{ name: 'public', port }])
    const other = [{ name: 'public', sectionName: 'http', port: '80' }]
    const redirect = { parentRefs: other, hostnames: ['www.example.com'] }
    const { objects } = await withGateway({ parentRefs: text, redirect })
    expect(routes(objects).map((route) => route.parentRefs)).toEqual([
      ...[number, number],
      [{ name: 'public', sectionName: 'http', port: 80 }],
    ])
  })

  test.each<[string, string, Values]>([
    ['streaming', 'mastodon-streaming', ownHost],
    ['wellKnown', 'mastodon-well-known', merge(split, wellKnown)],
  ])('%s may belong to another listener', async (key, name, more) => {
    expect((await routeOf(name, {}, more)).parentRefs).toEqual(parentRefs)
    expect((await routeOf(name, { [key]: { parentRefs: http } }, more)).parentRefs).toEqual(http)
  })

  test('timeouts, filters and headers of answers are those of web and of streaming', async () => {
    const filters = [
      { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['Proxy'] } },
    ]
    const cors = [{ type: 'CORS', cors: { allowOrigins: ['*'] } }]
    const timeouts = { request: '5m', backendRequest: '2m' }
    const [streaming, web] = await rulesOf({
      ...{ timeouts, filters, responseHeaders: { 'X-B': 'b', 'X-A': 'a' } },
      streaming: { timeouts: { request: '0s' }, filters: cors },
    })
    const set = [
      { name: 'X-A', value: 'a' },
      { name: 'X-B', value: 'b' },
    ]
    const headers = { type: 'ResponseHeaderModifier', responseHeaderModifier: { set } }
    expect(web).toMatchObject({ timeouts, filters: [headers, ...filters] })
    expect(streaming).toMatchObject({ timeouts: { request: '0s' }, filters: cors })
  })

  test('a rule without settings has none', async () => {
    const keys = (await rulesOf()).map((rule: object) => Object.keys(rule).sort())
    expect(keys).toEqual([
      ['backendRefs', 'matches'],
      ['backendRefs', 'matches'],
    ])
  })

  test('requests by HTTP are redirected to HTTPS, for all hosts', async () => {
    const redirect = { parentRefs: http, hostnames: ['www.example.com'] }
    const spec = await routeOf('mastodon-https', { redirect }, split, ownHost, wellKnown)
    expect(spec).toEqual({
      parentRefs: http,
      hostnames: ['www.example.com', 'social.example.com', 'stream.example.com', 'example.com'],
      rules: [
        {
          filters: [
            { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } },
          ],
        },
      ],
    })
  })

  test('the rest of the domain in handles can be redirected, too', async () => {
    const redirect = { parentRefs: http, hostnames: ['example.com'] }
    const args = [{ redirect }, split, wellKnown] as const
    expect((await routeOf('mastodon-aliases', ...args)).hostnames).toEqual(['example.com'])
    const { hostnames } = await routeOf('mastodon-https', ...args)
    expect(hostnames).toEqual(['example.com', 'social.example.com'])
  })

  test('other hosts are redirected to that of web', async () => {
    const redirect = { hostnames: ['www.example.com'] }
    const spec = await routeOf('mastodon-aliases', { redirect })
    const requestRedirect = { hostname: 'example.com', statusCode: 301 }
    expect(spec).toEqual({
      ...{ parentRefs, hostnames: ['www.example.com'] },
      rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect }] }],
    })
  })

  test('listeners of a ListenerSet are added to a Gateway, and the routes belong to them', async () => {
    const listeners = [
      { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'c' }] } },
    ]
    const listenerSet = { parentRef: { name: 'public' }, listeners }
    const chart = await withGateway({ parentRefs: [], listenerSet })
    expect(chart.one('ListenerSet', 'mastodon').spec).toEqual(listenerSet)
    const ref = { group: 'gateway.networking.k8s.io', kind: 'ListenerSet', name: 'mastodon' }
    expect(routes(chart.objects).map(({ parentRefs: refs }) => refs)).toEqual([[ref]])
  })

  const validation = { hostname: 'mastodon.internal', wellKnownCACertificates: 'System' }

  describe('with TLS as far as sidecars of web and streaming', () => {
    const open = () => withGateway({ backendTLSPolicy: { port: 8443, validation } })

    test('the Gateway verifies them as the values say', async () => {
      const service = { group: '', kind: 'Service', sectionName: 'https' }
      expect((await open()).one('BackendTLSPolicy', 'mastodon-web').spec).toEqual({
        targetRefs: ['web', 'streaming'].map((name) => ({ ...service, name: `mastodon-${name}` })),
        validation,
      })
    })

    test.each(['web', 'streaming'])('the route leads to the sidecar of %s', async (name) => {
      const chart = await open()
      const backends = routes(chart.objects).flatMap(({ rules }) =>
        rules.flatMap(({ backendRefs }) => backendRefs),
      )
      expect(backends).toContainEqual({ name: `mastodon-${name}`, port: 8443 })
      const [plain, tlsPort] = chart.one('Service', `mastodon-${name}`).spec?.ports ?? []
      expect(plain).toMatchObject({ name: 'http', targetPort: 'http' })
      expect(tlsPort).toEqual({ name: 'https', port: 8443, targetPort: 8443 })
      const policy = chart.one('NetworkPolicy', `mastodon-${name}`).spec
      expect(policy?.ingress?.[0]?.ports).toEqual([{ port: 'http' }, { port: 8443 }])
    })

    test('the ports of databases remain', async () => {
      const chart = await open()
      expect(chart.one('Service', 'mastodon-postgresql').spec?.ports).toHaveLength(1)
      const policy = chart.one('NetworkPolicy', 'mastodon-postgresql').spec
      expect(policy?.ingress?.[0]?.ports).toEqual([{ port: 'postgresql' }])
    })
  })

  test('labels and annotations are for all of its objects', async () => {
    const own = { labels: { a: 'b' }, annotations: { c: 'd' } }
    const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }]
    const all = {
      ...{ ...own, redirect: { parentRefs: http, hostnames: ['www.example.com'] } },
      parentRefs: [...parentRefs, { kind: 'ListenerSet', name: 'mastodon' }],
      listenerSet: { parentRef: { name: 'public' }, listeners },
      backendTLSPolicy: { port: 8443, validation },
    }
    const { objects } = await withGateway(all, split, ownHost, wellKnown)
    const found = objects.filter(({ apiVersion }) => apiVersion.startsWith('gateway.'))
    expect(found.map(({ kind }) => kind).sort()).toEqual([
      ...['BackendTLSPolicy', ...Array<string>(5).fill('HTTPRoute'), 'ListenerSet'],
    ])
    for (const { metadata } of found) {
      expect(metadata.labels).toMatchObject(own.labels)
      expect(metadata.annotations).toEqual(own.annotations)
    }
  })
})

describe('defects of other charts', () => {
  const off: Values = { mastodon, gateway: { parentRefs, hostnames: ['a.example'] } }
  const ofGateway = ({ apiVersion }: Manifest) => apiVersion.startsWith('gateway.')

  test('an HTTPRoute was rendered while it was disabled', async () => {
    expect((await render(off)).objects.filter(ofGateway)).toEqual([])
  })

  test('the route of streaming was not gated', async () => {
    expect((await render(merge(off, ownHost))).objects.filter(ofGateway)).toEqual([])
  })

  test('a Gateway that nobody has was on by default', async () => {
    const { objects } = await render({ mastodon })
    expect(objects.filter((object) => ofGateway(object) || object.kind === 'Ingress')).toEqual([])
  })

  test.each([
    ['shared', {}],
    ['own', ownHost],
  ])('the settings of streaming were ignored in a %s route', async (_, more) => {
    const streaming = { timeouts: { request: '0s' } }
    const { objects } = await withGateway({ streaming }, more)
    const rules = routes(objects).flatMap((route) => route.rules)
    const own = rules.find(({ matches }) => matches?.[0]?.path.value === '/api/v1/streaming')
    expect(own?.timeouts).toEqual(streaming.timeouts)
  })

  test('helm test asked at the wrong ports', async () => {
    const ports = { web: { service: { port: 80 } }, streaming: { service: { port: 81 } } }
    const pod = (await render(ports)).one('Pod', 'mastodon-test')
    const args = valueAt(pod, ['spec', 'containers', '0', 'args'])
    expect(args).toEqual(expect.arrayContaining(['mastodon-web:80', 'mastodon-streaming:81']))
  })

  test('the notes named a Service that does not exist', async () => {
    const chart = await render({ web: { name: 'front' } }, { showNotes: true })
    const [, name] = /port-forward service\/(\S+)/.exec(chart.notes ?? '') ?? []
    expect(chart.one('Service', name ?? '').metadata.name).toBe('front')
  })
})
