// The search server, and defects of other charts (rivals.md 2b, rows 16 and 32 to 36) that cannot happen here.
import { expect, test } from 'vitest'
import { admin, bucket, embeddedSearch } from './components.ts'
import { appVersion, merge, preset, render, type Values } from './render.ts'
import { dataOf, runningIn, secret, viewOf, workload } from './views.ts'

const rubies = ['web', 'sidekiq-all', 'migrate', 'post-migrate', 'admin', 'search-index']
const password = { existingSecret: 'outside', key: 'password' }
const ca = { existingConfigMap: 'authorities', key: 'search.crt' }
const server = { mode: 'external', host: 'https://search.example.com' }
const external = merge(admin, { search: { ...server, user: 'mastodon', password, ca } })
const mounts = (name: string, values: Values) =>
  workload(name, values).then(({ pod, main }) => {
    const mount = main.volumeMounts?.find(({ mountPath }) => mountPath === '/etc/search-ca')
    return pod.volumes?.find((volume) => volume.name === mount?.name)?.configMap
  })

test('without a search server there is no variable, no Job and no pod for it', async () => {
  const chart = await render()
  expect(Object.keys(dataOf(chart)).filter((name) => name.startsWith('ES_'))).toEqual([])
  expect(runningIn(chart).filter((name) => name.startsWith('search'))).toEqual([])
})

test('an external server needs nothing but its host', async () => {
  const data = Object.entries(dataOf(await render({ search: server })))
  expect(Object.fromEntries(data.filter(([name]) => name.startsWith('ES_')))).toEqual({
    ...{ ES_ENABLED: 'true', ES_HOST: server.host, ES_PORT: String(preset('search.port')) },
    ES_PRESET: preset('search.preset'),
  })
})

test.each(rubies)('%s finds the embedded server, whatever its envFrom says', async (name) => {
  const { env } = viewOf(await render(merge(admin, embeddedSearch)), name)
  expect(env).toMatchObject({ ES_HOST: 'mastodon-search', ES_PORT: '9200' })
  expect(String(env.EMBEDDED).split(' ')).toContain('ES_USER')
})

// Mastodon's client of the search server uses the proxy, which leads out of the cluster.
const outgoing = { proxy: { existingSecret: 'outside', key: 'proxy' } }
const inside = ['.svc', '.cluster.local']
test.each<[string, Values, readonly string[] | undefined]>([
  ['neither proxy nor embedded server', {}, undefined],
  ['a proxy', { mastodon: { outgoing } }, inside],
  // The proxy may be in the user's `envFrom`.
  ['the embedded server', embeddedSearch, ['mastodon-search', ...inside]],
  [
    'both, and hosts of the user',
    merge(embeddedSearch, { mastodon: { outgoing: { ...outgoing, noProxy: ['minio'] } } }),
    ['minio', 'mastodon-search', ...inside],
  ],
])('with %s, hosts in the cluster are reached without a proxy', async (_, values, hosts) => {
  expect(dataOf(await render(values)).no_proxy).toBe(hosts?.join())
})

// mastodon/helm-charts: `elasticsearch.caSecret.name` set a path, and nothing was mounted there.
test.each(rubies)('rivals 2b: %s mounts the authority that ES_CA_FILE names', async (name) => {
  const chart = await render(external)
  expect(dataOf(chart).ES_CA_FILE).toBe('/etc/search-ca/ca.crt')
  expect(await mounts(name, external)).toEqual({
    name: 'authorities',
    items: [{ key: 'search.crt', path: 'ca.crt' }],
  })
})

test('streaming, which does not search, mounts no authority of a search server', async () => {
  expect(await mounts('streaming', external)).toBeUndefined()
})

test('the bundle that everything trusts is named to the client, which reads no SSL_CERT_FILE', async () => {
  const values = { search: server, caBundle: { existingConfigMap: 'bundle', key: 'ca.crt' } }
  expect(dataOf(await render(values)).ES_CA_FILE).toBe('/etc/ca-bundle/ca.crt')
})

// mastodon/helm-charts: the Job had neither ES_USER nor ES_PASS.
test('rivals 2b: the Job that builds the index logs in as web does', async () => {
  const chart = await render(external)
  const [job, web] = ['search-index', 'web'].map((name) => viewOf(chart, name))
  expect(dataOf(chart).ES_USER).toBe('mastodon')
  expect(job?.main.envFrom).toEqual(web?.main.envFrom)
  expect(job?.env.ES_PASS).toEqual(secret('outside', 'password'))
})

