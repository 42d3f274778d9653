// chart/files/variables.yaml: which value becomes which variable, and every credential.
import { stringify } from 'yaml'
import { fail } from './cli.ts'
import { type Fragment, isMap, type ValuesSource } from './values-schema.ts'

const HEAD =
  '# Built from schema/values by `npm run build`: which value becomes which variable, and every credential.\n'

/** Who reads a variable, in terms of processes that can be told apart. */
const READERS: Record<string, readonly string[]> = {
  ruby: ['web', 'sidekiq', 'jobs'],
  node: ['streaming'],
  both: ['web', 'sidekiq', 'jobs', 'streaming'],
  web: ['web'],
  sidekiq: ['sidekiq'],
}

const FLAGS = ['omitFalse', 'emptyIsMeaningful']

/** A variable that one value becomes, as chart/files/variables.yaml states it. */
interface Variable {
  readonly name: string
  readonly path: readonly string[]
  /** The key that switches the variable's facility on. */
  readonly when?: readonly string[]
  /** What that key must be; without it, it must not be empty. */
  readonly is?: string
  readonly join?: string
  readonly omitFalse?: boolean
  readonly emptyIsMeaningful?: boolean
  /** `ruby` if left out. */
  readonly readers?: string
}

interface Credential {
  readonly path: readonly string[]
  readonly env?: string
}

type Condition = Pick<Variable, 'when' | 'is'>

/** All that the fragments' `env`, `credential` and `when` say, sorted by name and path. */
export function readVariables(source: ValuesSource): {
  variables: Variable[]
  credentials: Credential[]
} {
  const variables: Variable[] = []
  const credentials: Credential[] = []
  const visit = (fragment: Fragment, path: readonly string[], outer: Condition): void => {
    const at = path.join('.')
    const condition = fragment.when === undefined ? outer : readCondition(fragment.when, at)
    if (fragment.env !== undefined) variables.push(readVariable(fragment.env, path, condition))
    if (fragment.credential !== undefined) {
      credentials.push({ path, ...readCredential(fragment.credential, at) })
    }
    for (const [key, child] of Object.entries(fragment.properties ?? {})) {
      visit(child, [...path, key], condition)
    }
  }
  for (const [key, fragment] of Object.entries(source.keys)) visit(fragment, [key], {})
  failIfNamedTwice([...variables, ...credentials])
  return {
    variables: variables.sort((a, b) => compare(a.name, b.name)),
    credentials: credentials.sort((a, b) => compare(a.path.join('.'), b.path.join('.'))),
  }
}

/** The text of chart/files/variables.yaml. */
export function emitVariables(source: ValuesSource): string {
  const { variables, credentials } = readVariables(source)
  return `${HEAD}variables:\n${lines(variables)}credentials:\n${lines(credentials)}`
}

function lines(entries: readonly object[]): string {
  const flow = { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false } as const
  return entries.map((entry) => `  - ${stringify(entry, flow)}`).join('')
}

function readVariable(env: unknown, path: readonly string[], condition: Condition): Variable {
  const at = path.join('.')
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
    path,
    ...condition,
    ...(join === undefined ? {} : { join: String(join) }),
    ...flags,
    ...(readers === 'ruby' ? {} : { readers: String(readers) }),
  }
}

function readCredential(credential: unknown, at: string): Pick<Credential, 'env'> {
  if (credential === true) return {}
  const { env, ...unknown } = readMap(credential, `${at}: credential`)
  const [key] = Object.keys(unknown)
  if (key) fail(`${at}: "credential" does not know \`${key}\`. Correct or remove it.`)
  if (typeof env !== 'string') fail(`${at}: "credential" without \`env\`. Write \`true\`.`)
  return { env }
}

/** `when: a.b`, or `when: {a.b: value}`. */
function readCondition(when: unknown, at: string): Condition {
  if (typeof when === 'string') return { when: when.split('.') }
  const [[key, is] = [], more] = Object.entries(readMap(when, `${at}: when`))
  if (key === undefined || more || typeof is !== 'string') {
    fail(`${at}: "when" must name one key, or one key with its value.`)
  }
  return { when: key.split('.'), is }
}

function readMap(value: unknown, what: string): Record<string, unknown> {
  return isMap(value) ? value : fail(`${what} must be text or a map, not ${JSON.stringify(value)}.`)
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
      if (other) fail(`${path}: ${other} already sets ${name}. Name another variable.`)
      seen.set(`${reader} ${name}`, path)
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
