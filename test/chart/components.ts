// The components and the keys of the workload block that the values schema gives each of them.
import { parseYaml } from 'chart-harness'
import { chartFile, type Values } from './render.ts'

type Json = { readonly [key: string]: Json } & {
  readonly $ref?: string
  readonly properties?: Json
  readonly items?: Json
}

const schema = JSON.parse(chartFile('values.schema.json')) as Json

/** A component: its label, where its block stands in the values, and the keys that it takes. */
export interface Component {
  readonly name: string
  readonly keys: readonly string[]
  /** Its block in values.yaml. */
  readonly presets: Readonly<Record<string, unknown>>
  /** The values with this block for the component. */
  set(block: object): Values
}

/** All queues, `scheduler` last. */
export const queues = ['default', 'push', 'ingress', 'mailers', 'pull', 'fasp', 'scheduler']

function propertiesAt(...path: string[]): Json {
  const follow = (node: Json | undefined): Json => {
    if (!node) throw new Error(`values.schema.json has no ${path.join('.')}`)
    return node.$ref ? follow(node.$ref.slice(2).split('/').reduce(step, schema)) : node
  }
  const step = (node: Json, key: string): Json => follow(node)[key] as Json
  return follow(path.reduce((node, key) => step(node, key), schema))
}

type Presets = Record<
  'web' | 'streaming' | 'sidekiq' | 'postgresql' | 'redis',
  Record<string, unknown>
> & {
  readonly jobs: Record<string, Record<string, unknown>>
}
const presets = parseYaml(chartFile('values.yaml')) as Presets

const block = Object.keys(propertiesAt('definitions', 'workload', 'properties'))

function keysAt(...path: string[]): string[] {
  const own = Object.keys(propertiesAt('properties', ...path, 'properties'))
  return block.filter((key) => own.includes(key))
}

/** The Jobs in `jobs`, by the name of the component. */
const jobs = {
  secrets: 'secrets',
  migrate: 'migrate',
  'post-migrate': 'postMigrate',
  admin: 'admin',
  'import-database': 'importDatabase',
  test: 'test',
} as const

/** The keys of the whole workload block. */
export const workloadKeys: readonly string[] = block

/** The keys of `pod`. */
export const podKeys: readonly string[] = keysAt('pod')

/** The keys that `sidekiq` takes as defaults for its workers. */
export const sidekiqKeys: readonly string[] = keysAt('sidekiq')

/** Every component of which there is one. */
export const components: readonly Component[] = [
  ...(['web', 'streaming', 'postgresql', 'redis'] as const).map((name) => ({
    name,
    keys: keysAt(name),
    presets: presets[name],
    set: (own: object): Values => ({ [name]: own }),
  })),
  {
    name: 'sidekiq-main',
    // The name of a worker is the end of its objects' names.
    keys: keysAt('sidekiq', 'properties', 'workers', 'items').filter((key) => key !== 'name'),
    presets: presets.sidekiq,
    set: (own) => ({
      sidekiq: {
        workers: [
          { name: 'main', queues: queues.slice(0, -1), ...own },
          { name: 'scheduler', queues: ['scheduler'] },
        ],
      },
    }),
  },
  ...Object.entries(jobs).map(([name, key]) => ({
    name,
    keys: keysAt('jobs', 'properties', key),
    presets: presets.jobs[key] ?? {},
    set: (own: object): Values => ({ jobs: { [key]: own } }),
  })),
]

/** The Jobs that the schema knows. */
export const knownJobs: readonly string[] = Object.keys(
  propertiesAt('properties', 'jobs', 'properties'),
)

/** The Jobs above. */
export const listedJobs: readonly string[] = Object.values(jobs)

/** What lets every component exist, and every pod be on any node. */
export const everything: Values = {
  mastodon: {
    localDomain: 'example.com',
    admin: { enabled: true, username: 'alice', email: 'alice@example.com' },
  },
  storage: { system: { accessModes: ['ReadWriteMany'] } },
  sidekiq: {
    workers: [
      { name: 'main', queues: queues.slice(0, -1) },
      { name: 'scheduler', queues: ['scheduler'] },
    ],
  },
  envFrom: [{ secretRef: { name: 'old-keys' } }],
  import: { database: { enabled: true, server: { host: 'old.example.com' } } },
}
