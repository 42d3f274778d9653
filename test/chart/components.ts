// The components of the chart, read from a render in which each of them exists.
import { checkValuesSchema } from 'chart-harness'
import { runsMastodon } from '../rules/environment.ts'
import { chart } from '../rules/project.ts'
import { defaults, merge, preset, render, type Values, valuesAt } from './render.ts'
import { runningIn } from './views.ts'

/** What lets several pods of a component run on any node. */
export const anywhere: Values = { storage: { system: { accessModes: ['ReadWriteMany'] } } }

/** An entry of `sidekiq.workers`. */
export type Worker = { readonly name: string; readonly queues: readonly string[] }

/** All queues, without their weights. */
export const queues = preset<readonly Worker[]>('sidekiq.workers').flatMap((worker) =>
  worker.queues.map((queue) => queue.replace(/,.*/, '')),
)

/** Two workers, `main` with this block and without the scheduler, of which there can be only one pod. */
export function workers(block: object = {}) {
  const others = queues.filter((queue) => queue !== 'scheduler')
  const main = { name: 'main', queues: others, ...block }
  return { sidekiq: { workers: [main, { name: 'scheduler', queues: ['scheduler'] }] } }
}

/** Both databases are elsewhere. */
export const external = {
  postgresql: { mode: 'external', host: 'db.example.com' },
  redis: { mode: 'external', host: 'redis.example.com' },
}

/** A Cluster of CloudNativePG with these keys of its block. */
export function operated(block: object = {}, postgresql: object = {}): Values {
  return { postgresql: { mode: 'cloudnativepg', cloudnativepg: block, ...postgresql } }
}

/** Backups with these keys. */
export function backedUp(backup: object): Values {
  return operated({ backup: { enabled: true, ...backup } })
}

/** Where the values have the servers of Redis. */
export const redisServers = ['redis', 'redis.cache', 'redis.sidekiq'] as const

/** Servers of Redis, all of this kind. */
export function every(server: object): Values {
  return merge(...redisServers.map((path) => valuesAt(path, server)))
}

/** What leads to a server through Sentinels. */
export const sentinel = { addresses: ['sentinel.example.com'], master: 'fedi' }

/** Media are in a bucket. */
export const bucket = { objectStorage: { type: 's3', s3: { bucket: 'media' } } }

/** What each kind of object storage needs. */
export const stores: Readonly<Record<string, Values>> = {
  s3: bucket,
  swift: {
    objectStorage: {
      type: 'swift',
      swift: {
        ...{ container: 'media', username: 'fedi', password: { value: 'x' } },
        authUrl: 'https://identity.example.com:5000/v3',
        objectUrl: 'https://swift.example.com:8080/v1/AUTH_1/media',
      },
    },
  },
  azure: {
    objectStorage: {
      type: 'azure',
      azure: {
        ...{ storageAccount: 'fedi', containerName: 'media', aliasHost: 'media.example.com' },
        storageAccessKey: { value: 'x' },
      },
    },
  },
}

/** A mail server that wants no login. */
export const mail = { server: 'mail.example.com', fromAddress: 'fedi@example.com' }

/** The instance connects to hidden services. */
export const hiddenServices = { mastodon: { outgoing: { allowAccessToHiddenService: true } } }

/** OpenSearch in the release. */
export const embeddedSearch: Values = { search: { mode: 'embedded' } }

/** What the Job that creates the administrator needs. */
export const admin = {
  mastodon: { admin: { enabled: true, username: 'alice', email: 'alice@example.com' } },
}

/** What an import from an old server needs. */
export const importing = {
  secrets: { existingSecret: 'old-keys' },
  import: { database: { enabled: true, server: { host: 'old.example.com' } } },
}

/** Every use of Redis has a server of its own in the release. */
export const split = { redis: { cache: { mode: 'embedded' }, sidekiq: { mode: 'embedded' } } }

/** What an onion service needs. */
export const onion = {
  onion: {
    enabled: true,
    image: { registry: 'docker.io', repository: 'example/tor', tag: '0.4.9.11' },
  },
}

/** Every component exists. */
export const everything: Values = {
  ...{ ...anywhere, ...workers(), ...importing, ...onion, ...embeddedSearch, ...split },
  mastodon: { ...admin.mastodon, localDomain: 'example.com' },
}

/** Where the values have the block of a component. */
function pathTo(component: string): string {
  const key = component.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  if (key in preset<object>('jobs')) return `jobs.${key}`
  if (key in defaults) return key
  if (component.startsWith('sidekiq-')) return 'sidekiq'
  if (component.startsWith('redis-')) return component.replace('-', '.')
  throw new Error(`values.yaml has no block for the component ${component}`)
}

/** A component: its label, its defaults, and the keys of the workload block that it takes. */
export interface Component {
  readonly name: string
  /** Where values.yaml has its block. */
  readonly path: string
  readonly presets: Readonly<Record<string, unknown>>
  /** Whether its pods run Mastodon, and so read `pod.env` and `pod.envFrom`. */
  readonly runsMastodon: boolean
  /** The values with this block for the component. */
  set(block: object): Values
  takes(key: string): boolean
}

/** Whether the schema knows all keys of these values. */
export function isKnown(values: object): boolean {
  const messages = checkValuesSchema(chart, values).map(({ message }) => message)
  return !messages.some((message) => message.includes('not a known key'))
}

function componentNamed(name: string): Component {
  const path = pathTo(name)
  const isWorker = path === 'sidekiq'
  const isServer = path.startsWith('redis.')
  const needs = { onion, search: embeddedSearch, 'jobs.searchIndex': embeddedSearch }[path] ?? {}
  // The values that make it exist are not the default.
  const exists = isServer ? split : needs
  const set = (block: object): Values =>
    isWorker ? workers(block) : merge(exists, valuesAt(path, block))
  const imports = { podSecurityContext: preset('postgresql.podSecurityContext') }
  return {
    ...{ name, path, set },
    runsMastodon: runsMastodon(name),
    // The import runs the programs of PostgreSQL as its user.
    presets: {
      ...(name === 'import-database' ? imports : {}),
      ...(isServer ? preset<object>('redis') : {}),
      ...preset<object>(path),
      ...(path === 'onion' ? { image: onion.onion.image } : {}),
    },
    // The name of a worker is the end of its objects' names, the host name of an onion service its address.
    takes: (key) =>
      isKnown(set({ [key]: null })) &&
      !(isWorker && key === 'name') &&
      !(path === 'onion' && key === 'hostname'),
  }
}

/** Every component; `sidekiq-main` represents the workers, as the scheduler's may have only one pod. */
export const components: readonly Component[] = runningIn(await render(everything))
  .filter((label) => label !== 'sidekiq-scheduler')
  .map(componentNamed)
