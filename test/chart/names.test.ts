import { checkNames, checkReferences } from 'chart-harness'
import { expect, test } from 'vitest'
import { everything } from './components.ts'
import { merge, type Options, render, type Values } from './render.ts'
import { viewOf, workload } from './views.ts'

async function webOf(values: Values, options: Options = {}): Promise<string> {
  return (await workload('web', values, options)).object.metadata.name
}

test.each([
  ['mastodon', {}, 'mastodon-web'],
  ['fedi', {}, 'fedi-mastodon-web'],
  ['my-mastodon', {}, 'my-mastodon-web'],
  ['fedi', { nameOverride: 'toots' }, 'fedi-toots-web'],
  ['fedi', { fullnameOverride: 'social' }, 'social-web'],
  ['fedi', { fullnameOverride: 'social', nameOverride: 'toots' }, 'social-web'],
  ['fedi', { web: { name: 'front' } }, 'front'],
] as const)('release %s with %j has %s', async (release, values, name) => {
  expect(await webOf(values, { release })).toBe(name)
})

test('every name begins with the name of the release', async () => {
  const chart = await render(everything, { release: 'fedi' })
  const names = chart.objects.map(({ metadata }) => metadata.name)
  expect(names.filter((name) => !name.startsWith('fedi-mastodon'))).toEqual([])
})

test('nameOverride changes the label of the selectors', async () => {
  const { podMetadata } = await workload('web', { nameOverride: 'toots' })
  expect(podMetadata.labels?.['app.kubernetes.io/name']).toBe('toots')
})

// The hook makes them in the cluster.
const external = { secrets: ['mastodon-keys', 'mastodon-passwords'] }

test('a database by another name is found by all', async () => {
  const chart = await render({ postgresql: { name: 'pg' }, redis: { name: 'valkey' } })
  expect(viewOf(chart, 'web').env).toMatchObject({ DB_HOST: 'pg', REDIS_HOST: 'valkey' })
  expect(chart).toHaveNoProblems(checkReferences(chart, { external }))
})

const queues = ['default', 'push', 'ingress', 'mailers', 'pull', 'fasp', 'scheduler']
const longest: Values = merge(everything, {
  sidekiq: { workers: [{ name: 'worker-of-all-queues', queues }] },
  import: { database: { server: { password: { value: 'x' } } } },
  ingress: { enabled: true, streaming: { host: 'stream.example.com' } },
})

test.each([
  ['a release of 53 letters', {}, { release: 'r'.repeat(53) }],
  ['the longest full name', { fullnameOverride: 'f'.repeat(34) }, {}],
] as const)('%s makes names that Kubernetes accepts', async (_, values, options) => {
  const chart = await render(merge(longest, values), options)
  expect(chart).toHaveNoProblems(checkNames(chart))
})

test('a name of 52 letters of a database leaves room for its second Service', async () => {
  const chart = await render({
    postgresql: { name: 'p'.repeat(52) },
    redis: { name: 'r'.repeat(52) },
  })
  expect(chart).toHaveNoProblems(checkNames(chart))
  expect(chart).toHaveNoProblems(checkReferences(chart, { external }))
})

test('a name that is cut does not end in a hyphen', async () => {
  const release = `${'r'.repeat(33)}-${'s'.repeat(10)}`
  expect(await webOf({}, { release })).toBe(`${'r'.repeat(33)}-web`)
})

test('two releases in one namespace share no object', async () => {
  const one = await render(everything, { release: 'one' })
  const two = await render(everything, { release: 'two' })
  const names = new Set(one.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`))
  expect(two.objects.filter(({ kind, metadata }) => names.has(`${kind}/${metadata.name}`))).toEqual(
    [],
  )
})
