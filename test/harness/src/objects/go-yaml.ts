import { FAILSAFE_SCHEMA, load, Type } from 'js-yaml'

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
