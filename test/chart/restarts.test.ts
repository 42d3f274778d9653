import { diffRenders } from 'chart-harness'
import { expect, test } from 'vitest'
import { everything } from './components.ts'
import { merge, render, renderAhead, type Values } from './render.ts'
import { componentOf } from './views.ts'

const workers = ['sidekiq-main', 'sidekiq-scheduler']
const ruby = ['web', ...workers]
const clients = [...ruby, 'streaming']
const all = (await render(everything))
  .pods(({ owner }) => ['Deployment', 'StatefulSet'].includes(owner.kind))
  .map(({ owner }) => componentOf(owner.metadata))
const jobs = ['admin', 'migrate', 'post-migrate']
const everyJob = ['import-database', ...jobs]

const image = { image: { tag: 'v4.7.1' } }
const password = (value: string) => ({ password: { value } })
const external: Values = {
  postgresql: { mode: 'external', host: 'db.example.com', ...password('one') },
  redis: { mode: 'external', host: 'redis.example.com', ...password('one') },
}
const mail = { server: 'mail.example.com' }
const redisAt = (value: string): Values => ({ redis: { mode: 'external', url: { value } } })
const superuser = (value: string): Values => ({ postgresql: { superuserPassword: { value } } })

/** What changes, the values before it (on top of everything), the change, the pods and Jobs that it replaces. */
type Row = readonly [string, Values, Values, readonly string[], readonly string[]]

const rows: readonly Row[] = [
  ['mail', {}, { smtp: mail }, ruby, jobs],
  [
    'the password of mail',
    { smtp: { ...mail, ...password('one') } },
    { smtp: password('two') },
    ruby,
    jobs,
  ],
  ['env', {}, { env: { A: '1' } }, ruby, jobs],
  ['secretEnv', {}, { secretEnv: { A: '1' } }, ruby, jobs],
  ['envFrom', {}, { envFrom: [{ configMapRef: { name: 'a' } }] }, ruby, jobs],
  ['proxies', {}, { mastodon: { trustedProxies: ['10.0.0.0/8'] } }, clients, jobs],
  ['the version of Mastodon', {}, { mastodon: image }, clients, jobs],
  // post-migrate waits until the workers have this image.
  ['the image of workers', {}, { sidekiq: image }, workers, ['post-migrate']],
  ['the threads of workers', {}, { sidekiq: { concurrency: 9 } }, workers, []],
  ['the threads of web', {}, { web: { maxThreads: 9 } }, ['web'], []],
  ['the resources of web', {}, { web: { resources: { limits: { memory: '9Gi' } } } }, ['web'], []],
  ['the log level of streaming', {}, { streaming: { logLevel: 'debug' } }, ['streaming'], []],
  ['settings of PostgreSQL', {}, { postgresql: { settings: { jit: 'off' } } }, ['postgresql'], []],
  ['the memory of Valkey', {}, { redis: { maxMemory: '1gb' } }, ['redis'], []],
  [
    'the password of PostgreSQL',
    { postgresql: password('one') },
    { postgresql: password('two') },
    [...clients, 'postgresql'],
    jobs,
  ],
  ['the password of the superuser', superuser('one'), superuser('two'), ['postgresql'], []],
  [
    'the password of Valkey',
    { redis: password('one') },
    { redis: password('two') },
    [...clients, 'redis'],
    jobs,
  ],
  [
    'where one password ends and the next begins',
    { postgresql: password('a'), redis: password('bc') },
    { postgresql: password('ab'), redis: password('c') },
    [...clients, 'postgresql', 'redis'],
    jobs,
  ],
  [
    'the host of an external database',
    external,
    { postgresql: { host: 'other.example.com' } },
    clients,
    everyJob,
  ],
  [
    'the address of an external Redis',
    redisAt('redis://one.example.com'),
    redisAt('redis://two.example.com'),
    clients,
    jobs,
  ],
  [
    'the direct server behind a pooler',
    external,
    { postgresql: { direct: { host: 'direct.example.com' } } },
    [],
    ['import-database', 'migrate', 'post-migrate'],
  ],
  ['common labels', {}, { commonLabels: { a: 'b' } }, all, everyJob],
  ['common annotations', {}, { commonAnnotations: { a: 'b' } }, [], []],
  // Several replicas spread over nodes.
  ['replicas', {}, { web: { replicas: 5 }, streaming: { replicas: 5 } }, ['streaming', 'web'], []],
  ['labels of an object', {}, { web: { labels: { a: 'b' } } }, [], []],
  ['a strategy', {}, { web: { strategy: { type: 'Recreate' } } }, [], []],
  ['autoscaling', {}, { web: { autoscaling: { maxReplicas: 9 } } }, [], []],
  ['network policies', {}, { networkPolicy: { egress: { enabled: true } } }, [], []],
  ['a Service', {}, { web: { service: { type: 'LoadBalancer' } } }, [], []],
  ['the Ingress', {}, { ingress: { enabled: true } }, [], []],
  ['the size of a claim', {}, { storage: { system: { size: '99Gi' } } }, [], []],
  ['additional objects', {}, { extraObjects: [''] }, [], []],
  ['a generation', {}, { jobs: { migrate: { generation: 1 } } }, [], ['migrate']],
  [
    'the name of the administrator',
    {},
    { mastodon: { admin: { username: 'bob' } } },
    [],
    ['admin'],
  ],
  ['maintenance', {}, { maintenance: true }, [], []],
  ['hold', {}, { jobs: { postMigrate: { hold: true } } }, [], ['migrate']],
]

const both = ([, before, after]: Row): [old: Values, next: Values] => [
  merge(everything, before),
  merge(everything, before, after),
]
await renderAhead(rows.flatMap(both))

test.each(rows)('a change of %s: only the right pods and Jobs are replaced', async (...row) => {
  const [old, next] = both(row)
  const { restarts, added } = diffRenders(await render(old), await render(next))
  const short = (name: string) => name.replace(/^\w+\/mastodon-/, '').replace(/-[0-9a-f]{8}$/, '')
  const [, , , pods, rerun] = row
  expect(restarts.map(short).sort()).toEqual([...pods].sort())
  const found = added.filter((name) => name.startsWith('Job/')).map(short)
  expect(found.sort()).toEqual([...rerun].sort())
})

test('an upgrade with the same values changes nothing', async () => {
  const [first, second] = [await render(everything), await render(everything, { isUpgrade: true })]
  const nothing = { added: [], removed: [], changed: [], restarts: [], refused: [] }
  expect(diffRenders(first, second)).toEqual(nothing)
})
