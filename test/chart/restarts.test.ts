import { diffRenders } from 'chart-harness'
import { expect, test } from 'vitest'
import { everything } from './components.ts'
import { merge } from './merge.ts'
import { render, renderAhead, type Values } from './render.ts'

const external: Values = {
  postgresql: { mode: 'external', host: 'db.example.com', password: { value: 'one' } },
  redis: { mode: 'external', host: 'redis.example.com', password: { value: 'one' } },
}
const workers = ['sidekiq-main', 'sidekiq-scheduler']
const ruby = ['web', ...workers]
const clients = [...ruby, 'streaming']
const all = [...clients, 'postgresql', 'redis']

function bothOf(before: Values, after: Values): [old: Values, next: Values] {
  const old = merge(everything, before)
  return [old, merge(old, after)]
}

/** The components whose running pods are replaced, and the Jobs that run again. */
async function effect(before: Values, after: Values) {
  const [old, next] = bothOf(before, after)
  const { restarts, added } = diffRenders(await render(old), await render(next))
  const short = (name: string) => name.replace(/^\w+\/mastodon-/, '')
  const jobs = added.filter((name) => name.startsWith('Job/'))
  return {
    pods: restarts.map(short).sort(),
    jobs: jobs.map((name) => short(name).replace(/-[0-9a-f]{8}$/, '')).sort(),
  }
}

const rubyJobs = ['admin', 'migrate', 'post-migrate']

interface Change {
  readonly change: string
  readonly before?: Values
  readonly after: Values
  readonly pods: readonly string[]
  readonly jobs?: readonly string[]
}

