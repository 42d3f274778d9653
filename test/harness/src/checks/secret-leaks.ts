import { nameOf } from '../objects/manifests.ts'
import { formatPath, valuesIn } from '../objects/paths.ts'
import type { Manifest, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

const rule = 'secret-leak'

/** A recognisable value that no other value contains. */
export function canary(name: string): string {
  return `canary-${name}-${Buffer.from(name).toString('hex').slice(0, 12)}-4f2a/+&`
}

/**
 * Every canary is found in the `data` or `stringData` of a Secret, and nowhere else: plain, in base64
 * (at any offset), URL-encoded or in quotes.
 */
export function checkSecretLeaks(render: Render, canaries: readonly string[]): Problem[] {
  return canaries.flatMap((secret) => {
    const patterns = disguises(secret)
    const inSecrets = render.objects.some(
      ({ kind, data, stringData }) =>
        kind === 'Secret' && findIn({ data, stringData }, patterns) !== undefined,
    )
    const lost = inSecrets
      ? []
      : [{ rule, object: 'Secret/*', message: `no Secret holds ${secret}, so nothing was proved.` }]
    return [...lost, ...render.objects.flatMap((object) => leaks(object, patterns))]
  })
}

/** Whether the text (notes, an error) gives the secret away. */
export function containsSecret(text: string, secret: string): boolean {
  return disguises(secret).some((pattern) => text.includes(pattern))
}

function leaks(object: Manifest, patterns: readonly string[]): Problem[] {
  const { data: _data, stringData: _stringData, ...rest } = object
  const path = findIn(object.kind === 'Secret' ? rest : object, patterns)
  const message = 'holds a secret value. Put it into a Secret.'
  return path === undefined ? [] : [{ rule, object: nameOf(object), path, message }]
}

// The path of the first string (or key) that contains one of the patterns.
function findIn(value: unknown, patterns: readonly string[]): string | undefined {
  const contains = (text: unknown): boolean =>
    typeof text === 'string' && patterns.some((pattern) => text.includes(pattern))
  const found = valuesIn(value).find(({ path, value }) => contains(path.at(-1)) || contains(value))
  return found && formatPath(found.path)
}

function disguises(secret: string): string[] {
  const quoted = JSON.stringify(secret).slice(1, -1)
  const encoded = encodeURIComponent(secret)
  const plain = [...new Set([secret, quoted, encoded, encoded.toLowerCase()])]
  return [...plain, ...base64Cores(secret), ...base64Cores(encoded)]
}

// Base64 of the secret inside a longer text: three alignments, without the characters that depend on
// the neighbours.
function base64Cores(secret: string): string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.from(' '.repeat(offset) + secret)
      .toString('base64')
      .replace(/=+$/, '')
    const start = offset === 0 ? 0 : offset + 1
    const bits = (offset + Buffer.byteLength(secret)) * 8
    return text.slice(start, Math.floor(bits / 6))
  })
}
