// What Mastodon reads (schema/mastodon/environment.yaml), joined with what the chart sets: every variable has a key or a
// reason for none, and is where its readers find it and nobody else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from 'chart-harness'
import { expect, test } from 'vitest'
import { profiles } from '../rules/profiles.ts'
import { chart, root } from '../rules/project.ts'
import { every, sentinel, stores } from './components.ts'
import { chartFile, render } from './render.ts'
import { credentials, variables } from './variables.ts'
import { componentOf } from './views.ts'

interface Fact {
  /** `ruby`, `node` or `both`; a list of processes. */
  readonly readers?: string | readonly string[]
  readonly secret?: boolean
  readonly type?: string
  readonly aliasOf?: string
  readonly oldNameOf?: string
  readonly reason?: string
}
const catalogue = parseYaml(
  readFileSync(join(root, 'schema/mastodon/environment.yaml'), 'utf8'),
) as {
  readonly variables: Readonly<Record<string, Fact>>
  readonly own: readonly (readonly string[])[]
  readonly removed: Readonly<Record<string, unknown>>
}
const known = JSON.parse(chartFile('files/environment.json')) as Readonly<
  Record<string, { readonly key?: string; readonly secret?: true; readonly removed?: unknown }>
>

const facts = Object.entries(catalogue.variables).map(([name, fact]) => ({ name, ...fact }))
const own = new Set(catalogue.own.flat())
const withKey = facts.filter(({ name }) => known[name]?.key)
const withReason = facts.filter(({ reason }) => reason)
const removed = Object.keys(catalogue.removed)

const total = `${facts.length + removed.length} variables: ${withKey.length} have a key, ${withReason.length} a reason for none`
test(`${total}, ${removed.length} are refused because Mastodon removed them`, () => {
  const others = facts
    .filter(({ name, reason }) => !(reason || known[name]?.key))
    .map(({ name }) => name)
  expect(others).toEqual([])
  expect(withReason.filter(({ name }) => known[name]?.key)).toEqual([])
  expect(removed.filter((name) => known[name]?.removed)).toEqual(removed)
  expect(removed.filter((name) => name in catalogue.variables)).toEqual([])
})

const words: Readonly<Record<string, readonly string[]>> = {
  both: ['ruby', 'node'],
  // The only process of Node.
  streaming: ['node'],
}

/** The kinds of programs and the processes that read a variable. */
function readersOf({ readers = 'ruby' }: Pick<Fact, 'readers'>): string[] {
  const all = [readers].flat().flatMap((reader) => words[reader] ?? reader)
  return [...new Set(all)].sort()
}

const bySeveral = withKey.filter(({ name }) => variables.some((row) => row.name === name))

test.each(bySeveral)('the keys of $name become it for those who read it', (fact) => {
  const rows = variables.filter(({ name }) => name === fact.name)
  expect(fact.secret).toBeUndefined()
  expect(readersOf({ readers: rows.flatMap(readersOf) })).toEqual(readersOf(fact))
})

test('what is secret is a credential, and the other way round', () => {
  // What is public may be in a Secret, too, if a plain key can say it as well.
  const plain = new Set(variables.map(({ name }) => name))
  const given = credentials.flatMap(({ env = '' }) => (own.has(env) || plain.has(env) ? [] : env))
  const secret = withKey.filter((fact) => fact.secret && !(fact.aliasOf ?? fact.oldNameOf))
  const wanted = secret.map(({ name }) => name).filter((name) => !isOfSecrets(name))
  expect([...new Set(given)].filter(Boolean).sort()).toEqual(wanted.sort())
})

function isOfSecrets(name: string): boolean {
  return known[name]?.key?.startsWith('secrets.') ?? false
}

