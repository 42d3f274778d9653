import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { envOf, jobOf, viewOf } from './views.ts'

const admin: Values = {
  mastodon: { admin: { enabled: true, username: 'alice', email: 'alice@example.com' } },
}
const migrations = ['migrate', 'post-migrate']

async function nameOf(job: string, values: Values = {}, options = {}): Promise<string> {
  return jobOf(await render(values, options), job).metadata.name
}

test.each(migrations)('%s ends in a hash', async (job) => {
  expect(await nameOf(job)).toMatch(new RegExp(`^mastodon-${job}-[0-9a-f]{8}$`))
})

test.each(migrations)('%s keeps its name while its pod stays the same', async (job) => {
  const values: Values = {
    streaming: { replicas: 2 },
    jobs: { [keyOf(job)]: { labels: { a: 'b' } } },
  }
  expect(await nameOf(job, values)).toBe(await nameOf(job))
})

test.each(migrations)('%s has the same name at an upgrade', async (job) => {
  expect(await nameOf(job, {}, { isUpgrade: true })).toBe(await nameOf(job))
})

function keyOf(job: string): 'migrate' | 'postMigrate' {
  return job === 'migrate' ? 'migrate' : 'postMigrate'
}

test.each([
  ['image', { mastodon: { image: { tag: 'v4.7.1' } } }],
  ['environment', { env: { A: '1' } }],
  ['secrets', { secretEnv: { A: '1' } }],
  ['database', { postgresql: { database: 'other' } }],
  ['direct server', { postgresql: { mode: 'external', host: 'a', direct: { host: 'b' } } }],
  ['resources', { jobs: { migrate: { resources: { limits: { memory: '3Gi' } } } } }],
] satisfies [string, Values][])('another %s makes another migrate', async (_, values) => {
  expect(await nameOf('migrate', values)).not.toBe(await nameOf('migrate'))
})

test.each(migrations)('another generation makes another %s and leaves its pod', async (job) => {
  const chart = await render({ jobs: { [keyOf(job)]: { generation: 1 } } })
  const before = jobOf(await render(), job)
  expect(jobOf(chart, job).metadata.name).not.toBe(before.metadata.name)
  expect(jobOf(chart, job).spec?.template).toEqual(before.spec?.template)
})

test('another image of a worker makes another post-migrate', async () => {
  const values: Values = { sidekiq: { image: { tag: 'v4.7.1' } } }
  expect(await nameOf('post-migrate', values)).not.toBe(await nameOf('post-migrate'))
})

test('no Job vanishes: GitOps controllers would run it for ever', async () => {
  const jobs = (await render(admin)).all('Job', { min: 4 })
  expect(jobs.filter(({ spec }) => spec?.ttlSecondsAfterFinished !== undefined)).toEqual([])
})

test.each(migrations)('%s is no hook', async (job) => {
  expect(jobOf(await render(), job).metadata.annotations ?? {}).not.toHaveProperty(['helm.sh/hook'])
})

test.each(migrations)('the failed pods of %s stay, with their logs', async (job) => {
  expect(viewOf(await render(), job).pod.restartPolicy).toBe('Never')
})

test.each(migrations)(
  'a pod of %s that had to leave its node counts as no failure',
  async (job) => {
    const rules = jobOf(await render(), job).spec?.podFailurePolicy?.rules
    expect(rules).toEqual([
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    ])
  },
)

test('the sidecars of a Job run on beside it without keeping it from ending', async () => {
  const sidecars = [{ name: 'proxy', image: 'example.com/proxy:1' }]
  const { pod } = viewOf(await render({ pod: { sidecars } }), 'migrate')
  expect(pod.containers.map(({ name }) => name)).toEqual(['main'])
  expect(pod.initContainers).toMatchObject([{ name: 'proxy', restartPolicy: 'Always' }])
})

test.each(migrations)('%s has the time to leave a migration cleanly', async (job) => {
  expect(viewOf(await render(), job).pod.terminationGracePeriodSeconds).toBe(600)
})

