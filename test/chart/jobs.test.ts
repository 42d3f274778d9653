import { describe, expect, test } from 'vitest'
import { admin, importing } from './components.ts'
import { merge, type Options, render, type Values } from './render.ts'
import { runningIn, viewOf, workload } from './views.ts'

const migrations = [
  ['migrate', 'migrate', 'migrate.rb'],
  ['post-migrate', 'postMigrate', 'post-migrate.rb'],
] as const

const jobOf = async (job: string, values: Values = {}, options: Options = {}) =>
  (await workload(job, values, options)).own('Job')
const nameOf = async (job: string, values: Values = {}, options: Options = {}) =>
  (await jobOf(job, values, options)).metadata.name

describe.each(migrations)('%s', (job, key) => {
  test('ends in a hash', async () => {
    expect(await nameOf(job)).toMatch(new RegExp(`^mastodon-${job}-[0-9a-f]{8}$`))
  })

  test('keeps its name while its pod stays the same, at an upgrade, too', async () => {
    const values: Values = { streaming: { replicas: 2 }, jobs: { [key]: { labels: { a: 'b' } } } }
    expect(await nameOf(job, values)).toBe(await nameOf(job))
    expect(await nameOf(job, {}, { isUpgrade: true })).toBe(await nameOf(job))
  })

  test('runs again with another generation, in the same pod', async () => {
    const [before, after] = [
      await jobOf(job),
      await jobOf(job, { jobs: { [key]: { generation: 1 } } }),
    ]
    expect(after.metadata.name).not.toBe(before.metadata.name)
    expect(after.spec?.template).toEqual(before.spec?.template)
  })

  test('is not a hook', async () => {
    const { annotations = {} } = (await jobOf(job)).metadata
    expect(annotations).not.toHaveProperty(['helm.sh/hook'])
  })

  test('does not count a pod that had to leave its node as a failure', async () => {
    expect((await jobOf(job)).spec?.podFailurePolicy?.rules).toEqual([
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    ])
  })

  test('knows release and chart apart, and its own key', async () => {
    const { env } = await workload(job, {}, { release: 'fedi' })
    expect(env).toMatchObject({ RELEASE: 'fedi', CHART: 'mastodon', JOB: key })
  })

  test('uses the API', async () => {
    expect((await workload(job)).pod).toMatchObject({
      ...{ serviceAccountName: 'mastodon-migrate', automountServiceAccountToken: true },
    })
  })
})

test.each<[string, Values]>([
  ['image', { mastodon: { image: { tag: 'v4.7.1' } } }],
  ['environment', { env: { A: '1' } }],
  ['secret', { secretEnv: { A: '1' } }],
  ['database', { postgresql: { database: 'other' } }],
  ['direct server', { postgresql: { mode: 'external', host: 'a', direct: { host: 'b' } } }],
  ['amount of memory', { jobs: { migrate: { resources: { limits: { memory: '3Gi' } } } } }],
])('another %s makes another migrate', async (_, values) => {
  expect(await nameOf('migrate', values)).not.toBe(await nameOf('migrate'))
})

test('another image of a worker makes another post-migrate', async () => {
  const values: Values = { sidekiq: { image: { tag: 'v4.7.1' } } }
  expect(await nameOf('post-migrate', values)).not.toBe(await nameOf('post-migrate'))
})

test('a Job tries several times, and gives up at some time', async () => {
  const jobs = (await render(merge(admin, importing))).all('Job', { min: 5 })
  expect(new Set(jobs.map(({ spec }) => spec?.backoffLimit))).toEqual(new Set([3]))
})

test('the sidecars of a Job run beside it without keeping it from ending', async () => {
  const sidecars = [{ name: 'proxy', image: 'example.com/proxy:1' }]
  const { pod } = await workload('migrate', { pod: { sidecars } })
  expect(pod.containers.map(({ name }) => name)).toEqual(['main'])
  expect(pod.initContainers).toMatchObject([{ name: 'proxy', restartPolicy: 'Always' }])
})

