// chart/files/variables.json: which value becomes which variable, and every credential. JSON, as Helm reads it ten times
// faster than YAML; grouped by facility, so that one that is off costs a single check.
import { isRecord } from 'chart-harness'
import { stringify } from 'yaml'
import { fail } from './cli.ts'
import type { Key } from './values-keys.ts'

/** Who reads a variable, in terms of the kinds of processes. */
const READERS: Record<string, readonly string[]> = {
  ruby: ['web', 'sidekiq', 'jobs'],
  node: ['streaming'],
  both: ['web', 'sidekiq', 'jobs', 'streaming'],
  web: ['web'],
  sidekiq: ['sidekiq'],
}

/** What means something else in each process: only its container gets it, from the values of its component. */
const PROCESSES = ['web', 'sidekiq']

const FLAGS = ['omitFalse', 'emptyIsMeaningful']

/** A variable that one value becomes, as the fragments state it. */
interface Variable {
  readonly name: string
  readonly path: readonly string[]
  /** The key that switches the variable's facility on. */
  readonly when?: readonly string[]
  /** The value that key must have; if absent, it must only not be empty. */
  readonly is?: string | readonly string[]
  readonly join?: string
  readonly omitFalse?: boolean
  readonly emptyIsMeaningful?: boolean
  /** `ruby` if left out. */
  readonly readers?: string
}

/** A variable that a template computes. */
type Computed = Pick<Variable, 'name' | 'path'>

interface Credential {
  readonly path: readonly string[]
  /** The variable that passes it to processes. */
  readonly env?: string
  /** Its key in the Secret that holds it; without one it is in the Secret of the Ruby variables. */
  readonly key?: string
}

/** All that the fragments' `env`, `sets`, `credential` and `when` say, sorted by name and path. */
export function readVariables(keys: readonly Key[]): {
  variables: Variable[]
  credentials: Credential[]
  computed: Computed[]
} {
  const variables = keys.filter(({ fragment }) => fragment.env !== undefined).map(readVariable)
  const credentials = keys
    .filter(({ fragment }) => fragment.credential !== undefined)
    .map(readCredential)
  failIfNamedTwice([...variables, ...credentials])
  for (const { path, when = path } of variables) {
    if (keys.some((key) => key.path === when.join('.'))) continue
    fail(`${path.join('.')}: "when" names ${when.join('.')}, and there is no such key. Correct it.`)
  }
  return {
    variables: variables.sort((a, b) => compare(a.name, b.name)),
    credentials: credentials.sort((a, b) => compare(a.path.join('.'), b.path.join('.'))),
    computed: keys.flatMap(readComputed),
  }
}

function readComputed({ path, fragment: { sets } }: Key): Computed[] {
  const names = sets === undefined ? [] : [sets].flat()
  return names.map((name) => ({ name: String(name), path: path.split('.') }))
}

/** The text of chart/files/variables.json. */
export function emitVariables(keys: readonly Key[]): string {
  const { variables, credentials } = readVariables(keys)
  const shared = variables.filter(({ readers = '' }) => !PROCESSES.includes(readers))
  const processes = PROCESSES.map((process) => {
    const own = variables.filter(({ readers }) => readers === process)
    return `"${process}":${facilities(own.map((row) => inside(process, row)))}`
  })
  const parts = [`"facilities":${facilities(shared)}`, `"processes":{${processes.join(',\n')}}`]
  return `{${parts.join(',\n')},\n"credentials":${lines(credentials)}}\n`
}

/** Variables by what switches them on. */
function facilities(variables: readonly Variable[]): string {
  const groups = new Map<string, Variable[]>()
  for (const { when = [], is, ...row } of variables) {
    const condition = JSON.stringify({ when, is })
    groups.set(condition, [...(groups.get(condition) ?? []), row])
  }
  const texts = [...groups].map(
    ([condition, rows]) => `${condition.slice(0, -1)},"variables":${lines(rows)}}`,
  )
  return `[\n${texts.join(',\n')}\n]`
}

