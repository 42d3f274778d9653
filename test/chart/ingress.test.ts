import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'

const mastodon = { localDomain: 'example.com' }
const backend = (name: string) => ({ service: { name, port: { name: 'http' } } })
const webPath = { path: '/', pathType: 'Prefix', backend: backend('mastodon-web') }
const streamingPath = {
  path: '/api/v1/streaming',
  pathType: 'Prefix',
  backend: backend('mastodon-streaming'),
}

async function ingressOf(name: string, ingress: NonNullable<Values['ingress']>, more: Values = {}) {
  const chart = await render({ mastodon, ...more, ingress: { enabled: true, ...ingress } })
  return chart.one('Ingress', `mastodon-${name}`)
}

test('there is no Ingress unless asked for', async () => {
  const chart = await render({ mastodon })
  expect(() => chart.none('Ingress')).not.toThrow()
})

test('one host leads to streaming by its path, all else to web', async () => {
  expect((await ingressOf('web', {})).spec).toEqual({
    rules: [{ host: 'example.com', http: { paths: [streamingPath, webPath] } }],
  })
})

test('one host needs one Ingress', async () => {
  const chart = await render({ mastodon, ingress: { enabled: true } })
  expect(chart.all('Ingress')).toHaveLength(1)
})

test('the host is that of the web interface', async () => {
  const { spec } = await ingressOf(
    'web',
    {},
    { mastodon: { ...mastodon, webDomain: 'social.example.com' } },
  )
  expect(spec?.rules?.map(({ host }) => host)).toEqual(['social.example.com'])
})

test('hosts replace that of the web interface', async () => {
  const { spec } = await ingressOf('web', { hosts: ['a.example', 'b.example'] })
  expect(spec?.rules).toEqual([
    { host: 'a.example', http: { paths: [streamingPath, webPath] } },
    { host: 'b.example', http: { paths: [streamingPath, webPath] } },
  ])
})

test('class, certificates, labels and annotations are as the values say', async () => {
  const tls = [{ hosts: ['example.com'], secretName: 'certificate' }]
  const { spec, metadata } = await ingressOf('web', {
    className: 'nginx',
    tls,
    labels: { a: 'b' },
    annotations: { 'cert-manager.io/issuer': 'x' },
  })
  expect(spec).toMatchObject({ ingressClassName: 'nginx', tls })
  expect(metadata.labels).toMatchObject({ a: 'b' })
  expect(metadata.annotations).toEqual({ 'cert-manager.io/issuer': 'x' })
})

test('streaming gets its own Ingress for its own host', async () => {
  const tls = [{ hosts: ['stream.example.com'], secretName: 'other' }]
  const { spec } = await ingressOf('streaming', {
    className: 'nginx',
    streaming: { host: 'stream.example.com', tls },
  })
  expect(spec).toEqual({
    ingressClassName: 'nginx',
    rules: [{ host: 'stream.example.com', http: { paths: [streamingPath] } }],
    tls,
  })
})

test('web does not lead to streaming then', async () => {
  const { spec } = await ingressOf('web', { streaming: { host: 'stream.example.com' } })
  expect(spec?.rules).toEqual([{ host: 'example.com', http: { paths: [webPath] } }])
})

test("annotations of streaming's Ingress win over those of both", async () => {
  const { metadata } = await ingressOf('streaming', {
    annotations: { timeout: '60', both: 'yes' },
    streaming: { host: 'stream.example.com', annotations: { timeout: '3600' } },
  })
  expect(metadata.annotations).toEqual({ timeout: '3600', both: 'yes' })
})

test('no path leads to the figures of streaming', async () => {
  const { spec } = await ingressOf('streaming', { streaming: { host: 'stream.example.com' } })
  const paths = spec?.rules?.flatMap(({ http }) => http?.paths.map(({ path }) => path))
  expect(paths).toEqual(['/api/v1/streaming'])
})

test('an Ingress follows the names of the Services', async () => {
  const { spec } = (
    await render({
      mastodon,
      ingress: { enabled: true },
      web: { name: 'w' },
      streaming: { name: 's' },
    })
  ).one('Ingress', 'w')
  const names = spec?.rules?.[0]?.http?.paths.map((path) => path.backend.service?.name)
  expect(names).toEqual(['s', 'w'])
})
