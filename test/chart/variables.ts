// The data of chart/files/variables.json.
import { chartFile } from './render.ts'

/** A value that becomes a variable. */
export interface Variable {
  readonly name: string
  /** Where the values have it, such as `smtp.port`. */
  readonly key: string
  /** The value that switches the facility on, and what it must be for that. */
  readonly when?: string
  readonly is?: string | readonly string[]
  readonly join?: string
  /** The kind of programs, or the component whose values have the key. */
  readonly readers?: 'node' | 'both' | 'web' | 'sidekiq'
  readonly omitFalse?: boolean
  readonly emptyIsMeaningful?: boolean
}

/** `{value: …}` or `{existingSecret: …, key: …}`. */
export interface Credential {
  readonly key: string
  readonly env?: string
}

type Row<T> = Omit<T, 'key' | 'when' | 'is'> & { readonly path: string[] }

interface Facility {
  /** Empty where the variables do not depend on a switch. */
  readonly when: string[]
  readonly is?: string | readonly string[]
  readonly variables: readonly Row<Variable>[]
}

const data = JSON.parse(chartFile('files/variables.json')) as {
  readonly facilities: readonly Facility[]
  readonly processes: Readonly<Record<'web' | 'sidekiq', readonly Facility[]>>
  readonly credentials: readonly Row<Credential>[]
}

function variablesOf({ when, is, variables: rows }: Facility): Variable[] {
  return rows.map(({ path, ...row }) => ({
    ...row,
    key: path.join('.'),
    ...(when.length > 0 ? { when: when.join('.') } : {}),
    ...(is === undefined ? {} : { is }),
  }))
}

const ofProcesses = (['web', 'sidekiq'] as const).flatMap((readers) =>
  data.processes[readers].flatMap(variablesOf).map(({ key, when, ...row }) => ({
    ...{ ...row, readers, key: `${readers}.${key}` },
    ...(when === undefined ? {} : { when: `${readers}.${when}` }),
  })),
)

/** Every value that becomes a variable. */
export const variables: readonly Variable[] = [
  ...data.facilities.flatMap(variablesOf),
  ...ofProcesses,
]

/** Every credential of the values. */
export const credentials: readonly Credential[] = data.credentials.map(({ path, ...row }) => ({
  ...row,
  key: path.join('.'),
}))

const schemes: Readonly<Record<string, string>> = {
  'mastodon.outgoing.hiddenProxy': 'http',
  'mastodon.outgoing.proxy': 'http',
  'postgresql.direct.url': 'postgresql',
  'postgresql.replica.url': 'postgresql',
  'postgresql.url': 'postgresql',
  'redis.cache.url': 'redis',
  'redis.sidekiq.url': 'redis',
  'redis.url': 'redis',
}

/** The text as a value of this credential: an address where it must be one. */
export function asValueOf(key: string, text: string): string {
  return schemes[key] ? `${schemes[key]}://${text}` : text
}