test.each([...migrations, ['admin', 'admin', 'admin.rb'] as const])(
  '%s (jobs.%s) runs %s',
  async (job, _, script) => {
    const chart = await render(admin)
    const { main, pod } = viewOf(chart, job)
    const mount = { name: 'scripts', mountPath: '/scripts', readOnly: true }
    expect(main.args).toEqual(['bundle', 'exec', 'ruby', `/scripts/${script}`])
    expect(main.volumeMounts).toContainEqual(mount)
    const configMap = expect.objectContaining({ name: 'mastodon-scripts' })
    expect(pod.volumes).toContainEqual({ name: 'scripts', configMap })
    expect(chart.one('ConfigMap', 'mastodon-scripts').data).toHaveProperty([script])
  },
)

test('migrate does not wait at the gate that it opens', async () => {
  expect((await workload('migrate')).pod.initContainers ?? []).toEqual([])
})

test('post-migrate waits for the Deployments with their images', async () => {
  const chart = await render({ sidekiq: { image: { tag: 'v4.7.1-fork.1' } } })
  const views = ['web', 'sidekiq-all'].map((name) => viewOf(chart, name))
  const images = views.map(({ object, main }) => [object.metadata.name, main.image])
  const { DEPLOYMENTS } = viewOf(chart, 'post-migrate').env
  expect(JSON.parse(String(DEPLOYMENTS))).toEqual(Object.fromEntries(images))
})

test('hold leaves post-migrate out and says so to migrate', async () => {
  const chart = await render({ jobs: { postMigrate: { hold: true } } })
  expect(runningIn(chart)).not.toContain('post-migrate')
  expect(viewOf(chart, 'migrate').env.HOLD).toBe('true')
})

test('migrate waits for nothing unless there is an import', async () => {
  const { env } = await workload('migrate')
  expect(env).not.toHaveProperty('AWAIT_IMPORT')
  expect(env).not.toHaveProperty('HOLD')
  expect((await workload('migrate', importing)).env.AWAIT_IMPORT).toBe('true')
})

test('the migrations may look at pods and Deployments, and change nothing', async () => {
  expect((await render()).one('Role', 'mastodon-migrate').rules).toEqual([
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
  ])
})

test('there is no administrator unless asked for', async () => {
  const chart = await render()
  expect(chart.has('Role', 'mastodon-admin')).toBe(false)
  expect(runningIn(chart)).not.toContain('admin')
})

test('the administrator is made as the values say, the password goes to a Secret', async () => {
  const { env, pod } = await workload('admin', admin)
  const { username, email } = admin.mastodon?.admin ?? {}
  expect(env).toMatchObject({ ADMIN_USERNAME: username, ADMIN_EMAIL: email })
  expect(env.SECRET).toBe('mastodon-admin')
  expect(pod).toMatchObject({
    ...{ serviceAccountName: 'mastodon-admin', automountServiceAccountToken: true },
  })
})

test('the Secret of the administrator names the release as generated ones do', async () => {
  const chart = await render(admin)
  const labels = (job: string) => JSON.parse(String(viewOf(chart, job).env.LABELS)) as object
  expect(labels('admin')).toEqual({
    ...labels('secrets'),
    'app.kubernetes.io/component': 'admin',
  })
})

test('the administrator may touch one Secret', async () => {
  const resourceNames = ['mastodon-admin']
  expect((await render(admin)).one('Role', 'mastodon-admin').rules).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames, verbs: ['create', 'get', 'patch'] },
  ])
})

test.each<[string, Values, string, string]>([
  ['the Services', {}, 'mastodon-web:3000', 'mastodon-streaming:4000'],
  [
    'their names and ports',
    { web: { name: 'w', service: { port: 80 } }, streaming: { name: 's' } },
    'w:80',
    's:4000',
  ],
])('helm test calls web and streaming through %s', async (_, values, web, streaming) => {
  const { args = [] } = (await workload('test', values)).main
  expect(args.slice(0, 2)).toEqual(['sh', '-ec'])
  expect(args.slice(3)).toEqual(['test', web, streaming])
})

test('the pod of a helm test runs once, and goes before the next', async () => {
  const { object, pod } = await workload('test')
  expect(pod.restartPolicy).toBe('Never')
  expect(object.metadata.annotations).toMatchObject({
    'helm.sh/hook': 'test',
    'helm.sh/hook-delete-policy': 'before-hook-creation',
  })
})
