// The ways in, with a real proxy: what it sends where, and what it does not let through.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { page, streamed } from '../lib/application.ts'
import { install, upgrade } from '../lib/helm.ts'
import { exec, kubectl, list, secretValues } from '../lib/kubectl.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { podsOf } from '../lib/pods.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { ingressClass, ports, removeTraefik, startTraefik, through } from '../lib/traefik.ts'
import { eventually } from '../lib/wait.ts'

const host = 'social.example.com'
const address = 'abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion'
const values = {
  mastodon: {
    ...{ localDomain: 'example.com', webDomain: host },
    alternateDomains: ['www.social.example.com'],
  },
  wellKnown: { enabled: true },
  web: { closedPaths: ['/sidekiq'] },
  ingress: {
    ...{ enabled: true, className: ingressClass },
    annotations: { 'traefik.ingress.kubernetes.io/router.entrypoints': 'ingress' },
  },
  gateway: {
    enabled: true,
    parentRefs: [{ name: 'public', sectionName: 'https' }],
    redirect: {
      parentRefs: [{ name: 'public', sectionName: 'http' }],
      hostnames: ['www.social.example.com'],
    },
    responseHeaders: { 'X-Way': 'gateway' },
  },
  onion: {
    ...{ enabled: true, hostname: address },
    image: { registry: 'registry.example.com', repository: 'tor', tag: '0.4.9.11' },
  },
}
const ownHost = { ...values, streaming: { baseUrl: 'wss://streaming.example.com' } }

let scenario: Scenario
beforeAll(async () => {
  scenario = await plan({ title: 'entrances', helm: 4, host })
  await startTraefik(scenario.release.namespace)
  await install(scenario.release, { values })
})
afterAll(async () => {
  await removeTraefik()
  await dropNamespace(scenario?.release.namespace)
})

/** The answer to a request through a port of Traefik. */
async function get(port: number, url: string) {
  const curl = ['curl', '-i', ...through(port), url]
  const text = await exec(scenario.release.namespace, 'client', curl)
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const headers = Object.fromEntries(
    head.split('\r\n').map((line) => {
      const [name = '', ...value] = line.split(': ')
      return [name.toLowerCase(), value.join(': ')]
    }),
  )
  return { status: Number(head.split(' ')[1]), headers, body: rest.join('\r\n\r\n') }
}

/** Waits until a proxy has seen the objects: the URL has this status. */
const settled = (port: number, url: string, status: number) =>
  eventually(`${url} with ${status}`, async () => (await get(port, url)).status === status)

describe.each([
  ['the Ingress', ports.ingress],
  ['the Gateway', ports.https],
] as const)('through %s', (_, port) => {
  test('pages come from web', async () => {
    await settled(port, `https://${host}/`, 200)
    expect(JSON.parse((await get(port, `https://${host}/`)).body)).toHaveProperty('loads')
  })

  test('updates come from streaming, by a WebSocket', async () => {
    const at = { url: `https://${host}`, flags: through(port) }
    expect(await streamed(scenario.instance, at)).toContain('"event":"update"')
  })

  test('the metrics of streaming do not come', async () => {
    for (const path of [
      '/metrics',
      '/api/v1/streaming/metrics',
      '/api/v1/streaming/../../../metrics',
    ]) {
      const { status, body } = await get(port, `https://${host}${path}`)
      expect([path, status, body.includes('connected_clients')]).toEqual([path, 404, false])
    }
    const inside = ['curl', '-s', `http://${scenario.instance.streaming}/metrics`]
    expect(await exec(scenario.release.namespace, 'client', inside)).toContain('connected_clients')
  })

  test('a closed path does not come, though web has it', async () => {
    const { status, body } = await get(port, `https://${host}/sidekiq`)
    expect([status >= 400, body.includes('Sidekiq')]).toEqual([true, false])
  })

  test('accounts of the domain in handles are found, by scripts of other sites, too', async () => {
    const url = 'https://example.com/.well-known/webfinger?resource=acct:alice@example.com'
    const { status, headers, body } = await get(port, url)
    expect([status, headers['access-control-allow-origin']]).toEqual([200, '*'])
    expect(JSON.parse(body)).toEqual({ subject: 'acct:alice@example.com' })
    expect((await get(port, 'https://example.com/')).status).toBe(404)
  })
})