const changes: readonly Change[] = [
  {
    change: 'mail',
    after: { smtp: { server: 'mail.example.com' } },
    pods: ruby,
    jobs: rubyJobs,
  },
  {
    change: 'the password of mail',
    before: { smtp: { server: 'mail.example.com', password: { value: 'one' } } },
    after: { smtp: { password: { value: 'two' } } },
    pods: ruby,
    jobs: rubyJobs,
  },
  { change: 'env', after: { env: { A: '1' } }, pods: ruby, jobs: rubyJobs },
  { change: 'secretEnv', after: { secretEnv: { A: '1' } }, pods: ruby, jobs: rubyJobs },
  {
    change: 'envFrom',
    after: { envFrom: [{ configMapRef: { name: 'a' } }] },
    pods: ruby,
    jobs: rubyJobs,
  },
  {
    change: 'the log level of streaming',
    after: { streaming: { logLevel: 'debug' } },
    pods: ['streaming'],
  },
  { change: 'the threads of web', after: { web: { maxThreads: 9 } }, pods: ['web'] },
  {
    change: 'the resources of web',
    after: { web: { resources: { limits: { memory: '9Gi' } } } },
    pods: ['web'],
  },
  { change: 'the threads of workers', after: { sidekiq: { concurrency: 9 } }, pods: workers },
  {
    change: 'proxies',
    after: { mastodon: { trustedProxies: ['10.0.0.0/8'] } },
    pods: clients,
    jobs: rubyJobs,
  },
  {
    change: 'the version of Mastodon',
    after: { mastodon: { image: { tag: 'v4.7.1' } } },
    pods: clients,
    jobs: rubyJobs,
  },
  {
    change: 'the image of workers',
    after: { sidekiq: { image: { tag: 'v4.7.1' } } },
    pods: workers,
    // It waits until the workers have this image.
    jobs: ['post-migrate'],
  },
  {
    change: 'settings of PostgreSQL',
    after: { postgresql: { settings: { jit: 'off' } } },
    pods: ['postgresql'],
  },
  { change: 'the memory of Valkey', after: { redis: { maxMemory: '1gb' } }, pods: ['redis'] },
  {
    change: 'the password of PostgreSQL',
    before: { postgresql: { password: { value: 'one' } } },
    after: { postgresql: { password: { value: 'two' } } },
    pods: [...clients, 'postgresql'],
    jobs: [...rubyJobs],
  },
  {
    change: 'where one password ends and the next begins',
    before: { postgresql: { password: { value: 'a' } }, redis: { password: { value: 'bc' } } },
    after: { postgresql: { password: { value: 'ab' } }, redis: { password: { value: 'c' } } },
    pods: all,
    jobs: rubyJobs,
  },
  {
    change: 'the password of the superuser',
    before: { postgresql: { superuserPassword: { value: 'one' } } },
    after: { postgresql: { superuserPassword: { value: 'two' } } },
    pods: ['postgresql'],
  },
  {
    change: 'the password of Valkey',
    before: { redis: { password: { value: 'one' } } },
    after: { redis: { password: { value: 'two' } } },
    pods: [...clients, 'redis'],
    jobs: rubyJobs,
  },
  {
    change: 'the host of an external database',
    before: external,
    after: { postgresql: { host: 'other.example.com' } },
    pods: clients,
    jobs: ['import-database', ...rubyJobs],
  },
  {
    change: 'the address of an external Redis',
    before: { redis: { mode: 'external', url: { value: 'redis://one.example.com' } } },
    after: { redis: { url: { value: 'redis://two.example.com' } } },
    pods: clients,
    jobs: rubyJobs,
  },
  {
    change: 'the direct server behind a pooler',
    before: external,
    after: { postgresql: { direct: { host: 'direct.example.com' } } },
    pods: [],
    jobs: ['import-database', 'migrate', 'post-migrate'],
  },
  {
    change: 'common labels',
    after: { commonLabels: { a: 'b' } },
    pods: all,
    jobs: ['import-database', ...rubyJobs],
  },
  { change: 'common annotations', after: { commonAnnotations: { a: 'b' } }, pods: [] },
  {
    change: 'replicas',
    after: { web: { replicas: 5 }, streaming: { replicas: 5 } },
    pods: ['streaming', 'web'],
  },
  { change: 'labels of an object', after: { web: { labels: { a: 'b' } } }, pods: [] },
  { change: 'a strategy', after: { web: { strategy: { type: 'Recreate' } } }, pods: [] },
  { change: 'autoscaling', after: { web: { autoscaling: { maxReplicas: 9 } } }, pods: [] },
  {
    change: 'network policies',
    after: { networkPolicy: { egress: { enabled: true } } },
    pods: [],
  },
  { change: 'a Service', after: { web: { service: { type: 'LoadBalancer' } } }, pods: [] },
  { change: 'the Ingress', after: { ingress: { enabled: true } }, pods: [] },
  { change: 'the size of a claim', after: { storage: { system: { size: '99Gi' } } }, pods: [] },
  { change: 'further objects', after: { extraObjects: [''] }, pods: [] },
  {
    change: 'a generation',
    after: { jobs: { migrate: { generation: 1 } } },
    pods: [],
    jobs: ['migrate'],
  },
  {
    change: 'the account of the administrator',
    after: { mastodon: { admin: { username: 'bob' } } },
    pods: [],
    jobs: ['admin'],
  },
  { change: 'maintenance', after: { maintenance: true }, pods: [] },
  { change: 'hold', after: { jobs: { postMigrate: { hold: true } } }, pods: [], jobs: ['migrate'] },
]

const rows = changes.map(({ before = {}, jobs = [], ...rest }) => ({ ...rest, before, jobs }))
await renderAhead(rows.flatMap(({ before, after }) => bothOf(before, after)))

test.each(rows)('$change: replaces pods of $pods, runs $jobs again', async (row) => {
  const { before, after, pods, jobs } = row
  expect(await effect(before, after)).toEqual({ pods: [...pods].sort(), jobs: [...jobs].sort() })
})

test('an upgrade with the same values changes nothing', async () => {
  const [first, second] = [await render(everything), await render(everything, { isUpgrade: true })]
  expect(diffRenders(first, second)).toEqual({
    added: [],
    removed: [],
    changed: [],
    restarts: [],
    refused: [],
  })
})
