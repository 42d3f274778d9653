// Expectations about many lines, exact in both directions: no line without a pattern, no pattern without a line.

/** What patterns and lines do not agree on. */
export interface Mismatch<T> {
  /** Things that no pattern names. */
  readonly unexpected: readonly T[]
  /** Patterns that name nothing. */
  readonly unused: readonly string[]
}

/** Compares; a `*` in a pattern stands for any text. */
export function matchLines<T>(
  things: readonly T[],
  patterns: readonly string[],
  lineOf: (thing: T) => string,
): Mismatch<T> {
  const tests = patterns.map((pattern) => ({ pattern, test: asRegExp(pattern) }))
  return {
    unexpected: things.filter((thing) => !tests.some(({ test }) => test.test(lineOf(thing)))),
    unused: tests
      .filter(({ test }) => !things.some((thing) => test.test(lineOf(thing))))
      .map(({ pattern }) => pattern),
  }
}

/** Whether the text fits the pattern, in which `*` stands for any text. */
export function fits(text: string, pattern: string): boolean {
  return asRegExp(pattern).test(text)
}

function asRegExp(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
