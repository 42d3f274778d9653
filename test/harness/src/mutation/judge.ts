import { loadManifests } from '../objects/manifests.ts'
import type { BatchResult } from '../render/bulk/run-batch.ts'
import { parseHelmError } from '../render/helm-errors.ts'

/**
 * Whether a job's result says the same as without the mutant: the same message, or the same objects and
 * notes. Other blanks and another order of keys make no difference, nor do texts in objects that match `ignore`.
 */
export function isSame(
  before: BatchResult | undefined,
  after: BatchResult,
  ignore?: RegExp,
): boolean {
  if (!before || before.code !== after.code) return false
  if (after.code !== 0) return messageOf(before) === messageOf(after)
  if (!haveSameNotes(before, after)) return false
  return before.stdout === after.stdout || haveSameObjects(before, after, ignore)
}

// A plain render has no notes.
function haveSameNotes(before: BatchResult, after: BatchResult): boolean {
  return after.notes === undefined || before.notes === after.notes
}

// Where it is known what each template gave, the few that gave another text are read.
function haveSameObjects(before: BatchResult, after: BatchResult, ignore?: RegExp): boolean {
  const same = (one = '', other = ''): boolean =>
    one === other || objectsOf(one, ignore) === objectsOf(other, ignore)
  if (!before.files || !after.files) return same(before.stdout, after.stdout)
  const names = [...new Set([...before.files.keys(), ...after.files.keys()])]
  return names
    .filter((name) => !name.endsWith('NOTES.txt'))
    .every((name) => same(before.files?.get(name), after.files?.get(name)))
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
