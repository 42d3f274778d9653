import { diffRenders } from 'chart-harness'
import { expect, test } from 'vitest'
import { everything, external, mail } from './components.ts'
import { merge, render, renderAhead, type Values } from './render.ts'
import { componentOf } from './views.ts'

const workers = ['sidekiq-main', 'sidekiq-scheduler']
const ruby = ['web', ...workers]
const clients = [...ruby, 'streaming']
const all = (await render(everything))
  .pods(({ owner }) => ['Deployment', 'StatefulSet'].includes(owner.kind))
  .map(({ owner }) => componentOf(owner.metadata))
const jobs = ['admin', 'migrate', 'post-migrate', 'search-index']
const servers = ['redis', 'redis-cache', 'redis-sidekiq']
const everyJob = ['import-database', ...jobs]

const image = { image: { tag: 'v4.7.1' } }
const password = (value: string) => ({ password: { value } })
const redisAt = (value: string): Values => ({ redis: { mode: 'external', url: { value } } })
const superuser = (value: string): Values => ({ postgresql: { superuserPassword: { value } } })

const postgresql = (value: string): Values => ({ postgresql: password(value) })
const redis = (value: string): Values => ({ redis: password(value) })
const direct = { direct: { host: 'direct.example.com' } }
const behindPooler = ['import-database', 'migrate', 'post-migrate']
const memory = { resources: { limits: { memory: '9Gi' } } }

/** What changes, the pods and Jobs that it replaces, the change, the values before it; both are on top of everything. */
type Row = readonly [string, readonly string[], readonly string[], Values, Values?]

const rows: readonly Row[] = [
  ['mail', ruby, jobs, { smtp: mail }],
  [
    'the password of mail',
    ruby,
    jobs,
    { smtp: password('b') },
    { smtp: { ...mail, ...password('a') } },
  ],
  ['env', ruby, jobs, { env: { A: '1' } }],
  ['secretEnv', ruby, jobs, { secretEnv: { A: '1' } }],
  ['envFrom', clients, jobs, { envFrom: [{ configMapRef: { name: 'a' } }] }],
  ['proxies', clients, jobs, { mastodon: { trustedProxies: ['10.0.0.0/8'] } }],
  ['the version of Mastodon', clients, jobs, { mastodon: image }],
  // post-migrate waits until the workers have this image.
  ['the image of workers', workers, ['post-migrate'], { sidekiq: image }],
  ['the threads of workers', workers, [], { sidekiq: { concurrency: 9 } }],
  ['the threads of web', ['web'], [], { web: { maxThreads: 9 } }],
  ['the resources of web', ['web'], [], { web: memory }],
  ['the log level of streaming', ['streaming'], [], { streaming: { logLevel: 'debug' } }],
  ['settings of PostgreSQL', ['postgresql'], [], { postgresql: { settings: { jit: 'off' } } }],
  ['the memory of Valkey', servers, [], { redis: { maxMemory: '512mb' } }],
  [
    'the password of PostgreSQL',
    [...clients, 'postgresql'],
    jobs,
    postgresql('b'),
    postgresql('a'),
  ],
  ['the password of the superuser', ['postgresql'], [], superuser('two'), superuser('one')],
  ['the password of Valkey', [...clients, 'redis'], jobs, redis('b'), redis('a')],
  [
    'where one password ends and the next begins',
    [...clients, 'postgresql', 'redis'],
    jobs,
    { ...postgresql('ab'), ...redis('c') },
    { ...postgresql('a'), ...redis('bc') },
  ],
  [
    'the host of a database',
    clients,
    everyJob,
    { postgresql: { host: 'b.example.com' } },
    external,
  ],
  [
    'the address of a Redis',
    clients,
    jobs,
    redisAt('redis://b.example'),
    redisAt('redis://a.example'),
  ],
  ['the server behind a pooler', [], behindPooler, { postgresql: direct }, external],
  ['common labels', all, everyJob, { commonLabels: { a: 'b' } }],
  ['common annotations', [], [], { commonAnnotations: { a: 'b' } }],
  // Several replicas spread over nodes.
  ['replicas', ['streaming', 'web'], [], { web: { replicas: 5 }, streaming: { replicas: 5 } }],
  ['labels of an object', [], [], { web: { labels: { a: 'b' } } }],
  ['a strategy', [], [], { web: { strategy: { type: 'Recreate' } } }],
  ['autoscaling', [], [], { web: { autoscaling: { maxReplicas: 9 } } }],
  // Tor then uses only the ports that they let out.
  ['network policies', ['onion'], [], { networkPolicy: { egress: { enabled: true } } }],
  ['a Service', [], [], { web: { service: { type: 'LoadBalancer' } } }],
  ['the Ingress', [], [], { ingress: { enabled: true } }],
  ['the size of a claim', [], [], { storage: { system: { size: '99Gi' } } }],
  ['additional objects', [], [], { extraObjects: [''] }],
  ['a generation', [], ['migrate'], { jobs: { migrate: { generation: 1 } } }],
  ['the name of the administrator', [], ['admin'], { mastodon: { admin: { username: 'bob' } } }],
  ['maintenance', [], [], { maintenance: true }],
  ['hold', [], ['migrate'], { jobs: { postMigrate: { hold: true } } }],
]

const both = ([, , , after, before = {}]: Row): [old: Values, next: Values] => [
  merge(everything, before),
  merge(everything, before, after),
]
await renderAhead(rows.flatMap(both))

test.for(rows)('a change of %s: only the right pods and Jobs are replaced', async (row) => {
  const [old, next] = both(row)
  const { restarts, added } = diffRenders(await render(old), await render(next))
  const short = (name: string) => name.replace(/^\w+\/mastodon-/, '').replace(/-[0-9a-f]{8}$/, '')
  const [, pods, rerun] = row
  expect(restarts.map(short).sort()).toEqual([...pods].sort())
  const found = added.filter((name) => name.startsWith('Job/')).map(short)
  expect(found.sort()).toEqual([...rerun].sort())
})

test('an upgrade with the same values changes nothing', async () => {
  const [first, second] = [await render(everything), await render(everything, { isUpgrade: true })]
  const nothing = { added: [], removed: [], changed: [], restarts: [], refused: [] }
  expect(diffRenders(first, second)).toEqual(nothing)
})
