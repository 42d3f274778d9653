import type { BatchResult } from '../bulk/run-batch.ts'
import { parseHelmError } from '../helm-errors.ts'
import { loadManifests } from '../manifests.ts'

/** Whether a job's result is the one it has without the mutant: the same bytes, or the same message. */
export function isSame(before: BatchResult | undefined, after: BatchResult): boolean {
  if (!before || before.code !== after.code) return false
  if (after.code === 0) return before.stdout === after.stdout && haveSameNotes(before, after)
  return messageOf(before) === messageOf(after)
}

// A plain render has no notes.
function haveSameNotes(before: BatchResult, after: BatchResult): boolean {
  return after.notes === undefined || before.notes === after.notes
}

/**
 * Whether the objects and the notes are the same all the same: other blanks, another order of keys, other
 * texts that match `ignore`.
 */
export function haveSameObjects(
  before: BatchResult | undefined,
  after: BatchResult,
  ignore?: RegExp,
): boolean {
  if (before?.code !== 0 || after.code !== 0 || !haveSameNotes(before, after)) return false
  return objectsOf(before.stdout, ignore) === objectsOf(after.stdout, ignore)
}

function objectsOf(text: string, ignore?: RegExp): string {
  try {
    const objects = JSON.stringify(loadManifests(text, 'default'), sortedKeys)
    return ignore ? objects.replaceAll(ignore, '') : objects
  } catch {
    return text // not even objects: only the same text is the same
  }
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether Helm could not even execute or parse what it was given: nothing that a test must notice. */
export function isBroken(result: BatchResult): boolean {
  return result.code !== 0 && parseHelmError(result.stderr, '').kind !== 'fail'
}

function messageOf({ stderr }: BatchResult): string {
  const { kind, cause } = parseHelmError(stderr, '')
  return `${kind}: ${cause}`
}
