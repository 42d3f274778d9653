// docs/values.md: the reference of all values.
import { isRecord } from 'chart-harness'
import { insideOf, type Key, type Keys } from './values-keys.ts'
import type { Fragment, ValuesSource } from './values-source.ts'
import { inline, readVariables } from './values-variables.ts'

const INTRO = `# Values

<!-- Built from chart/values.yaml and schema/values by \`npm run build\`. Do not edit. -->

Every key of the chart's values. Helm checks them against \`chart/values.schema.json\`: it refuses unknown keys and wrong
types. A \`null\` in your values removes a default. The blocks that several keys share are explained once, in
[shared blocks](#shared-blocks).
`

const HEAD = '| key | type | default | description |\n|---|---|---|---|\n'

interface Context {
  readonly source: ValuesSource
  readonly all: Keys
  /** The variables that a key sets, by the key's path. */
  readonly variables: ReadonlyMap<string, readonly string[]>
}

/** The text of docs/values.md. */
export function emitDocs(source: ValuesSource, all: Keys): string {
  const { variables, credentials, computed } = readVariables(all.keys)
  const named = [
    ...variables,
    ...computed,
    ...credentials.map((row) => ({ ...row, name: row.env })),
  ]
  const names = new Map<string, string[]>()
  for (const { path, name } of named) {
    const key = path.join('.')
    if (name) names.set(key, [...(names.get(key) ?? []), name])
  }
  const context: Context = { source, all, variables: names }
  const sections = Object.keys(source.keys).map((name) => section(context, name))
  const blocks = Object.entries(source.definitions).filter(([, fragment]) => isBlock(fragment))
  const shared = blocks.map(([name, fragment]) => {
    const rows = blockRows(context, fragment, '')
    return `### ${name} block\n\n${takenText(fragment)}${table(rows)}`
  })
  return [INTRO, ...sections, '## Shared blocks\n', ...shared].join('\n')
}

function isBlock({ properties, takes }: Fragment): boolean {
  return properties !== undefined || takes !== undefined
}

function section(context: Context, name: string): string {
  const { source, all } = context
  const [first, ...below] = all.keys.filter(({ path }) => path.split(/[.[]/)[0] === name)
  if (!first) return ''
  const chapter = source.chapters.get(name)
  const head = `${chapter ? `## ${chapter}\n\n` : ''}## ${name}\n\n`
  if (!isBlock(first.fragment)) {
    return head + table([first, ...below].map((key) => row(context, key)))
  }
  const intro = `${first.text}\n\n${takenText(first.fragment)}`
  return head + intro + table(below.map((key) => row(context, key)))
}

/** What an object takes from elsewhere, as a paragraph. */
function takenText({ takes, without = [] }: Fragment): string {
  if (takes === undefined) return ''
  const list = without.map((key) => `\`${key}\``).join(', ')
  return `Takes every key of ${link(takes)}${list ? ` but ${list}` : ''}.\n\n`
}

function row(context: Context, { path, fragment, value, text }: Key): string {
  const { all, variables } = context
  const hasRows = isRecord(value) && all.keys.some((other) => other.path.startsWith(`${path}.`))
  const taken = takenText(fragment).trim()
  const each =
    fragment.items?.takes === undefined ? '' : `Each: ${takenText(fragment.items).trim()}`
  const own = variables.get(path)?.map((name) => `\`${name}\``)
  const sets = own ? `Sets ${own.join(', ')}.` : ''
  const description = [text, taken, each, sets].filter(Boolean).join(' ')
  return cells(path, typeText(context, fragment), hasRows ? undefined : value, description)
}

function blockRows(context: Context, fragment: Fragment, path: string): string[] {
  const own = Object.entries(fragment.properties ?? {}).flatMap(([key, child]) => {
    const at = path ? `${path}.${key}` : key
    const text = context.all.blockTexts.get(child) ?? ''
    return [cells(at, typeText(context, child), undefined, text), ...blockRows(context, child, at)]
  })
  const inside = insideOf(fragment, path)
  return [...own, ...inside.flatMap(([at, inner]) => blockRows(context, inner, at))]
}

function table(rows: readonly string[]): string {
  return `${HEAD}${rows.join('')}`
}

function cells(path: string, type: string, value: unknown, text: string): string {
  const shown = value === undefined ? '' : code(inline(value))
  const columns = [code(path), type, shown, text].map((cell) => cell.replaceAll('|', '\\|'))
  return `| ${columns.join(' | ')} |\n`
}

const WORDS: Readonly<Record<string, string>> = { array: 'list', object: 'map', string: 'text' }

function typeText({ source: { definitions } }: Context, fragment: Fragment): string {
  if (fragment.$ref !== undefined) {
    const name = fragment.$ref.replace('#/definitions/', '')
    return definitions[name]?.label ?? link(name)
  }
  if (fragment.enum) return fragment.enum.map((value) => code(inline(value))).join(' | ')
  const types = [fragment.type ?? 'object'].flat()
  return types.map((type) => WORDS[type] ?? type).join(' | ')
}

/** A link to the section of a definition. */
function link(definition: string): string {
  return `[${definition}](#${definition.toLowerCase()}-block)`
}

function code(text: string): string {
  return text === '' ? '`""`' : `\`${text}\``
}
