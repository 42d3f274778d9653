import type { Token } from '../templates/tokens.ts'

/** A comment that excuses the arm in which it stands first, with all that is in the arm. */
export interface Exception {
  readonly reason: string
  readonly line: number
}

/** A comment that looks like an exception and is none. */
export interface WrongException {
  readonly line: number
  readonly message: string
}

const form = '{{- /* coverage: ignore — why no test can reach it */}}'

/** The exception of the arm that the token at `open` opens: a comment with nothing but blanks before it. */
export function exceptionAt(tokens: readonly Token[], open: number): Exception | undefined {
  const next = tokens[open + 1]
  const comment = next?.type === 'text' && next.text.trim() === '' ? tokens[open + 2] : next
  const reason = comment && reasonOf(comment)
  return comment && reason ? { reason, line: comment.line } : undefined
}

/** The comments about coverage that excuse nothing; `valid` are those that do. */
export function wrongExceptions(
  tokens: readonly Token[],
  valid: readonly Exception[],
): WrongException[] {
  const lines = new Set(valid.map(({ line }) => line))
  return tokens
    .filter((token) => isAboutCoverage(token) && !lines.has(token.line))
    .map((token) => ({ line: token.line, message: messageFor(token) }))
}

function messageFor(token: Token): string {
  if (reasonOf(token))
    return `the exception stands in no arm. Write it directly behind the action that opens one.`
  return `an exception needs a reason. Write ${form}.`
}

function isAboutCoverage({ type, body }: Token): boolean {
  return type === 'comment' && /^\/\*\s*coverage:/.test(body)
}

function reasonOf({ type, body }: Token): string | undefined {
  if (type !== 'comment') return undefined
  const [, reason] = /^\/\*\s*coverage:\s*ignore\s*[—–:-]+\s*(.*?)\s*\*\/$/s.exec(body) ?? []
  return reason ? reason.replace(/\s+/g, ' ') : undefined
}
