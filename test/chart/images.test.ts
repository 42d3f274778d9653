import { expect, test } from 'vitest'
import { components, everything, queues } from './components.ts'
import { merge } from './merge.ts'
import { appVersion, render, type Values } from './render.ts'
import { viewOf } from './views.ts'

const digest = `sha256:${'a'.repeat(64)}`

async function imageOf(name: string, values: Values): Promise<string | undefined> {
  return viewOf(await render(values), name).main.image
}

test('all images come from their own registries', async () => {
  const chart = await render(everything)
  const images = components.map(({ name }) => [
    name,
    viewOf(chart, name).main.image?.replace(/:.*/, ''),
  ])
  const mastodon = 'ghcr.io/mastodon/mastodon'
  expect(Object.fromEntries(images)).toEqual({
    web: mastodon,
    streaming: 'ghcr.io/mastodon/mastodon-streaming',
    postgresql: 'docker.io/library/postgres',
    redis: 'docker.io/valkey/valkey',
    'sidekiq-main': mastodon,
    secrets: mastodon,
    migrate: mastodon,
    'post-migrate': mastodon,
    admin: mastodon,
    'import-database': 'docker.io/library/postgres',
    test: mastodon,
  })
})

test('a mirror stands before every image', async () => {
  const chart = await render(
    merge(everything, { image: { registry: 'mirror.example.com:5000/proxy' } }),
  )
  const images = chart.containers().map(({ container }) => container.image ?? '')
  expect(images.filter((image) => !image.startsWith('mirror.example.com:5000/proxy/'))).toEqual([])
})

test('an empty registry leaves the repository alone', async () => {
  const image = { registry: '', repository: 'tootsuite/mastodon' }
  expect(await imageOf('web', { mastodon: { image } })).toBe(`tootsuite/mastodon:v${appVersion}`)
})

test('a digest stands behind the tag', async () => {
  const image = { tag: 'v4.7.1', digest }
  expect(await imageOf('web', { mastodon: { image } })).toBe(
    `ghcr.io/mastodon/mastodon:v4.7.1@${digest}`,
  )
})

test('a digest needs no tag', async () => {
  expect(await imageOf('web', { mastodon: { image: { digest } } })).toBe(
    `ghcr.io/mastodon/mastodon@${digest}`,
  )
})

test("another tag of a worker drops the digest of all workers' image", async () => {
  const image = { tag: 'v4.7.1' }
  const values: Values = {
    sidekiq: {
      image: { tag: 'v4.7.2', digest },
      workers: [{ name: 'all', queues: [...queues], image }],
    },
  }
  expect(await imageOf('sidekiq-all', values)).toBe('ghcr.io/mastodon/mastodon:v4.7.1')
})

test('another tag of a component drops the digest that belongs to the first', async () => {
  const values: Values = { mastodon: { image: { digest } }, web: { image: { tag: 'v4.7.1' } } }
  expect(await imageOf('web', values)).toBe('ghcr.io/mastodon/mastodon:v4.7.1')
  expect(await imageOf('sidekiq-all', values)).toBe(`ghcr.io/mastodon/mastodon@${digest}`)
})

test('a component changes parts of the image', async () => {
  const values: Values = {
    mastodon: { image: { tag: 'v4.7.1' } },
    web: { image: { registry: 'quay.io' } },
    sidekiq: { image: { repository: 'fork/mastodon' } },
  }
  expect(await imageOf('web', values)).toBe('quay.io/mastodon/mastodon:v4.7.1')
  expect(await imageOf('sidekiq-all', values)).toBe('ghcr.io/fork/mastodon:v4.7.1')
  expect(await imageOf('migrate', values)).toBe('ghcr.io/mastodon/mastodon:v4.7.1')
})

test('images are pulled once, unless told otherwise', async () => {
  const policies = (values: Values) =>
    render(merge(everything, values)).then((chart) => [
      ...new Set(chart.containers().map(({ container }) => container.imagePullPolicy)),
    ])
  expect(await policies({})).toEqual(['IfNotPresent'])
  expect(await policies({ image: { pullPolicy: 'Always' } })).toEqual(['Always'])
})

test('an image has a policy of its own', async () => {
  const chart = await render({
    mastodon: { image: { pullPolicy: 'Always' } },
    redis: { image: { pullPolicy: 'Never' } },
  })
  expect(viewOf(chart, 'web').main.imagePullPolicy).toBe('Always')
  expect(viewOf(chart, 'redis').main.imagePullPolicy).toBe('Never')
  expect(viewOf(chart, 'postgresql').main.imagePullPolicy).toBe('IfNotPresent')
})

test.each(components)('pods of $name know the credentials of the registry', async ({ name }) => {
  const chart = await render(merge(everything, { image: { pullSecrets: ['one', 'two'] } }))
  expect(viewOf(chart, name).pod.imagePullSecrets).toEqual([{ name: 'one' }, { name: 'two' }])
})

test('a worker has an image of its own', async () => {
  const workers = [{ name: 'main', queues, image: { tag: 'v4.7.1' } }]
  expect(await imageOf('sidekiq-main', { sidekiq: { workers } })).toBe(
    'ghcr.io/mastodon/mastodon:v4.7.1',
  )
})