// mastodon/helm-charts: the user name was `required`.
test('rivals 2b: a search server needs no user', async () => {
  const data = dataOf(await render({ search: server }))
  expect(Object.keys(data).filter((name) => /ES_(USER|PASS)/.test(name))).toEqual([])
})

// mastodon/chart: only for the server in the release.
test('rivals 2b: the index of an external server is built, too', async () => {
  expect(runningIn(await render({ search: server }))).toContain('search-index')
})

// mastodon/chart: a path of the values that did not exist, so the Job never had the volume, or always.
test('rivals 2b: the Job that builds the index needs no media', async () => {
  for (const values of [embeddedSearch, merge(embeddedSearch, bucket)]) {
    const { pod } = await workload('search-index', values)
    expect(pod.volumes?.map(({ name }) => name)).not.toContain('system')
  }
})

const jobNamed = async (values: Values) =>
  (await workload('search-index', values)).object.metadata.name

test.each<[string, Values, Values?]>([
  ['the server', { search: { ...server } }],
  ['the preset', { search: { preset: 'small_cluster' } }, { search: server }],
  ['the prefix', { search: { prefix: 'social' } }],
  ['the generation', { jobs: { searchIndex: { generation: 2 } } }],
])('%s makes a new Job', async (_, change, before = embeddedSearch) => {
  expect(await jobNamed(merge(before, change))).not.toBe(await jobNamed(before))
})

test('what the Job notes has the minor version only, so that a patch builds nothing again', async () => {
  const [minor] = /\d+\.\d+/.exec(appVersion) ?? []
  const { env } = await workload('search-index', embeddedSearch)
  expect(env.MASTODON).toBe(minor)
  const newer = { mastodon: { image: { tag: 'v5.1.9' } } }
  expect((await workload('search-index', merge(embeddedSearch, newer))).env.MASTODON).toBe('5.1')
})

test.each([
  [{}, '--concurrency 5 --batch-size 100'],
  [{ concurrency: 2, batchSize: 50 }, '--concurrency 2 --batch-size 50'],
  [{ onlyMapping: true }, '--concurrency 5 --batch-size 100 --only-mapping'],
  [{ resetChewy: true }, '--concurrency 5 --batch-size 100 --reset-chewy'],
])('with %j tootctl search deploy gets %s', async (searchIndex, words) => {
  const values = merge(embeddedSearch, { jobs: { searchIndex } })
  expect((await workload('search-index', values)).env.ARGUMENTS).toBe(words)
})

test('web does not wait for the search server', async () => {
  const { pod } = await workload('web', embeddedSearch)
  expect(pod.initContainers?.map(({ name }) => name)).toEqual(['gate'])
})

test('OpenSearch is a single node that needs no setting of the host', async () => {
  const { env, main, pod } = await workload(
    'search',
    merge(embeddedSearch, { search: { heap: '1g' } }),
  )
  expect(env).toMatchObject({
    'discovery.type': 'single-node',
    'node.store.allow_mmap': 'false',
    DISABLE_SECURITY_PLUGIN: 'true',
    OPENSEARCH_JAVA_OPTS: expect.stringMatching(/^-Xms1g -Xmx1g /),
  })
  const written = ['data', 'config', 'logs'].map((name) => `/usr/share/opensearch/${name}`)
  const paths = main.volumeMounts?.map(({ mountPath }) => mountPath)
  expect(paths).toEqual([...written, '/tmp'])
  expect(pod.initContainers?.[0]?.command?.[0]).toBe('cp')
})

// They grow to 2 GiB, more than the pod may store.
test('Java writes no log of its garbage collection to files', async () => {
  const { env } = await workload('search', embeddedSearch)
  expect(env.OPENSEARCH_JAVA_OPTS).toContain(' -Xlog:disable ')
})

test.each(['embedded', 'external'])('the notes say how far the index is (%s)', async (mode) => {
  const search = mode === 'embedded' ? { mode } : server
  const { notes } = await render({ search }, { showNotes: true })
  expect(notes).toContain('app.kubernetes.io/component=search-index')
})
