import { isRecord } from '../objects/manifests.ts'
import type { Path, Step } from '../objects/paths.ts'

/** Where a path such as `spec.ports[0].name` leads in a value. */
export interface Field {
  /** The keys and items on the way, as far as there are any. */
  readonly steps: Path
  /** Whether the path was walked to its end. */
  readonly isThere: boolean
  /** What is at the end of the steps. */
  readonly value: unknown
}

/**
 * Walks the path as far as it goes. A key may hold dots (`labels.app.kubernetes.io/name`): the longest
 * key that fits is taken; it may also be quoted or in brackets.
 */
export function findField(root: unknown, path: string): Field {
  let field: Field = { steps: [], isThere: path === '', value: root }
  let rest = path
  while (rest !== '') {
    const [step, length] = nextStep(field.value, rest)
    if (step === undefined) return field
    rest = rest.slice(length).replace(/^\./, '')
    const value: unknown = (field.value as Record<Step, unknown>)[step]
    field = { steps: [...field.steps, step], isThere: rest === '', value }
  }
  return field
}

type NextStep = readonly [step: Step, length: number] | readonly []

function nextStep(value: unknown, rest: string): NextStep {
  if (Array.isArray(value)) {
    const match = /^\[?(\d+)\]?/.exec(rest)
    const step = Number(match?.[1] ?? -1)
    return match && step in value ? [step, match[0].length] : []
  }
  if (!isRecord(value)) return []
  const fitting = Object.keys(value)
    .map((key) => [key, lengthOfKey(key, rest)] as const)
    .filter(([, length]) => length > 0)
  return fitting.sort(([, a], [, b]) => b - a)[0] ?? []
}

/** How much of `rest` names this key: plain, quoted, or in brackets; 0 for nothing. */
function lengthOfKey(key: string, rest: string): number {
  const quoted = JSON.stringify(key)
  const names = [`[${quoted}]`, quoted, key].filter((name) => name !== '' && rest.startsWith(name))
  const name = names.find((candidate) => /^(?:$|[.[])/.test(rest.slice(candidate.length)))
  return name?.length ?? 0
}
