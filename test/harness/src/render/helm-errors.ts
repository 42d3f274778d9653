import { parseSchemaViolations, type SchemaViolation } from '../checks/schema-violations.ts'

/** What kind of mistake made Helm give up. */
export type FailureKind = 'fail' | 'template' | 'schema' | 'yaml' | 'usage'

/** A failed render, the same for Helm 3 and Helm 4. */
export interface HelmFailure {
  /** Helm's text without its decoration. */
  readonly message: string
  readonly kind: FailureKind
  /** What went wrong at the innermost place, without where. */
  readonly cause: string
  /** The cause's lines, without blanks around them; for `fail` one per collected message. */
  readonly lines: readonly string[]
  /** The innermost template, e.g. `demo/templates/web/service.yaml`. */
  readonly template?: string
  readonly line?: number
  readonly column?: number
  /** For `schema`: each violation in one form, sorted by path. */
  readonly violations?: readonly SchemaViolation[]
  /** The command that fails like this. */
  readonly command: string
}

/** Thrown when a render that should work fails. */
export class HelmError extends Error {
  override readonly name = 'HelmError'
  declare readonly failure: HelmFailure

  /** @param more details for people; `command` replaces the failure's, for example to mask secrets. */
  constructor(failure: HelmFailure, { command = failure.command, details = '' } = {}) {
    super(`${describeFailure(failure)}\n  ${command}${details}`)
    // Not enumerable: vitest would print it all again.
    Object.defineProperty(this, 'failure', { value: failure })
  }
}

/** The failure in a few lines for a person. */
export function describeFailure(failure: HelmFailure): string {
  const { template, line, column } = failure
  const position = [template, line, column].filter((part) => part !== undefined).join(':')
  return position === '' ? failure.cause : `${position}: ${failure.cause}`
}

const hint = /\n*Use --debug flag to render out invalid YAML\s*$/
const frame = /(?:^|template: |\n)([^\s:"]+):(\d+):(\d+)(?::|\n)/g

/** Reads what Helm 3 or Helm 4 wrote to standard error. */
export function parseHelmError(stderr: string, command: string): HelmFailure {
  const start = stderr.lastIndexOf('\nError: ') + 1
  const message = stderr
    .slice(stderr.startsWith('Error: ') ? 0 : start)
    .replace(/^Error: /, '')
    .replace(hint, '')
    .trim()
  const classified = classify(message)
  const lines = classified.cause.split('\n').map((line) => line.trim())
  return { message, command, ...classified, lines: lines.filter((line) => line !== '') }
}

type Classified = Omit<HelmFailure, 'message' | 'command' | 'lines'>

function classify(message: string): Classified {
  return (
    schemaError(message) ??
    failCall(message) ??
    parseError(message) ??
    yamlError(message) ??
    templateError(message) ?? { kind: 'usage', cause: message }
  )
}

function schemaError(message: string): Classified | undefined {
  if (!message.startsWith("values don't meet the specifications of the schema")) return undefined
  const violations = parseSchemaViolations(message)
  const lines = violations.map(({ path, message: text }) => `${path || '(root)'}: ${text}`)
  return { kind: 'schema', cause: lines.join('\n'), violations }
}

function failCall(message: string): Classified | undefined {
  const match = /execution error at \((.+?):(\d+):(\d+)\): ([\s\S]*)$/.exec(message)
  if (!match) return undefined
  const [, template = '', line, column, cause = ''] = match
  const place = { template, line: Number(line), column: Number(column) }
  return { kind: 'fail', cause: cause.trim(), ...place }
}

function parseError(message: string): Classified | undefined {
  const match = /^parse error at \((.+?):(\d+)\): ([\s\S]*)$/.exec(message)
  if (!match) return undefined
  const [, template = '', line, cause = ''] = match
  return { kind: 'template', cause, template, line: Number(line) }
}

function yamlError(message: string): Classified | undefined {
  const rendered =
    /^YAML parse error on (.+?): (?:error converting YAML to JSON: )?(?:yaml: )?((?:line (\d+):)?[\s\S]*)$/.exec(
      message,
    )
  if (rendered) {
    const [, template = '', cause = '', line] = rendered
    return { kind: 'yaml', cause, template, ...(line ? { line: Number(line) } : {}) }
  }
  if (!/^failed to parse .+error converting YAML to JSON/s.test(message)) return undefined
  return { kind: 'yaml', cause: message }
}

function templateError(message: string): Classified | undefined {
  const frames = [...message.matchAll(frame)]
  const last = frames.findLast(([, name]) => name !== 'gotpl')
  const end = frames.at(-1)
  if (!last || !end) return undefined
  const [, template = '', line, column] = last
  const cause = collapseTpl(message.slice(end.index + end[0].length))
  return { kind: 'template', cause, template, line: Number(line), column: Number(column) }
}

// ` executing "x" at <expr>: error calling include: cause` on one line (Helm 3) or on several (Helm 4)
function collapseTpl(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^\s*executing "[^"]*" at <[\s\S]*?>:\s+/, '')
    .replace(/^(error calling \w+:\s+)+/, '')
    .replace(/^template: (?=no template)/, '')
    .trim()
}
