// What Mastodon reads (schema/mastodon/environment.yaml), joined with the keys that set it: chart/files/environment.json
// for the rules, docs/environment.md for people.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { fail } from './cli.ts'
import type { Key } from './values-keys.ts'
import { readVariables } from './values-variables.ts'

const FILE = 'schema/mastodon/environment.yaml'

/** A variable that Mastodon reads; the file explains the keys. */
interface MastodonVariable {
  readonly type?: string
  readonly readers?: string | readonly string[]
  readonly secret?: true
  readonly since?: string
  readonly empty?: string
  readonly aliasOf?: string
  readonly oldNameOf?: string
  readonly reason?: string
}

/** A variable that Mastodon no longer reads. */
interface RemovedVariable {
  readonly in: string
  readonly remedy: string
}

/** The catalogue of Mastodon's variables. */
export interface Catalogue {
  readonly variables: Readonly<Record<string, MastodonVariable>>
  /** Names of variables of the chart's own programs. */
  readonly own: ReadonlySet<string>
  readonly removed: Readonly<Record<string, RemovedVariable>>
}

/** A key that sets a variable, and what switches its facility on. */
interface Setter {
  readonly key: string
  readonly when?: readonly string[]
  readonly is?: string
  /** Whether the key names a Secret. */
  readonly isCredential?: true
}

/** Reads the catalogue of a repository, if it has one. */
export async function readCatalogue(root: string): Promise<Catalogue | undefined> {
  const file = join(root, FILE)
  if (!existsSync(file)) return undefined
  const { variables, own, removed } = parse(await readFile(file, 'utf8')) as Omit<
    Catalogue,
    'own'
  > & { own: string[][] }
  for (const [name, { aliasOf, oldNameOf = aliasOf }] of Object.entries(variables)) {
    if (oldNameOf === undefined || variables[oldNameOf]) continue
    fail(`${FILE}: ${name} names ${oldNameOf}, which is not in the list. Add it.`)
  }
  return { variables, own: new Set(own.flat()), removed }
}

/** The keys that set each variable. */
function settersOf(
  { variables: known, own }: Catalogue,
  keys: readonly Key[],
): Map<string, Setter[]> {
  const { variables, credentials, computed } = readVariables(keys)
  const rows: readonly (Omit<Setter, 'key'> & { path: readonly string[]; name?: string })[] = [
    ...[...variables, ...computed].map(
      ({
        name,
        path,
        when,
        is,
      }: Pick<Setter, 'when' | 'is'> & { name: string; path: readonly string[] }) => ({
        ...{ name, path },
        ...(when && { when }),
        ...(is && { is }),
      }),
    ),
    ...credentials.map(({ path, env }) => ({
      path,
      isCredential: true as const,
      ...(env && { name: env }),
    })),
  ]
  const setters = new Map<string, Setter[]>()
  for (const { name, path, ...row } of rows) {
    if (name === undefined) continue
    const key = path.join('.')
    if (!known[name] && !own.has(name)) {
      fail(`${key}: sets ${name}, which is not in ${FILE}. Add it there.`)
    }
    setters.set(name, [...(setters.get(name) ?? []), { key, ...row }])
  }
  return setters
}

function listed(words: readonly string[], last: string): string {
  const [end, ...others] = [...words].reverse()
  return others.length === 0 ? (end ?? '') : `${others.reverse().join(', ')} ${last} ${end}`
}

/** chart/files/environment.json: what the rules know of a variable by its name. */
export function emitKnown(catalogue: Catalogue, keys: readonly Key[]): string {
  const { variables, removed } = catalogue
  const setters = settersOf(catalogue, keys)
  const names = [...new Set([...Object.keys(variables), ...setters.keys()])].sort()
  const known = names.flatMap((name) => {
    const { type, secret, aliasOf, oldNameOf } = variables[name] ?? {}
    const all = setters.get(oldNameOf ?? aliasOf ?? name) ?? []
    const plain = all.filter(({ isCredential }) => !isCredential)
    const keysOf = (plain.length > 0 ? plain : all).map(({ key }) => key)
    const { when, is } = all[0] ?? {}
    const row = {
      ...(all.length > 0 && { key: listed(keysOf, 'or') }),
      ...(when && { when }),
      ...(is && { is }),
      // An address is one only if it contains a password.
      ...(secret && type !== 'url' && { secret }),
      ...(oldNameOf && { isOld: true }),
    }
    return Object.keys(row).length > 0 ? [`${JSON.stringify(name)}:${JSON.stringify(row)}`] : []
  })
  const gone = Object.entries(removed).map(
    ([name, row]) => `${JSON.stringify(name)}:${JSON.stringify({ removed: row })}`,
  )
  return `{\n${[...known, ...gone].join(',\n')}\n}\n`
}

const INTRO = `# Variables of Mastodon

<!-- Built from schema/mastodon/environment.yaml and schema/values by \`npm run build\`. Do not edit. -->

For people who come with an env file: which key of the values sets which variable. [values.md](values.md) explains the keys.
The file itself also works, as a ConfigMap or Secret in \`envFrom\`; what you write into keys is checked, what is in your own
ConfigMaps is not.
`

/** The text of docs/environment.md. */
export function emitEnvironment(catalogue: Catalogue, keys: readonly Key[]): string {
  const { variables, removed } = catalogue
  const setters = settersOf(catalogue, keys)
  const names = Object.keys(variables).sort()
  const rows = names.flatMap((name) => {
    const { aliasOf, oldNameOf = aliasOf, ...variable } = variables[name] ?? {}
    const own = setters.get(oldNameOf ?? name)
    if (!own || variable.reason) return []
    const key = own.map((setter) => `\`${setter.key}\``).join(', ')
    return [
      row(`\`${name}\``, key, readersText(variable), variable.secret ? 'yes' : '', variable.since),
    ]
  })
  const without = names.flatMap((name) => {
    const { reason } = variables[name] ?? {}
    return reason ? [row(`\`${name}\``, `${reason[0]?.toUpperCase()}${reason.slice(1)}.`)] : []
  })
  const gone = Object.entries(removed).map(([name, { in: version, remedy }]) =>
    row(`\`${name}\``, version.replace(/\.0$/, ''), `${remedy}.`),
  )
  return [
    INTRO,
    `## Variables with a key\n\n${table(['variable', 'key', 'read by', 'secret', 'since'], rows)}`,
    `## Without a key, on purpose\n\n${table(['variable', 'why'], without)}`,
    `## Removed from Mastodon\n\nThe chart refuses them.\n\n${table(['variable', 'in', 'what to do'], gone)}`,
  ].join('\n')
}

const READERS: Readonly<Record<string, string>> = {
  ruby: 'Ruby',
  node: 'streaming',
  both: 'Ruby, streaming',
}

function readersText({ readers = 'ruby' }: MastodonVariable): string {
  return typeof readers === 'string' ? (READERS[readers] ?? readers) : readers.join(', ')
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(...head), row(...head.map(() => '---')), ...rows].join('')
}

function row(...cells: readonly (string | undefined)[]): string {
  return `| ${cells.map((cell = '') => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
}
