import { describe, expect, test } from 'vitest'
import { components, everything, queues } from './components.ts'
import { appVersion, merge, preset, render, type Values } from './render.ts'
import { viewOf, workload } from './views.ts'

const digest = `sha256:${'a'.repeat(64)}`
const tag = 'v4.7.1'
const mastodon = 'ghcr.io/mastodon/mastodon'

const imageOf = async (name: string, values: Values) => (await workload(name, values)).main.image
const worker = (image: object): Values => ({
  sidekiq: {
    image: { tag: 'v4.7.2', digest },
    workers: [{ name: 'all', queues, image }],
  },
})

test('images come from their own registries, the databases in the version of values.yaml', async () => {
  const chart = await render(everything)
  const images = components.map(({ name }) => [name, viewOf(chart, name).main.image])
  const postgres = `docker.io/library/postgres:${preset('postgresql.image.tag')}`
  const expected = components.map(({ name, presets }) => {
    const image = presets.image as Record<string, string> | undefined
    if (!image?.repository) return [name, `${mastodon}:v${appVersion}`]
    return [name, `${image.registry}/${image.repository}:${image.tag || `v${appVersion}`}`]
  })
  expect(Object.fromEntries(images)).toEqual({
    ...Object.fromEntries(expected),
    streaming: `ghcr.io/mastodon/mastodon-streaming:v${appVersion}`,
    redis: `docker.io/valkey/valkey:${preset('redis.image.tag')}`,
    search: `docker.io/opensearchproject/opensearch:${preset('search.image.tag')}`,
    ...{ postgresql: postgres, 'import-database': postgres },
  })
})

// Another major version cannot read the data.
test.each([
  ['postgresql', '17.'],
  ['redis', '8.'],
])('%s stays at version %s', (name, version) => {
  expect(preset(`${name}.image.tag`).startsWith(version)).toBe(true)
})

test.each<[string, Values, string]>([
  [
    'without a registry',
    { mastodon: { image: { registry: '', repository: 'tootsuite/mastodon' } } },
    `tootsuite/mastodon:v${appVersion}`,
  ],
  ['with tag and digest', { mastodon: { image: { tag, digest } } }, `${mastodon}:${tag}@${digest}`],
  ['with a digest only', { mastodon: { image: { digest } } }, `${mastodon}@${digest}`],
  [
    'from another registry',
    { mastodon: { image: { tag } }, web: { image: { registry: 'quay.io' } } },
    `quay.io/mastodon/mastodon:${tag}`,
  ],
  [
    'from another repository',
    { mastodon: { image: { tag } }, web: { image: { repository: 'fork/mastodon' } } },
    `ghcr.io/fork/mastodon:${tag}`,
  ],
  [
    "with its own tag, without the digest of the other's",
    { mastodon: { image: { digest } }, web: { image: { tag } } },
    `${mastodon}:${tag}`,
  ],
])('web runs an image %s', async (_, values, image) => {
  expect(await imageOf('web', values)).toBe(image)
})

test('what a component says of its image does not apply to others', async () => {
  const values: Values = { mastodon: { image: { digest } }, web: { image: { tag } } }
  expect(await imageOf('sidekiq-all', values)).toBe(`${mastodon}@${digest}`)
})

test("another tag of a worker drops the digest of all workers' image", async () => {
  expect(await imageOf('sidekiq-all', worker({ tag }))).toBe(`${mastodon}:${tag}`)
})

test('a mirror comes before every image', async () => {
  const chart = await render(
    merge(everything, { image: { registry: 'mirror.example.com:5000/proxy' } }),
  )
  const images = chart.containers().map(({ container }) => container.image ?? '')
  expect(images.filter((image) => !image.startsWith('mirror.example.com:5000/proxy/'))).toEqual([])
})

describe('images are pulled', () => {
  test.each([preset('image.pullPolicy'), 'Always'])('%s everywhere', async (pullPolicy) => {
    const chart = await render(merge(everything, { image: { pullPolicy } }))
    const policies = chart.containers().map(({ container }) => container.imagePullPolicy)
    expect(new Set(policies)).toEqual(new Set([pullPolicy]))
  })

  test('as each image says', async () => {
    const chart = await render({
      mastodon: { image: { pullPolicy: 'Always' } },
      redis: { image: { pullPolicy: 'Never' } },
    })
    const policies = ['web', 'redis', 'postgresql'].map(
      (name) => viewOf(chart, name).main.imagePullPolicy,
    )
    expect(policies).toEqual(['Always', 'Never', preset('image.pullPolicy')])
  })

  test('by all pods with the credentials of the registry', async () => {
    const chart = await render(merge(everything, { image: { pullSecrets: ['one', 'two'] } }))
    const secrets = chart.pods().map(({ spec }) => spec.imagePullSecrets)
    expect(secrets).toEqual(secrets.map(() => [{ name: 'one' }, { name: 'two' }]))
  })
})
