import fc, { type Arbitrary } from 'fast-check'
import type { SchemaNode } from './schema.ts'

/** Strings that YAML reads as something else, or that end a scalar, unless they are quoted. */
export const yamlStrings: readonly string[] = [
  ...words('yes no on y true null ~ 0644 0x1F 1e3 1_000 .5 12345678 1.10 2026-01-02 12:30:45'),
  ...words('*a &a !a %a @a `a` | >- [ {{ }} " \' \\ \\n --- $(A) a,b'),
  ...[': #', 'a: b', 'a #b', '# a', '- a', '? a', '{a: b}', '{{ .Values }}', `it's "quoted"`],
  ...[' a', 'a ', 'a\nb', 'a\n', '\ta', 'é 漢字 🐘', 'x'.repeat(300)],
]

/** Strings that many patterns accept, one of each sort. */
export const plainStrings: readonly string[] = [
  ...words('changed other changed.example.com https://changed.example.com/x /changed/path'),
  ...words('10.1.2.3 10.1.2.0/24 2001:db8::7 7Mi 7 70% 7s 1.2.3 v1.2.3 someone@example.com'),
  ...['changed=7', 'a', `sha256:${'0123456789abcdef'.repeat(4)}`],
]

function words(text: string): string[] {
  return text.split(' ')
}

/** Strings for a place: those of its patterns, of its format, or any. */
export function stringArbitrary(node: SchemaNode): Arbitrary<string> {
  const patterns = node.parts.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern]))
  const known = fc.constantFrom(...plainStrings)
  if (patterns.length > 0) {
    const fitting = yamlStrings.filter((text) => patterns.every((pattern) => takes(pattern, text)))
    const tricky = fitting.length > 0 ? [fc.constantFrom(...fitting)] : []
    return fc.oneof(...patterns.map(matching), known, ...tricky)
  }
  const { minimum, maximum } = lengthsOf(node)
  const any = fc.string({ unit: 'binary', minLength: minimum, maxLength: Math.min(maximum, 12) })
  const lines = any.map((text) => text.replaceAll(unprintable, 'é'))
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...yamlStrings) },
    { weight: 3, arbitrary: known },
    { weight: 2, arbitrary: fc.string({ minLength: minimum, maxLength: Math.min(maximum, 20) }) },
    { weight: 1, arbitrary: lines },
  )
}

// JSON has them, YAML does not: no file of values can hold one.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function lengthsOf({ parts }: SchemaNode): { readonly minimum: number; readonly maximum: number } {
  return {
    minimum: Math.max(0, ...parts.map(({ minLength = 0 }) => minLength)),
    maximum: Math.min(40, ...parts.map(({ maxLength = 40 }) => maxLength)),
  }
}

function matching(pattern: string): Arbitrary<string> {
  const possible = alternatives(pattern).filter((part) => !/(?<!\\)\$./.test(part))
  try {
    return fc.stringMatching(new RegExp(possible.join('|') || pattern, 'u'))
  } catch {
    // An expression that cannot be reversed: what does not match is filtered out.
    return fc.string({ maxLength: 12 })
  }
}

function takes(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return false
  }
}

/** The alternatives of an expression that are in no group and no class. */
function alternatives(pattern: string): string[] {
  const parts = ['']
  let depth = 0
  for (const [token] of pattern.matchAll(/\\.|\[(?:\\.|[^\]])*\]|./gsu)) {
    if (token === '(') depth++
    if (token === ')') depth--
    if (token === '|' && depth === 0) parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts
}
