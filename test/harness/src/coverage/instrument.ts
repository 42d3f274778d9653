import { tokenize } from '../templates/tokens.ts'
import type { Arm } from './arms.ts'

/**
 * The source with a call in every arm that tells when it is executed: `{{ <call(arm)> }}`, a string
 * expression or a function that returns "". No byte of the output changes.
 */
export function instrument(
  source: string,
  arms: readonly Arm[],
  call: (arm: Arm) => string,
): string {
  const parts: string[] = []
  let position = 0
  for (const arm of arms) {
    parts.push(source.slice(position, arm.start), insertion(arm, call(arm)))
    position = arm.start
  }
  return parts.join('') + source.slice(position)
}

function insertion({ kind, trimLeft, trimRight }: Arm, call: string): string {
  const otherwise = kind === 'implicit else' ? `{{${trimLeft ? '-' : ''} else }}` : ''
  return `${otherwise}{{ ${call} ${trimRight ? '-' : ''}}}`
}

const quotedOrHas =
  /"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|(\$\w+|[$\w.]*\.APIVersions)\.Has(?!\w)/g

/** The source with `.Capabilities.APIVersions.Has` asked of a dict: Helm's own set cannot be changed. */
export function askApisOfDict(source: string): string {
  return tokenize(source)
    .map(({ type, text }) => (type === 'action' ? text.replace(quotedOrHas, asHasKey) : text))
    .join('')
}

function asHasKey(text: string, path?: string): string {
  return path ? `hasKey ${path}` : text
}
