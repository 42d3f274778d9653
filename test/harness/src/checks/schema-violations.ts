import { appendStep, formatPath, parsePointer } from '../objects/paths.ts'

/** One value that the chart's schema refuses. */
export interface SchemaViolation {
  /** The value's path in the values, e.g. `sidekiq.workers[0].queues`; empty for the root. */
  readonly path: string
  readonly message: string
}

// Helm 3 and Helm 4 use two validators; the common mistakes are brought to one wording.
const wordings: readonly (readonly [RegExp, string])[] = [
  [/^missing propert(?:y|ies) (.+)$/, 'required'],
  [/^(.+) is required$/, 'required'],
  [/^additional propert(?:y|ies) (.+) not allowed$/, 'unknown'],
  [/^Additional property (.+) is not allowed$/, 'unknown'],
  [/^Invalid type\. Expected: (.+), given: .+$/, 'type'],
  [/^got .+, want (.+)$/, 'type'],
  [/^.* must be one of the following: (.+)$/, 'enum'],
  [/^value must be one of (.+)$/, 'enum'],
  [/^Must be greater than or equal to (\S+)$/, 'min'],
  [/^minimum: got .+, want (\S+)$/, 'min'],
  [/^Must be less than or equal to (\S+)$/, 'max'],
  [/^maximum: got .+, want (\S+)$/, 'max'],
  [/^Does not match pattern '(.+)'$/, 'pattern'],
  [/^'.*' does not match pattern '(.+)'$/, 'pattern'],
  [/^Array must have at least (\d+) items$/, 'minItems'],
  [/^minItems: got \d+, want (\d+)$/, 'minItems'],
  [/^Array must have at most (\d+) items$/, 'maxItems'],
  [/^maxItems: got \d+, want (\d+)$/, 'maxItems'],
  [/^String length must be greater than or equal to (\d+)$/, 'minLength'],
  [/^minLength: got \d+, want (\d+)$/, 'minLength'],
  [/^String length must be less than or equal to (\d+)$/, 'maxLength'],
  [/^maxLength: got \d+, want (\d+)$/, 'maxLength'],
  [/^\S+ does not match: (.+)$/, 'const'],
  [/^value must be (.+)$/, 'const'],
  [/^False always fails validation$/, 'not'],
  [/^Must not be present$|^Must not validate the schema \(not\)$/, 'not'],
  [/^'not' failed$|^not: .*$|^false schema$/, 'not'],
]

const texts: Readonly<Record<string, (detail: string) => string>> = {
  type: (detail) => `must be ${typeNames(detail)}`,
  enum: (detail) => `must be one of ${detail.replaceAll(/["']/g, '')}`,
  const: (detail) => `must be ${detail.replaceAll(/["']/g, '')}`,
  minItems: (detail) => `must have at least ${detail} items`,
  maxItems: (detail) => `must have at most ${detail} items`,
  minLength: (detail) => `must have at least ${detail} characters`,
  maxLength: (detail) => `must have at most ${detail} characters`,
  min: (detail) => `must be at least ${detail}`,
  max: (detail) => `must be at most ${detail}`,
  pattern: (detail) => `does not match ${detail}`,
  not: () => 'is not allowed here',
}

// `[integer,string]` of Helm 3, `integer or string` of Helm 4
function typeNames(list: string): string {
  return list
    .replaceAll(/[[\]]/g, '')
    .split(/,\s*| or /)
    .join(' or ')
}

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

function reword(pointer: string, text: string): SchemaViolation[] {
  if (/^validation failed$|^'?(allOf|anyOf|oneOf|if-then|if-else)'? failed/.test(text)) return []
  if (/^Must validate/.test(text)) return []
  const path = formatPath(parsePointer(pointer.replaceAll('.', '/')))
  for (const [pattern, kind] of wordings) {
    const match = pattern.exec(text)
    if (!match) continue
    const detail = match[1] ?? ''
    if (kind !== 'required' && kind !== 'unknown')
      return [{ path, message: texts[kind]?.(detail) ?? text }]
    const keys = detail.split(', ').map((key) => key.replace(/^'(.*)'$/, '$1'))
    const said = kind === 'required' ? 'is required' : 'is not a known key'
    return keys.map((key) => ({ path: appendStep(path, key), message: said }))
  }
  return [{ path, message: text }]
}