/** The row with paths that begin inside of the component's block, which a worker may have, too. */
function inside(process: string, row: Variable): Variable {
  const { path, when, readers: _, ...rest } = row
  if (path[0] !== process || (when && when[0] !== process)) {
    fail(`${path.join('.')}: only keys of ${process} become variables of ${process}. Move the key.`)
  }
  return { ...rest, path: path.slice(1), ...(when ? { when: when.slice(1) } : {}) }
}

function lines(entries: readonly object[]): string {
  return `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`
}

/** YAML in one line. */
export function inline(value: unknown): string {
  const flow = { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false } as const
  return stringify(value, flow).trim()
}

function readVariable({ path: at, fragment: { env }, when }: Key): Variable {
  const { name, ...rest } = typeof env === 'string' ? { name: env } : readMap(env, `${at}: env`)
  if (typeof name !== 'string') fail(`${at}: "env" without a name. Write \`env: NAME\`.`)
  const { readers = 'ruby', join, ...flags } = rest
  if (!(String(readers) in READERS)) {
    fail(`${at}: unknown readers "${readers}". Write one of ${Object.keys(READERS).join(', ')}.`)
  }
  for (const [key, value] of Object.entries(flags)) {
    if (!FLAGS.includes(key) || value !== true) {
      fail(`${at}: "env" does not know \`${key}: ${value}\`. Correct or remove it.`)
    }
  }
  return {
    name,
    path: at.split('.'),
    ...(when === undefined ? {} : readCondition(when, at)),
    ...(join === undefined ? {} : { join: String(join) }),
    ...flags,
    ...(readers === 'ruby' ? {} : { readers: String(readers) }),
  }
}

function readCredential({ path: at, fragment: { credential } }: Key): Credential {
  const path = at.split('.')
  if (credential === true) return { path }
  const { env, key, ...unknown } = readMap(credential, `${at}: credential`)
  const [odd] = Object.keys(unknown)
  if (odd) fail(`${at}: "credential" does not know \`${odd}\`. Correct or remove it.`)
  if (env === undefined && key === undefined) {
    fail(`${at}: "credential" with neither \`env\` nor \`key\`. Write \`true\`.`)
  }
  return {
    path,
    ...(env === undefined ? {} : { env: String(env) }),
    ...(key === undefined ? {} : { key: String(key) }),
  }
}

/** `when: a.b`, `when: {a.b: value}`, or `when: {a.b: [value, another]}`. */
function readCondition(when: unknown, at: string): Pick<Variable, 'when' | 'is'> {
  if (typeof when === 'string') return { when: when.split('.') }
  const [[key, is] = [], more] = Object.entries(readMap(when, `${at}: when`))
  if (key === undefined || more || ![is].flat().every((word) => typeof word === 'string')) {
    fail(`${at}: "when" must name one key, or one key with its value.`)
  }
  return { when: key.split('.'), is: is as string | string[] }
}

function readMap(value: unknown, what: string): Record<string, unknown> {
  return isRecord(value)
    ? value
    : fail(`${what} must be text or a map, not ${JSON.stringify(value)}.`)
}

function failIfNamedTwice(entries: readonly (Variable | Credential)[]): void {
  const seen = new Map<string, string>()
  for (const entry of entries) {
    const [name, readers] =
      'name' in entry ? [entry.name, entry.readers ?? 'ruby'] : [entry.env, 'ruby']
    if (name === undefined) continue
    const path = entry.path.join('.')
    for (const reader of READERS[readers] ?? []) {
      const other = seen.get(`${reader} ${name}`)
      // `bucketFrom` reads from a Secret what `bucket` says.
      if (other && other !== `${path}From` && path !== `${other}From`)
        fail(`${path}: ${other} already sets ${name}. Name another variable.`)
      seen.set(`${reader} ${name}`, path)
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