// What the profiles, which contain the examples, leave out.
const more = [
  {},
  ...Object.values(stores),
  {
    postgresql: {
      ...{ mode: 'external', host: 'db.example.com', ca: { existingSecret: 'ca', key: 'ca.crt' } },
      clientCertificate: { existingSecret: 'client' },
      replica: { host: 'replica.example.com', port: 5433, database: 'fedi', user: 'reader' },
    },
  },
  every({ mode: 'external', host: 'redis.example.com', user: 'mastodon', database: 1 }),
  every({ mode: 'external', url: { value: 'rediss://redis.example.com' } }),
  every({
    ...{ mode: 'external', password: { value: 'x' } },
    sentinel: { ...sentinel, user: 'mastodon', password: { value: 'x' } },
  }),
]
const renders = [
  ...(await Promise.all(more.map((values) => render(values)))),
  ...(
    await chart.renderAll(profiles.map(({ values }) => ({ release: 'mastodon', values })))
  ).flatMap(({ render }) => render ?? []),
]

/** A variable that the chart sets, and where. */
interface Found {
  readonly name: string
  /** `ConfigMap`, `Secret`, or `env` of a container. */
  readonly place: string
  /** The component, and `node` or `ruby` or nothing for what else runs. */
  readonly component: string
  readonly program: string
}

const rubies = /^(web|sidekiq-.*|migrate|post-migrate|admin|search-index)$/
const found = renders.flatMap((render): Found[] =>
  render.containers().flatMap(({ owner, container }) => {
    const component = componentOf(owner.metadata)
    const program = rubies.test(component) ? 'ruby' : component === 'streaming' ? 'node' : ''
    const direct = (container.env ?? []).map(({ name, valueFrom }) => ({
      ...{ name, component, program },
      place: valueFrom?.secretKeyRef ? 'Secret' : 'env',
    }))
    const sources = (container.envFrom ?? []).flatMap(({ configMapRef, secretRef }) => {
      const kind = configMapRef ? 'ConfigMap' : 'Secret'
      const name = (configMapRef ?? secretRef)?.name ?? ''
      if (!render.has(kind, name)) return []
      const object = render.one(kind as 'Secret', name)
      return Object.keys(object.data ?? object.stringData ?? {}).map((variable) => ({
        ...{ name: variable, component, program },
        place: kind,
      }))
    })
    return [...direct, ...sources]
  }),
)

function factOf(name: string): Fact | undefined {
  const glob = facts.find((fact) => {
    const [start = '', end] = fact.name.split('*')
    return end !== undefined && name.startsWith(start) && name.endsWith(end)
  })
  return catalogue.variables[name] ?? glob
}

test('the chart sets no variable that neither Mastodon nor a program of ours reads', () => {
  const users = profiles.flatMap(({ values }) =>
    Object.keys((values as { env?: object }).env ?? {}),
  )
  const ours = new Set([...own, ...removed, ...users])
  const unknown = found.filter(({ name }) => !factOf(name) && !ours.has(name))
  expect([...new Set(unknown.map(({ name }) => name))].sort()).toEqual([])
})

/** Whether a variable may be there. */
function fits({ name, place, component, program }: Found): boolean {
  const fact = factOf(name)
  if (!fact || program === '' || own.has(name)) return true
  if (fact.secret && fact.type !== 'url' && place !== 'Secret') return false
  if (typeof fact.readers === 'string' || !fact.readers) return readersOf(fact).includes(program)
  const processes = fact.readers.map((process) => (process === 'jobs' ? 'migrate' : process))
  const isThere = processes.some((process) =>
    component.replace(/^(sidekiq|post)-/, '$1').startsWith(process),
  )
  return isThere && (place === 'env' || program === 'node')
}

test('every variable is where its readers find it, and secrets are in Secrets', () => {
  const misplaced = found.filter((place) => !fits(place))
  const lines = misplaced.map(({ name, place, component }) => `${name}: ${place} of ${component}`)
  expect([...new Set(lines)].sort()).toEqual([])
})

test('some example or profile sets each variable that a template computes', () => {
  const rows = new Set([...variables.map(({ name }) => name), ...credentials.map(({ env }) => env)])
  const computed = withKey.filter((fact) => {
    const { name, aliasOf, oldNameOf } = fact
    return !rows.has(name) && !(aliasOf ?? oldNameOf) && !isOfSecrets(name)
  })
  const set = new Set(found.map(({ name }) => factOf(name)))
  const unset = computed.filter(
    (fact) => !set.has(fact) && !set.has(catalogue.variables[fact.name]),
  )
  expect(unset.map(({ name }) => name)).toEqual([])
})
