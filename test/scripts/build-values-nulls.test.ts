// A null removes a default: where the schema accepts it for a key of the shared block, every component renders
// without that key, and Kubernetes takes what comes out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { valuesAt } from '../chart/render.ts'
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
  secrets: { existingSecret: 'old-keys' },
  import: { database: { enabled: true, server: { host: 'old', password: { value: 'p' } } } },
}

const queues = ['default', 'push', 'ingress', 'mailers', 'pull', 'scheduler', 'fasp']
const jobs = ['jobs.migrate', 'jobs.importDatabase', 'jobs.admin']
const components = ['web', 'streaming', 'sidekiq', 'sidekiq.workers', 'postgresql', 'redis']

/** Values that have these keys of the shared block in a place; all workers get them. */
function place(path: string, keys: object): object {
  const worker = { name: 'all', queues, ...keys }
  return valuesAt(path, path === 'sidekiq.workers' ? [worker] : keys)
}

test.each(['pod', ...components, ...jobs])('%s renders with every possible null', async (path) => {
  const nullable = shared.filter((key) => accepts(place(path, { [key]: null })))
  expect(nullable).toContain('affinity')
  const nulls = Object.fromEntries(nullable.map((key) => [key, null]))
  const values = { ...everyJob, ...place(path, nulls) }
  const render = await chart.render({ values, helm: 4 })
  expect(render.workloads().length).toBeGreaterThan(5)
  expect(render.objects.flatMap((object) => checkSchema(object, newest))).toEqual([])
})
