// Which containers get the variables of `env`, `pod.env` and `<component>.env`, as docs/values.md says.
import { expect, test } from 'vitest'
import { admin, importing } from './components.ts'
import { merge, render, type Values } from './render.ts'

const own = { image: 'docker.io/library/busybox:1.37.0' }
const more: Values = {
  env: { PUBLIC: 'a' },
  secretEnv: { PRIVATE: 'b' },
  envFrom: [{ configMapRef: { name: 'all' } }, { secretRef: { name: 'old-keys' } }],
  pod: {
    env: { POD: 'c' },
    envFrom: [{ configMapRef: { name: 'pod' } }],
    initContainers: [{ ...own, name: 'hello' }],
    sidecars: [{ ...own, name: 'logs' }],
  },
  web: { env: { WEB: 'd' }, envFrom: [{ configMapRef: { name: 'web' } }] },
}
const chart = await render(merge(admin, importing, more))

interface Reader {
  readonly name: string
  /** Variables of `env`. */
  readonly variables: readonly string[]
  /** Names of ConfigMaps and Secrets. */
  readonly sources: readonly (string | null | undefined)[]
}

const readers = chart.containers().map(({ owner, container }): Reader => {
  const { env = [], envFrom = [] } = container
  return {
    name: `${owner.metadata.labels?.['app.kubernetes.io/component']}/${container.name}`,
    variables: env.map(({ name }) => name),
    sources: envFrom.map(({ configMapRef, secretRef }) => (configMapRef ?? secretRef)?.name),
  }
})

function namesOf(test: (reader: Reader) => boolean): string[] {
  return readers.filter(test).map(({ name }) => name)
}

const all = namesOf(({ name }) => !/\/(hello|logs)$/.test(name))
const ruby = all.filter((name) =>
  /^(web|sidekiq|sidekiq-all|migrate|post-migrate|admin)\//.test(name),
)

const mastodon = all.filter((name) => ruby.includes(name) || name.startsWith('streaming/'))

test.each(['mastodon-env', 'all', 'old-keys'])('%s reaches the Ruby containers only', (source) => {
  expect(ruby).toContain('web/gate')
  expect(ruby).toHaveLength(8)
  expect(namesOf(({ sources }) => sources.includes(source))).toEqual(ruby)
})

test('pod.env reaches the containers that run Mastodon, and no others', () => {
  expect(mastodon).toEqual(expect.arrayContaining([...ruby, 'streaming/login', 'streaming/main']))
  expect(mastodon).toHaveLength(ruby.length + 2)
  expect(namesOf(({ variables }) => variables.includes('POD'))).toEqual(mastodon)
  expect(all).toEqual(expect.arrayContaining(['redis/main', 'import-database/main', 'test/main']))
})

test('pod.envFrom reaches the same, but for a component with its own', () => {
  const others = mastodon.filter((name) => !name.startsWith('web/'))
  expect(namesOf(({ sources }) => sources.includes('pod'))).toEqual(others)
})

test("a component's env and envFrom reach its containers only", () => {
  const web = all.filter((name) => name.startsWith('web/'))
  expect(namesOf(({ variables }) => variables.includes('WEB'))).toEqual(web)
  expect(namesOf(({ sources }) => sources.includes('web'))).toEqual(web)
})
