// What an action of a template says, as far as marks must know it: where the text of an `include` is
// only laid out, it may carry marks; where a function reads it, it may not.

/** What the name of a template gets when it is the twin that writes marks. */
export const twinSuffix = '#marked'

/** The templates that have a twin. `isComplete`: all have, so names made at run time have, too. */
export interface Twins {
  readonly names: ReadonlySet<string>
  readonly isComplete: boolean
}

const pieces = /"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|[()|]|\s+|[^\s()|"'`]+/g

// Strings and parentheses stay whole.
function cut(text: string, separator: RegExp): string[] {
  const parts = ['']
  let depth = 0
  for (const [piece] of text.matchAll(pieces)) {
    if (piece === '(') depth++
    if (piece === ')') depth--
    if (depth === 0 && separator.test(piece)) parts.push('')
    else parts.push(parts.pop() + piece)
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

const commandsOf = (pipeline: string): string[] => cut(pipeline, /^\|$/)
const wordsOf = (command: string): string[] => cut(command, /^\s/)

// Functions that change nothing but the blanks around lines.
const layout = /^(?:trim|n?indent\s+\S+|trim(?:Suffix|Prefix)\s+"(?:\\n)+")$/

/** Whether the action gives a variable a value. */
export function isAssignment(body: string): boolean {
  return /^\$\w*(?:\s*,\s*\$\w+)?\s*:?=/.test(body)
}

/** The pipeline with the marked twin of what it includes; undefined when it includes nothing to mark. */
export function includeMarked(pipeline: string, twins: Twins): string | undefined {
  return rewrite(pipeline, (command) => {
    const [call, name, context, ...more] = wordsOf(command)
    if (call !== 'include' || name === undefined || context === undefined || more.length > 0) return
    const twin = twinOf(name, twins)
    return twin === undefined ? undefined : `include ${twin} ${context}`
  })
}

/** Whether the pipeline only lays out the dot. */
export function showsDot(pipeline: string): boolean {
  return rewrite(pipeline, (command) => (command === '.' ? '.' : undefined)) !== undefined
}

/** Rewrites the command at the core of a pipeline of which all the rest is layout. */
function rewrite(
  pipeline: string,
  core: (command: string) => string | undefined,
): string | undefined {
  const [first = '', ...rest] = commandsOf(pipeline)
  if (!rest.every((command) => layout.test(command))) return undefined
  const changed = core(first) ?? rewriteLast(first, core)
  return changed === undefined ? undefined : [changed, ...rest].join(' | ')
}

// `nindent 2 (include "x" .)`, `trim .`
function rewriteLast(
  command: string,
  core: (command: string) => string | undefined,
): string | undefined {
  const words = wordsOf(command)
  const last = words.pop() ?? ''
  const outer = words.join(' ')
  if (outer !== '' && !layout.test(outer)) return undefined
  const inner = /^\((.*)\)$/s.exec(last)?.[1]
  const changed = inner === undefined ? outer && core(last) : bracketed(rewrite(inner, core))
  return changed ? `${outer} ${changed}`.trim() : undefined
}

function bracketed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `(${text})`
}

function twinOf(name: string, { names, isComplete }: Twins): string | undefined {
  const literal = unquote(name)
  if (literal !== undefined) {
    return names.has(literal) ? JSON.stringify(literal + twinSuffix) : undefined
  }
  return isComplete ? `(printf "%s${twinSuffix}" ${name})` : undefined
}

/** The text of a Go string literal without escapes; undefined for anything else. */
export function unquote(word: string): string | undefined {
  return /^(?:"([^"\\]*)"|`([^`]*)`)$/
    .exec(word)
    ?.slice(1)
    .find((text) => text !== undefined)
}
