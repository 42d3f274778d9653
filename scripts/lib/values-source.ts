// Where everything about the values comes from: shapes from schema/values (one fragment per top-level key; `_*.yaml` hold
// definitions), defaults and sentences from chart/values.yaml.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Document, isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml'
import { fail } from './cli.ts'

/** JSON Schema as fragments write it; the keys with a sentence are our own. */
export interface Fragment {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Fragment>>
  readonly items?: Fragment
  readonly additionalProperties?: boolean | Fragment
  readonly propertyNames?: Fragment
  readonly required?: readonly string[]
  readonly pattern?: string
  /** What a key that chart/values.yaml does not show is for. */
  readonly description?: string
  /** What `pattern` accepts, in plain words. */
  readonly named?: string
  /** What docs/values.md calls the values of a definition. */
  readonly label?: string
  /** The definition whose keys this object takes, beside its own. */
  readonly takes?: string
  /** Those of them that it does not take. */
  readonly without?: readonly string[]
  /** The variable that the value becomes. */
  readonly env?: unknown
  /** Variables that a template computes from this value and others. */
  readonly sets?: unknown
  /** Marks the value as a credential, and names the variable that passes it to processes. */
  readonly credential?: unknown
  /** The key that switches on the facility whose settings these are. */
  readonly when?: unknown
}

type Fragments = Readonly<Record<string, Fragment>>

/** Shapes, defaults and sentences. */
export interface ValuesSource {
  /** The top-level keys, in the order of chart/values.yaml. */
  readonly keys: Fragments
  readonly definitions: Fragments
  readonly values: Readonly<Record<string, unknown>>
  /** The sentence above each key of chart/values.yaml that has its own line, by path; empty if there is none. */
  readonly sentences: ReadonlyMap<string, string>
  /** The comments between blank lines, by the top-level key that follows. */
  readonly chapters: ReadonlyMap<string, string>
}

/** Reads schema/values and chart/values.yaml. */
export async function readValuesSource(root: string): Promise<ValuesSource> {
  const folder = join(root, 'schema/values')
  if (!existsSync(folder))
    fail(`${root}: there is no folder schema/values in it. Name the repository's folder.`)
  const text = await readFile(join(root, 'chart/values.yaml'), 'utf8')
  const counter = new LineCounter()
  const document = readMap('chart/values.yaml', text, counter)
  const values = document.toJS() as Record<string, unknown>
  const keys: Record<string, Fragment> = {}
  const definitions: Record<string, Fragment> = {}
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()) {
    const path = `schema/values/${file}`
    const content = readMap(path, await readFile(join(root, path), 'utf8')).toJS() as Fragment
    if (file.startsWith('_')) Object.assign(definitions, content)
    else keys[file.replace('.yaml', '')] = content
  }
  const comments = readComments(document.contents, text, counter)
  return { keys: inOrder(keys, values), definitions, values, ...comments }
}

/** The entries in the order of another map, those that it lacks last. */
export function inOrder<T>(
  entries: Readonly<Record<string, T>>,
  order: Readonly<Record<string, unknown>>,
): Record<string, T> {
  const rank = Object.keys(order)
  const place = (key: string): number => (key in order ? rank.indexOf(key) : rank.length)
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => place(a) - place(b)))
}

function readMap(path: string, text: string, lineCounter?: LineCounter): Document<YAMLMap> {
  const document = parseDocument(text, lineCounter ? { lineCounter } : {})
  const [error] = document.errors
  if (error) fail(`${path}: ${error.message.split('\n')[0]?.replace(/:$/, '.')} Correct the file.`)
  if (!isMap(document.contents)) fail(`${path}: not a YAML map. Write one key per line.`)
  return document as unknown as Document<YAMLMap>
}

function readComments(
  root: YAMLMap | null,
  text: string,
  counter: LineCounter,
): Pick<ValuesSource, 'sentences' | 'chapters'> {
  const lines = text.split('\n')
  const sentences = new Map<string, string>()
  const chapters = new Map<string, string>()
  const visit = (map: YAMLMap, path: string): void => {
    for (const { key, value } of map.items) {
      if (!(isScalar(key) && key.range)) continue
      const above = lines.slice(0, counter.linePos(key.range[0]).line - 1)
      const at = path === '' ? String(key.value) : `${path}.${key.value}`
      const comment = takeComment(above)
      const start = comment.findLastIndex((line) => line.startsWith('-- '))
      sentences.set(at, start < 0 ? '' : comment.slice(start).join(' ').slice(3))
      if (path === '') chapters.set(at, readChapter(above))
      if (isMap(value) && !value.flow) visit(value, at)
    }
  }
  if (root) visit(root, '')
  return { sentences, chapters }
}

/** Takes the comment at the end of the lines away, and returns its text. */
function takeComment(lines: string[]): string[] {
  const start = lines.findLastIndex((line) => !/^\s*#/.test(line)) + 1
  return lines.splice(start).map((line) => line.replace(/^\s*# ?/, ''))
}

/** The comment at the end of the lines, if blank lines separate it from what is before and after it. */
function readChapter(lines: string[]): string {
  while (lines.at(-1) === '') lines.pop()
  const comment = takeComment(lines)
  return lines.at(-1) === '' ? comment.join('\n') : ''
}

/** The definition that a `$ref` such as `#/definitions/image` names; `at` says who refers to it. */
export function findDefinition({ definitions }: ValuesSource, ref: string, at: string): Fragment {
  const name = ref.replace('#/definitions/', '')
  const found = definitions[name]
  return (
    found ??
    fail(`${at}: there is no definition "${name}". Add it to a file schema/values/_*.yaml.`)
  )
}

/** The keys that a fragment takes from a definition, each as that definition has it. */
export function takenKeys(source: ValuesSource, fragment: Fragment, at: string): Fragments {
  const { takes, without = [], properties = {} } = fragment
  if (takes === undefined) return {}
  const definition = findDefinition(source, takes, at)
  const all = { ...takenKeys(source, definition, at), ...definition.properties }
  for (const key of without) {
    if (!(key in all)) fail(`${at}: the definition "${takes}" has no key "${key}". Remove it here.`)
  }
  const own = new Set([...without, ...Object.keys(properties)])
  return Object.fromEntries(Object.entries(all).filter(([key]) => !own.has(key)))
}
