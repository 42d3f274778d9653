import { FAILSAFE_SCHEMA, load, Type } from 'js-yaml'
import { parseDocument, type ScalarTag, type Tags } from 'yaml'

/** Text that Kubernetes' YAML reader refuses, or that names one key twice. */
export class YamlError extends Error {
  override readonly name = 'YamlError'
}

// Kubernetes reads YAML 1.1 with Go's quirks: `0o17` and `0X1F` are numbers, `.` and `e3`, dates and
// `1:30` stay strings.
const goNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0(?:[oO][0-7]+|X[0-9a-fA-F]+)$/,
  resolve: (text) => {
    const size = Number(text.toLowerCase().replace(/^[-+]/, ''))
    return text.startsWith('-') ? -size : size
  },
}
const goText: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^(?=.)[-+]?\.?_*(?:[eE][-+]?[0-9]+)?$/,
  resolve: (text) => text,
}

// Go decodes binary to a string, the `yaml` package to a Buffer.
const goBinary: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve: (text) => Buffer.from(text, 'base64').toString(),
}

function isUnwanted(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return tag === 'timestamp' || tag === 'binary'
  const format = 'format' in tag ? tag.format : undefined
  if (tag.tag === 'tag:yaml.org,2002:binary') return true
  return format === 'TIME' || tag.tag === 'tag:yaml.org,2002:timestamp'
}

const options = {
  version: '1.1',
  uniqueKeys: true,
  customTags: (tags: Tags): Tags => [
    goNumber,
    goText,
    goBinary,
    ...tags.filter((tag) => !isUnwanted(tag)),
  ],
} as const

/**
 * One YAML document as Kubernetes reads it; a key that occurs twice is an error.
 * @param what names the text in the error message
 */
export function parseYaml(text: string, what = 'YAML'): unknown {
  try {
    return readGoYaml(text)
  } catch {
    return parseSlowly(text, what)
  }
}

/** A tenth of the speed, but it knows rare tags, and its errors say where. */
export function parseSlowly(text: string, what: string): unknown {
  const document = parseDocument(text, options)
  const [error] = document.errors
  if (error) throw new YamlError(`${what}: ${error.message.split('\n\n')[0]?.replace(/:$/, '')}`)
  try {
    return document.toJS({ maxAliasCount: 1000 })
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error // an alias without its anchor
    throw new YamlError(`${what}: ${error.message}`, { cause: error })
  }
}

const documents = new Map<string, unknown>()
const mostDocuments = 20_000

/** As `parseYaml`, but equal texts give one frozen value: most documents come again and again. */
export function parseOnce(text: string, what?: string): unknown {
  const key = text.trim()
  if (documents.has(key)) return documents.get(key)
  const value = deepFreeze(parseYaml(key, what))
  if (documents.size > mostDocuments) documents.clear()
  documents.set(key, value)
  return value
}

/** One document of a rendered stream. */
export interface YamlDocument {
  /** From the `# Source:` comment; empty when there is none. */
  readonly source: string
  readonly text: string
}

/** Splits Helm's output at the `---` lines; documents without content are left out. */
export function splitDocuments(text: string): YamlDocument[] {
  const documents: YamlDocument[] = []
  for (const part of text.split(/^---[ \t]*$/m)) {
    const source = /^# Source: (.+)$/m.exec(part)?.[1]?.trim() ?? ''
    const body = part.replace(/^# Source: .+\n?/m, '').trim()
    if (body.split('\n').every((line) => /^\s*(#.*)?$/.test(line))) continue
    documents.push({ source, text: body })
  }
  return documents
}

/** Freezes the value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const child of Object.values(value)) deepFreeze(child)
  return Object.freeze(value)
}

// Kubernetes reads YAML with sigs.k8s.io/yaml, whose resolve.go says what a plain scalar is: YAML 1.1
// with Go's integers, without dates and without numbers in base 60.
const nothing: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL'])
const truths = new Map(
  [
    [true, 'y Y yes Yes YES true True TRUE on On ON'] as const,
    [false, 'n N no No NO false False FALSE off Off OFF'] as const,
  ].flatMap(([value, words]) => words.split(' ').map((word) => [word, value])),
)
const integer = /^[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|[1-9][0-9]*|0)$/
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const octal = /^0[oO]?(?=[0-7])/

/** The number that Go reads in a plain scalar; undefined when it is text. */
function numberOf(text: string): number | undefined {
  if (!/^[-+.0-9]/.test(text)) return undefined
  const plain = text.replaceAll('_', '')
  if (integer.test(plain)) return integerOf(plain)
  return float.test(plain) ? Number(plain) : undefined
}

function integerOf(plain: string): number {
  const size = plain.replace(/^[-+]/, '')
  const value = Number(/^0[xXbB]/.test(size) ? size : size.replace(octal, '0o'))
  return plain.startsWith('-') ? 0 - value : value
}

const scalars = [
  new Type('tag:yaml.org,2002:null', {
    kind: 'scalar',
    resolve: (text: string | null) => text === null || nothing.has(text),
    construct: () => null,
  }),
  new Type('tag:yaml.org,2002:bool', {
    kind: 'scalar',
    resolve: (text: string | null) => text !== null && truths.has(text),
    construct: (text: string) => truths.get(text),
  }),
  new Type('tag:yaml.org,2002:float', {
    kind: 'scalar',
    resolve: (text: string | null) => text !== null && numberOf(text) !== undefined,
    construct: numberOf,
  }),
  new Type('tag:yaml.org,2002:merge', {
    kind: 'scalar',
    resolve: (text: string | null) => text === '<<',
  }),
]

const schema = FAILSAFE_SCHEMA.extend({ implicit: scalars })

/**
 * One YAML document as Kubernetes reads it; throws on whatever is unusual, a key that occurs twice
 * included: `parseYaml` then asks the slow reader, which knows more and says better what is wrong.
 */
export function readGoYaml(text: string): unknown {
  return load(text, { schema, json: false }) ?? null
}