test.each([
  ['migrate', 'migrate.rb'],
  ['post-migrate', 'post-migrate.rb'],
  ['admin', 'admin.rb'],
])('%s runs %s', async (job, script) => {
  const chart = await render(admin)
  const { main, pod } = viewOf(chart, job)
  expect(main.args).toEqual(['bundle', 'exec', 'ruby', `/scripts/${script}`])
  expect(pod.volumes).toContainEqual({ name: 'scripts', configMap: { name: 'mastodon-scripts' } })
  expect(chart.one('ConfigMap', 'mastodon-scripts').data).toHaveProperty([script])
})

test.each(['migrate', 'post-migrate', 'admin'])('%s has the environment of web', async (job) => {
  const chart = await render({
    ...admin,
    secretEnv: { A: '1' },
    envFrom: [{ secretRef: { name: 'x' } }],
  })
  expect(viewOf(chart, job).main.envFrom).toEqual(viewOf(chart, 'web').main.envFrom)
})

test('migrate does not wait at the gate that it opens', async () => {
  expect(viewOf(await render(), 'migrate').pod.initContainers ?? []).toEqual([])
})

test('migrate names itself and the release', async () => {
  expect(envOf(viewOf(await render(), 'migrate').main)).toMatchObject({
    JOB: 'migrate',
    RELEASE: 'mastodon',
  })
})

test.each(['migrate', 'post-migrate'])('%s knows release and chart apart', async (name) => {
  const chart = await render({}, { release: 'fedi' })
  expect(envOf(viewOf(chart, name).main)).toMatchObject({ RELEASE: 'fedi', CHART: 'mastodon' })
})

test('post-migrate waits for the Deployments with their images', async () => {
  const chart = await render({ sidekiq: { image: { tag: 'v4.7.1-fork.1' } } })
  const { DEPLOYMENTS, JOB } = envOf(viewOf(chart, 'post-migrate').main)
  const images = Object.fromEntries(
    ['web', 'sidekiq-all'].map((name) => {
      const { object, main } = viewOf(chart, name)
      return [object.metadata.name, main.image]
    }),
  )
  expect(JSON.parse(String(DEPLOYMENTS))).toEqual(images)
  expect(JOB).toBe('postMigrate')
})

test('hold leaves post-migrate out and tells migrate so', async () => {
  const chart = await render({ jobs: { postMigrate: { hold: true } } })
  expect(
    chart
      .all('Job')
      .map(({ metadata }) => metadata.name)
      .join(),
  ).not.toContain('post-migrate')
  expect(envOf(viewOf(chart, 'migrate').main).HOLD).toBe('true')
})

test('migrate waits for nothing without an import', async () => {
  const { main } = viewOf(await render(), 'migrate')
  expect(envOf(main)).not.toHaveProperty('AWAIT_IMPORT')
  expect(envOf(main)).not.toHaveProperty('HOLD')
})

test('migrate waits for an import', async () => {
  const server = { host: 'old.example.com' }
  const chart = await render({
    envFrom: [{ secretRef: { name: 'old-keys' } }],
    import: { database: { enabled: true, server } },
  })
  expect(envOf(viewOf(chart, 'migrate').main).AWAIT_IMPORT).toBe('true')
})

test('the migrations may look at pods and Deployments, and change nothing', async () => {
  const { rules } = (await render()).one('Role', 'mastodon-migrate')
  expect(rules).toEqual([
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
  ])
})

test.each(migrations)('%s uses the API', async (job) => {
  const { pod } = viewOf(await render(), job)
  expect(pod).toMatchObject({
    serviceAccountName: 'mastodon-migrate',
    automountServiceAccountToken: true,
  })
})

test.each([
  ['web', 'mastodon'],
  ['streaming', 'mastodon'],
  ['sidekiq-all', 'mastodon'],
  ['postgresql', 'mastodon'],
  ['redis', 'mastodon'],
  ['test', 'mastodon'],
])('%s has no token', async (name, account) => {
  const { pod } = viewOf(await render(), name)
  expect(pod).toMatchObject({ serviceAccountName: account, automountServiceAccountToken: false })
})
