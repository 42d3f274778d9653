// Every program gets the variables that it reads, and reads those that it gets.
import type { ContainerView, Render } from 'chart-harness'
import { expect, test } from 'vitest'
import {
  environmentOf,
  files,
  filesOf,
  methodWith,
  renders,
  textOf,
  variablesOf,
} from './programs.ts'

/** A program of the chart in a container of a render. */
interface Use {
  readonly view: ContainerView
  readonly render: Render
  readonly file: string
  /** All programs of the container. */
  readonly together: ReadonlySet<string>
}

// Variables that somebody else sets, and who.
const others = new Map([
  ['DATABASE_URL', 'user'],
  ['REDIS_SENTINELS', 'user'],
  ['LOGIN_PATIENCE', 'user'],
  ['RUBYOPT', 'user'],
  ['OLD_SERVER_PATIENCE', 'user'],
  ['MASTODON_ROOT', 'user'],
  ['NODE_ENV', 'image'],
  ['SWEEP_AGE', 'user'],
  ['SWEEP_SECONDS', 'user'],
  ['PG_MAJOR', 'image'],
  ['KUBERNETES_SERVICE_HOST', 'Kubernetes'],
  ['KUBERNETES_SERVICE_PORT', 'Kubernetes'],
])
// Variables that other programs read, and which.
const outside = new Map([
  ['PGSSLROOTCERT', 'libpq'],
  ['POSTGRES_PASSWORD', 'docker-entrypoint.sh'],
  ['POSTGRES_INITDB_ARGS', 'docker-entrypoint.sh'],
])

const uses = (await renders()).flatMap((render) =>
  render.containers().flatMap((view): Use[] => {
    const together = filesOf(view, render)
    return [...together].map((file) => ({ view, render, file, together }))
  }),
)

const readers = [...files.keys()].filter((name) => /\.(rb|sh|js)$|^role\.sql$/.test(name))
const needing = readers.filter((file) => variablesOf(file).needed.length > 0)
const optional = readers.flatMap((file) =>
  variablesOf(file)
    .optional.filter((name) => !others.has(name))
    .map((name) => [file, name] as const),
)

function usesOf(file: string): readonly Use[] {
  const own = uses.filter((use) => use.file === file)
  if (own.length === 0) throw new Error(`no container runs ${file}`)
  return own
}

/** Whether the container needs the variable: an import is either from a server or from a file. */
function goesThere({ view }: Use, name: string): boolean {
  const source = view.container.env?.find((entry) => entry.name === 'SOURCE')?.value
  if (source === 'file') return !name.startsWith('OLD_')
  return source !== 'server' || name !== 'FILE_PATH'
}

/** Whether a program in the container calls the method that reads the variable. */
function isRead({ together, file }: Use, name: string): boolean {
  const method = methodWith(file, name)
  if (method === undefined) return true
  const calls = new RegExp(`(?<!def (self\\.)?)\\b${method}\\b`, 'g')
  return [...together].some((used) =>
    textOf(used)
      .replace(/^ *#.*$/gm, '')
      .match(calls),
  )
}

function lacks(use: Use): string[] {
  const given = environmentOf(use.view, use.render)
  return variablesOf(use.file)
    .needed.filter(
      (name) => !given.has(name) && !others.has(name) && goesThere(use, name) && isRead(use, name),
    )
    .map((name) => `${use.render.release}: ${use.view.owner.metadata.name} has no ${name}`)
}

test.each(readers)('%s runs in a container', (file) => {
  expect(usesOf(file)).not.toEqual([])
})

test.each(needing)('the variables that %s requires are set wherever it runs', (file) => {
  expect(usesOf(file).flatMap(lacks)).toEqual([])
})

test.each(optional)('%s may read %s, and some values set it', (file, name) => {
  const given = usesOf(file).filter(({ view, render }) => environmentOf(view, render).has(name))
  expect(given).not.toEqual([])
})

/** Variables in `env` that no program of the pod reads, except those that Rails has everywhere. */
function unread({ view, render }: Use): string[] {
  const programs = uses.filter((use) => use.view.owner === view.owner).map(({ file }) => file)
  const read = programs.filter((file) => readers.includes(file)).map(variablesOf)
  const known = new Set(read.flatMap(({ needed, optional }) => [...needed, ...optional]))
  const rails = environmentOf(mainOfWeb(render), render)
  const names = (view.container.env ?? []).map(({ name }) => name)
  return names.filter((name) => !known.has(name) && !outside.has(name) && !rails.has(name))
}

function mainOfWeb(render: Render): ContainerView {
  const [main] = render.containers(
    ({ container, pod }) =>
      container.name === 'main' && pod.metadata.labels?.['app.kubernetes.io/component'] === 'web',
  )
  if (!main) throw new Error('web has no container "main"')
  return main
}

const started = readers.filter((file) => /^(admin|gate|migrate|post-migrate)\.rb$/.test(file))
// Not login.js: what it does not read itself it passes to streaming's code.
const programs = ['generate-secrets.rb', 'import-database.sh', 'prepare.sh']

test.each([...started, ...programs])('%s gets no variable that it does not read', (file) => {
  expect(usesOf(file).flatMap(unread)).toEqual([])
})