test('web has the closed path', async () => {
  const inside = ['curl', '-s', '-H', `Host: ${host}`, '-H', 'X-Forwarded-Proto: https']
  const url = `http://${scenario.instance.web}/sidekiq`
  expect(await exec(scenario.release.namespace, 'client', [...inside, url])).toBe('Sidekiq')
})

describe('the Gateway', () => {
  test('accepts every route', async () => {
    interface Route {
      readonly metadata: { readonly name: string }
      readonly status?: {
        readonly parents: readonly {
          readonly conditions: readonly { readonly type: string; readonly status: string }[]
        }[]
      }
    }
    const routes = await list<Route>('httproutes', { namespace: scenario.release.namespace })
    const found = routes.map(({ metadata, status }) => [
      metadata.name,
      status?.parents.flatMap(({ conditions }) =>
        conditions.filter((each) => each.status !== 'True').map(({ type }) => type),
      ),
    ])
    const names = ['aliases', 'https', 'web', 'well-known'].map((name) => `t-mastodon-${name}`)
    expect(found).toEqual(names.map((name) => [name, []]))
  })

  test('redirects from HTTP to HTTPS, and other hosts to that of web', async () => {
    const http = await get(ports.http, `http://${host}/about?a=b`)
    expect([http.status, http.headers.location]).toEqual([301, `https://${host}/about?a=b`])
    const other = await get(ports.https, 'https://www.social.example.com/about')
    expect(other.status).toBe(301)
    expect(other.headers.location).toMatch(/^https:\/\/social\.example\.com(:\d+)?\/about$/)
  })

  test('sets headers of answers', async () => {
    const { headers } = await get(ports.https, `https://${host}/health`)
    expect(headers).toMatchObject({ 'x-way': 'gateway', 'onion-location': `http://${address}` })
  })
})

describe('the onion service', () => {
  test('has the address that was computed from the key that was made', async () => {
    const { namespace } = scenario.release
    const { hostname } = await secretValues(namespace, 't-mastodon-onion')
    const [pod] = await podsOf(scenario, 'onion')
    const name = pod?.metadata?.name ?? ''
    const read = await exec(namespace, name, ['cat', '/tmp/tor/service/hostname'])
    expect(read.trim()).toBe(hostname)
    // It computed the public key by itself.
    const files = await exec(namespace, name, ['ls', '/tmp/tor/service'])
    expect(files).toContain('hs_ed25519_public_key')
    const log = await kubectl(['logs', name], { namespace })
    expect(log).not.toMatch(/\[(warn|err)\].*(hidden|onion|HiddenService)/i)
  })

  test('is answered by Mastodon, without HTTPS', async () => {
    const url = `http://${scenario.instance.web}/`
    const curl = [
      'curl',
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-H',
      `Host: ${address}`,
      url,
    ]
    expect(await exec(scenario.release.namespace, 'client', curl)).toBe('200')
  })
})

test('streaming has a host of its own, at which only its path is reachable', async () => {
  await upgrade(scenario.release, { values: ownHost })
  for (const port of [ports.ingress, ports.https]) {
    const url = 'https://streaming.example.com'
    await settled(port, `${url}/api/v1/streaming/health`, 200)
    const at = { url, flags: through(port) }
    expect(await streamed(scenario.instance, at)).toContain('"event":"update"')
    const { status, body } = await get(port, `${url}/metrics`)
    expect([status, body.includes('connected_clients')]).toEqual([404, false])
  }
  expect(await page(scenario.instance, '/')).toHaveProperty('loads')
})
