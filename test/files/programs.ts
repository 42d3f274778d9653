// The programs of chart/files: which container runs which, and which variables they read.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ContainerView, Render } from 'chart-harness'
import { chart, examples, renderExample } from '../rules/project.ts'

const root = join(chart.path, 'files')

/** The text of every file, by its name without folders. */
export const files: ReadonlyMap<string, string> = new Map(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.\w+$/.test(path))
    .sort()
    .map((path) => [basename(path), readFileSync(join(root, path), 'utf8')]),
)

/** The text of one. */
export function textOf(name: string): string {
  const text = files.get(name)
  if (text === undefined) throw new Error(`chart/files has no ${name}`)
  return text
}

/** The files that this one names: what it requires, reads or passes to another program. */
function usedBy(name: string): string[] {
  const text = textOf(name)
  return [...files.keys()].filter((other) => {
    const stem = other.replace(/\.rb$/, '')
    const mentions = [`/${other}`, `require_relative '${stem}'`, `__dir__}/${stem}"`]
    return other !== name && mentions.some((mention) => text.includes(mention))
  })
}

/** The files that a container runs: named or printed in its command, or named in a variable, and all that those use. */
export function filesOf({ container }: ContainerView, render: Render): Set<string> {
  const words = [
    ...(container.command ?? []),
    ...(container.args ?? []),
    ...configMapsOf(container, render).flatMap((data) => Object.values(data)),
  ]
  const started = [...files].filter(([name, text]) =>
    words.some((word) => word.endsWith(`/${name}`) || prints(word, text)),
  )
  const found = new Set(started.map(([name]) => name))
  for (const name of found) for (const used of usedBy(name)) found.add(used)
  return found
}

/** Whether the word is the text, except for what templates fill in. */
function prints(word: string, text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.includes('%'))
  return lines.every((line) => word.includes(line))
}

/** Names of variables: those that must be set, and those that may be unset. */
export interface Variables {
  readonly needed: readonly string[]
  readonly optional: readonly string[]
}

/** The variables that a file reads. */
export function variablesOf(name: string): Variables {
  const known = variables.get(name) ?? readVariables(name)
  variables.set(name, known)
  return known
}

const variables = new Map<string, Variables>()

function readVariables(name: string): Variables {
  const text = textOf(name).replace(/^ *(#|--|\/\/).*$/gm, '')
  if (name.endsWith('.rb')) return rubyVariables(name, text)
  if (name.endsWith('.sh')) return shellVariables(text)
  if (name.endsWith('.js')) return { needed: [], optional: found(text, /\benv\.([A-Z_]+)/g) }
  return { needed: found(text, /^\\getenv \w+ (\w+)/gm), optional: [] }
}

/** The words in the pattern's group, wherever it matches. */
export function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].flatMap(([, words = '']) => words.split(' ')))]
}

function rubyVariables(name: string, text: string): Variables {
  const list = /%w\[([A-Z_ ]+)\]\.map \{ \|name\| ENV\.fetch\(name\) \}/g
  // Every way to read the environment must be one of these, or tests here would miss some.
  const known = /ENV\.fetch\('\w+'[,)]|ENV\['\w+'\]|ENV\.fetch\(name\)|ENV\.fetch\(name, ''\)/g
  const rest = text.replace(known, '').match(/\bENV\b.*/)
  if (rest) throw new Error(`chart/files/${name}: these tests cannot read "${rest[0]}"`)
  return {
    needed: [...found(text, /ENV\.fetch\('(\w+)'\)/g), ...found(text, list)],
    optional: [...found(text, /ENV\.fetch\('(\w+)',/g), ...found(text, /ENV\['(\w+)'\]/g)],
  }
}

/** The method of a Ruby file that reads the variable, if it is one that has to be called. */
export function methodWith(file: string, variable: string): string | undefined {
  const bodies = textOf(file)
    .split(/^ *def (?:self\.)?(?=\w)/m)
    .slice(1)
  return bodies.find((body) => body.includes(`ENV.fetch('${variable}')`))?.match(/^\w+[?!]?/)?.[0]
}

function shellVariables(text: string): Variables {
  const optional = found(text, /\$\{([A-Z][A-Z_]+):-/g)
  // One that is read before it is changed must be there.
  const changed = found(text, /\b([A-Z][A-Z_]+)=/g)
  const own = [
    ...changed.filter((name) => text.match(`\\b${name}\\b.?`)?.[0].endsWith('=')),
    ...found(text, /\bcoproc ([A-Z]+)/g),
  ]
  const known = new Set([...optional, ...own, 'SECONDS', 'PIPESTATUS', 'PPID'])
  const needed = found(text, /\$\{?([A-Z][A-Z_]+)/g).filter((name) => !known.has(name))
  return { needed, optional }
}

/** The variables that a container gets, from `env` and from what `envFrom` names in the render. */
export function environmentOf({ container }: ContainerView, render: Render): Set<string> {
  const sources = configMapsOf(container, render).flatMap((data) => Object.keys(data))
  return new Set([...(container.env ?? []).map(({ name }) => name), ...sources])
}

/** What the ConfigMaps contain that a container reads as variables. */
function configMapsOf(
  container: ContainerView['container'],
  render: Render,
): readonly Readonly<Record<string, string>>[] {
  const names = (container.envFrom ?? []).flatMap(({ configMapRef }) => configMapRef?.name ?? [])
  const there = names.filter((name) => render.has('ConfigMap', name))
  return there.map((name) => render.one('ConfigMap', name).data ?? {})
}

const keys = { secrets: { existingSecret: 'keys' } }
const server = { host: 'old.example.com', password: { value: 'x' }, sslMode: 'verify-full' }
const caBundle = { existingConfigMap: 'bundle', key: 'ca.crt' }
const file = { path: 'old.dump', storage: { existingClaim: 'theirs' } }
const admin = { enabled: true, username: 'alice', email: 'alice@example.com' }
const url = { value: 'postgresql://db.example.com' }
const others = [
  {
    ...{ ...keys, caBundle },
    mastodon: { localDomain: 'example.com', admin, transcoding: { ffmpeg: '/usr/bin/ffmpeg' } },
    import: { database: { enabled: true, server } },
  },
  {
    ...{ ...keys, caBundle },
    import: { database: { enabled: true, source: 'file', file } },
    jobs: { postMigrate: { hold: true } },
    redis: { mode: 'external', url: { value: 'redis://redis.example.com' } },
    search: {
      ...{ mode: 'external', host: 'https://search.example.com', prefix: 'social' },
      ...{ user: 'mastodon', password: { existingSecret: 'search', key: 'password' } },
    },
    postgresql: {
      mode: 'external',
      host: 'db.example.com',
      clientCertificate: { existingSecret: 'client' },
      replica: {
        host: 'replica.example.com',
        port: 5433,
        user: 'reader',
        password: { value: 'x' },
      },
      sslMode: 'verify-full',
      password: { value: 'x' },
    },
  },
  {
    ...keys,
    import: { database: { enabled: true, source: 'file', file } },
    postgresql: { mode: 'external', url, replica: { url } },
  },
]

/** The examples, and values for what they leave out. */
export async function renders(): Promise<readonly Render[]> {
  return Promise.all([
    ...examples.map((example) => renderExample(example)),
    ...others.map((values) => chart.render({ release: 'mastodon', values })),
  ])
}
