import { describe, expect, test } from 'vitest'
import { render, type Values } from './render.ts'

type Service = NonNullable<NonNullable<Values['web']>['service']>

const components = [
  { name: 'web', port: 3000, target: 'http' },
  { name: 'streaming', port: 4000, target: 'http' },
  { name: 'postgresql', port: 5432, target: 'postgresql' },
  { name: 'redis', port: 6379, target: 'redis' },
]

// The same for all components, so that they share a render.
async function serviceOf(name: string, service: Service = {}) {
  const values = Object.fromEntries(components.map((component) => [component.name, { service }]))
  return (await render(values)).one('Service', `mastodon-${name}`)
}

describe.each(components)('$name', ({ name, port, target }) => {
  test('the Service leads to the pods of the component', async () => {
    expect((await serviceOf(name)).spec).toEqual({
      type: 'ClusterIP',
      selector: {
        'app.kubernetes.io/name': 'mastodon',
        'app.kubernetes.io/instance': 'mastodon',
        'app.kubernetes.io/component': name,
      },
      ports: [{ name: target, port, targetPort: target }],
    })
  })

  test('a Service on the nodes has the port of the values', async () => {
    const { spec } = await serviceOf(name, { type: 'NodePort', port: 80, nodePort: 30080 })
    expect(spec?.type).toBe('NodePort')
    expect(spec?.ports).toEqual([{ name: target, port: 80, targetPort: target, nodePort: 30080 }])
  })

  test('a load balancer is asked for as the values say', async () => {
    const service: Service = {
      type: 'LoadBalancer',
      loadBalancerClass: 'tailscale',
      loadBalancerIP: '192.0.2.9',
      loadBalancerSourceRanges: ['192.0.2.0/24', '2001:db8::/32'],
      externalTrafficPolicy: 'Local',
    }
    expect((await serviceOf(name, service)).spec).toMatchObject(service)
  })

  test('a Service has both families of addresses', async () => {
    const service: Service = {
      ipFamilyPolicy: 'RequireDualStack',
      ipFamilies: ['IPv6', 'IPv4'],
      internalTrafficPolicy: 'Local',
      sessionAffinity: 'ClientIP',
      clusterIP: '192.0.2.10',
    }
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
    const service: Service = { port: 1234, type: 'LoadBalancer' }
    const chart = await render({ postgresql: { service }, redis: { service } })
    const { serviceName, selector } = chart.one('StatefulSet', `mastodon-${name}`).spec ?? {}
    const headless = chart.one('Service', serviceName ?? '').spec
    expect(headless).toMatchObject({ clusterIP: 'None', selector: selector?.matchLabels })
    expect(headless).not.toHaveProperty('type')
  },
)
