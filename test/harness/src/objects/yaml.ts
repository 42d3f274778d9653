import { FAILSAFE_SCHEMA, loadAll, Type, YAMLException } from 'js-yaml'
import { kept } from './once.ts'

/** Text that Kubernetes' YAML reader refuses, or that names one key twice. */
export class YamlError extends Error {
  override readonly name = 'YamlError'
  readonly reason: string
  /** `line:column`; undefined when the text holds several documents. */
  readonly place: string | undefined

  /** @param mark where, from 0 */
  constructor(
    what: string,
    reason: string,
    mark?: { readonly line: number; readonly column: number },
  ) {
    const [line, column] = mark ? [mark.line + 1, mark.column + 1] : []
    super(`${what}: ${reason}${mark ? ` at line ${line}, column ${column}` : ''}`)
    this.reason = reason
    this.place = mark && `${line}:${column}`
  }
}

/**
 * One YAML document as Kubernetes reads it, and nothing but empty ones behind it; a key that occurs twice is an error.
 * @param what names the text in the error message
 */
export function parseYaml(text: string, what = 'YAML'): unknown {
  try {
    const [first = null, ...more] = loadAll(text, null, { schema })
    if (more.every((document) => (document ?? null) === null)) return first
    throw new YamlError(what, 'expected a single document in the stream, but found more')
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw new YamlError(what, error.reason, error.mark)
  }
}

const documents = new Map<string, unknown>()
const mostDocuments = 20_000

/** As `parseYaml`, but equal texts give one frozen value: most documents come again and again. */
export function parseOnce(text: string, what?: string): unknown {
  const key = text.trim()
  return kept(documents, key, () => deepFreeze(parseYaml(key, what)), mostDocuments)
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

/** A type of scalars; `read` returns undefined for text that is not of this type. */
function scalar(name: string, read: (text: string) => unknown): Type {
  // What is absent is null, and nothing else.
  return new Type(`tag:yaml.org,2002:${name}`, {
    kind: 'scalar',
    resolve: (text: string | null) => read(text ?? '') !== undefined,
    construct: (text: string | null) => read(text ?? ''),
  })
}

// Also `!!int 5` and `!!timestamp 2024-01-01`; a custom tag says nothing about the value.
const explicit = [
  scalar('int', numberOf),
  scalar('binary', (text) => Buffer.from(text, 'base64').toString()),
  scalar('timestamp', (text) => text),
  ...(['scalar', 'sequence', 'mapping'] as const).map(
    (kind) => new Type('!', { kind, multi: true }),
  ),
]
const implicit = [
  scalar('null', (text) => (nothing.has(text) ? null : undefined)),
  scalar('bool', (text) => truths.get(text)),
  scalar('float', numberOf),
  scalar('merge', (text) => (text === '<<' ? text : undefined)),
]

const schema = FAILSAFE_SCHEMA.extend({ implicit, explicit })
