import { describe, expect, test } from 'vitest'
import { merge, preset, render, type Values } from './render.ts'
import { workload } from './views.ts'

const rows = [
  { name: 'web', port: 'http' },
  { name: 'streaming', port: 'http' },
  { name: 'postgresql', port: 'postgresql' },
  { name: 'redis', port: 'redis' },
]

// The same for all components, so that they share a render.
const withService = (service: object) =>
  render(merge(...rows.map(({ name }) => ({ [name]: { service } }))))
const serviceOf = async (name: string, service = {}) =>
  (await withService(service)).one('Service', `mastodon-${name}`)

describe.each(rows)('$name', ({ name, port }) => {
  test('the Service leads to the pods of the component', async () => {
    const { type, port: number } = preset<Values>(`${name}.service`)
    expect((await serviceOf(name)).spec).toEqual({
      type,
      selector: {
        'app.kubernetes.io/name': 'mastodon',
        'app.kubernetes.io/instance': 'mastodon',
        'app.kubernetes.io/component': name,
      },
      ports: [{ name: port, port: number, targetPort: port }],
    })
  })

  test('a Service on the nodes has the port of the values', async () => {
    // A port of the nodes is for one of them only.
    const service = { type: 'NodePort', port: 80, nodePort: 30080 }
    const { spec } = (await render({ [name]: { service } })).one('Service', `mastodon-${name}`)
    expect(spec?.type).toBe('NodePort')
    expect(spec?.ports).toEqual([{ name: port, port: 80, targetPort: port, nodePort: 30080 }])
  })

  test.each<[string, object]>([
    [
      'a load balancer',
      {
        ...{
          type: 'LoadBalancer',
          loadBalancerClass: 'example.com/lb',
          loadBalancerIP: '192.0.2.9',
        },
        loadBalancerSourceRanges: ['192.0.2.0/24', '2001:db8::/32'],
        ...{ externalTrafficPolicy: 'Local', externalIPs: ['192.0.2.10', '2001:db8::10'] },
        trafficDistribution: 'PreferClose',
      },
    ],
    [
      'both families of addresses',
      {
        ...{ ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6', 'IPv4'] },
        ...{ internalTrafficPolicy: 'Local', sessionAffinity: 'ClientIP', clusterIP: '192.0.2.10' },
      },
    ],
  ])('a Service with %s is as the values say', async (_, service) => {
    expect((await serviceOf(name, service)).spec).toMatchObject(service)
  })

  test('labels and annotations are for the Service', async () => {
    const { metadata } = await serviceOf(name, { labels: { a: 'b' }, annotations: { c: 'd' } })
    expect(metadata.labels).toMatchObject({ a: 'b', 'app.kubernetes.io/component': name })
    expect(metadata.annotations).toEqual({ c: 'd' })
  })
})

test.each(['postgresql', 'redis'])(
  '%s has a Service without address for its StatefulSet',
  async (name) => {
    const chart = await withService({ port: 1234, type: 'LoadBalancer' })
    const { serviceName, selector } = chart.one('StatefulSet', `mastodon-${name}`).spec ?? {}
    const headless = chart.one('Service', serviceName ?? '').spec
    expect(headless).toEqual({
      clusterIP: 'None',
      selector: selector?.matchLabels,
      ports: [{ name, port: 1234, targetPort: name }],
    })
  },
)

test.each([
  ['web', '3000', '[::]'],
  ['streaming', '4000', '::'],
])('%s listens on %s, for IPv4 and IPv6, whatever its Service', async (name, port, any) => {
  const service = { port: 80, ipFamilies: ['IPv4'] }
  const { main, env } = await workload(name, { [name]: { service } })
  expect(main.ports).toEqual([{ name: 'http', containerPort: Number(port) }])
  expect(env).toMatchObject({ PORT: port, BIND: any })
})

test.each(['web', 'streaming'])("%s listens on the user's address instead", async (name) => {
  const { env } = await workload(name, { [name]: { env: { BIND: '127.0.0.1' } } })
  expect(env.BIND).toBe('127.0.0.1')
})
