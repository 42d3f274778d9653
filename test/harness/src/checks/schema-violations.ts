import { appendStep, formatPath, parsePointer } from '../objects/paths.ts'

/** One value that the chart's schema refuses. */
export interface SchemaViolation {
  /** The value's path in the values, e.g. `sidekiq.workers[0].queues`; empty for the root. */
  readonly path: string
  readonly message: string
}

/** What a violation says of a key that the schema does not know. */
export const unknownKey = 'is not a known key'

// Helm 3 and Helm 4 use two validators; the common mistakes are brought to one wording. `$` is what the pattern matches.
const wordings: readonly (readonly [pattern: RegExp, wording: string])[] = [
  [/^missing propert(?:y|ies) (.+)$|^(.+) is required$/, 'is required'],
  [/^additional propert(?:y|ies) (.+?) (?:is )?not allowed$/i, unknownKey],
  [/^Invalid type\. Expected: (.+), given: .+$|^got .+, want (.+)$/, 'must be $'],
  [/^.* must be one of the following: (.+)$|^value must be one of (.+)$/, 'must be one of $'],
  [/^Must be greater than or equal to (\S+)$|^minimum: .+, want (\S+)$/, 'must be at least $'],
  [/^Must be less than or equal to (\S+)$|^maximum: .+, want (\S+)$/, 'must be at most $'],
  [/^(?:Does|'.*' does) not match pattern '(.+)'$/, 'does not match $'],
  [
    /^Array must have at least (\d+) items$|^minItems: .+, want (\d+)$/,
    'must have at least $ items',
  ],
  [/^Array must have at most (\d+) items$|^maxItems: .+, want (\d+)$/, 'must have at most $ items'],
  [
    /^String length must be greater than or equal to (\d+)$|^minLength: .+, want (\d+)$/,
    'must have at least $ characters',
  ],
  [
    /^String length must be less than or equal to (\d+)$|^maxLength: .+, want (\d+)$/,
    'must have at most $ characters',
  ],
  [/^\S+ does not match: (.+)$|^value must be (.+)$/, 'must be $'],
  [/^False always fails validation$|^false schema$/, 'is not allowed here'],
  [/^Must not (?:be present|validate the schema \(not\))$/, 'is not allowed here'],
  [/^'not' failed$|^not: .*$/, 'is not allowed here'],
]

/** Helm 3's dotted and Helm 4's JSON-pointer lines in one form, sorted and without doubles. */
export function parseSchemaViolations(message: string): SchemaViolation[] {
  return sortViolations(message.split('\n').flatMap(readLine))
}

/** The violations, each once, by path and message. */
export function sortViolations(all: readonly SchemaViolation[]): SchemaViolation[] {
  const found = new Map(all.map((one) => [`${one.path}\n${one.message}`, one]))
  return [...found.values()].sort(
    (a, b) => a.path.localeCompare(b.path) || a.message.localeCompare(b.message),
  )
}

function readLine(line: string): SchemaViolation[] {
  const pointer = /^\s*- at '([^']*)': (.*)$/.exec(line)
  if (pointer) return reword(pointer[1] ?? '', pointer[2] ?? '')
  const dotted = /^- (\S+?): (.*)$/.exec(line)
  if (dotted) return reword(asPointer(dotted[1] ?? ''), dotted[2] ?? '')
  return []
}

// Helm 3 does not say which dots belong to a key.
function asPointer(dotted: string): string {
  return dotted === '(root)' ? '' : `/${dotted.replaceAll('/', '~1').replaceAll('.', '/')}`
}

// `[integer,string]` of Helm 3 is `integer or string` of Helm 4.
function plain(detail: string): string {
  const text = detail.replaceAll(/["']/g, '')
  return text.replace(/^\[([a-z, ]+)\]$/, (_, types: string) => types.split(/, */).join(' or '))
}

function reword(pointer: string, text: string): SchemaViolation[] {
  if (/^validation failed$|^'?(allOf|anyOf|oneOf|if-then|if-else)'? failed/.test(text)) return []
  if (/^Must validate/.test(text)) return []
  const path = formatPath(parsePointer(pointer.replaceAll('.', '/')))
  const [pattern, wording] = wordings.find(([one]) => one.test(text)) ?? []
  if (!pattern || !wording) return [{ path, message: text }]
  const [, helm3, detail = helm3 ?? ''] = pattern.exec(text) ?? []
  if (wording === 'is required' || wording === unknownKey) {
    const keys = detail.split(', ').map((key) => key.replace(/^'(.*)'$/, '$1'))
    return keys.map((key) => ({ path: appendStep(path, key), message: wording }))
  }
  return [
    {
      path,
      message: wording.replace('$', () => (wording.startsWith('must') ? plain(detail) : detail)),
    },
  ]
}
