// A null removes a default: where the schema accepts it for a key of the shared block, every component renders
// without that key, and Kubernetes takes what comes out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { chart, checkSchema, minors, root } from '../rules/project.ts'

const text = readFileSync(join(root, 'schema/values.schema.json'), 'utf8')
const accepts = new Ajv({ strict: false }).compile(JSON.parse(text))
const newest = minors.at(-1) ?? ''

const { definitions } = JSON.parse(text) as { definitions: { workload: { properties: object } } }
const shared = Object.keys(definitions.workload.properties)

const everyJob = {
  mastodon: {
    localDomain: 'example.social',
    admin: { enabled: true, username: 'a', email: 'a@b.c' },
  },
  envFrom: [{ secretRef: { name: 'old-keys' } }],
  import: { database: { enabled: true, server: { host: 'old', password: { value: 'p' } } } },
}

type Place = (keys: object) => object

const queues = ['default', 'push', 'ingress', 'mailers', 'pull', 'scheduler', 'fasp']
const places: [string, Place][] = [
  ['pod', (pod) => ({ pod })],
  ['web', (web) => ({ web })],
  ['streaming', (streaming) => ({ streaming })],
  ['sidekiq', (sidekiq) => ({ sidekiq })],
  ['a worker', (worker) => ({ sidekiq: { workers: [{ name: 'all', queues, ...worker }] } })],
  ['postgresql', (postgresql) => ({ postgresql })],
  ['redis', (redis) => ({ redis })],
  ['jobs.migrate', (migrate) => ({ jobs: { migrate } })],
  ['jobs.importDatabase', (importDatabase) => ({ jobs: { importDatabase } })],
  ['jobs.admin', (admin) => ({ jobs: { admin } })],
]

test.each(places)('%s renders with null for all that may be null', async (_, place) => {
  const nullable = shared.filter((key) => accepts(place({ [key]: null })))
  expect(nullable).toContain('affinity')
  const values = { ...everyJob, ...place(Object.fromEntries(nullable.map((key) => [key, null]))) }
  const render = await chart.render({ values, helm: 4 })
  expect(render.workloads().length).toBeGreaterThan(5)
  expect(render.objects.flatMap((object) => checkSchema(object, newest))).toEqual([])
})
