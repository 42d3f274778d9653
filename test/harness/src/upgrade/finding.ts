import { isRecord } from '../objects/manifests.ts'
import type { Manifest, Problem } from '../objects/types.ts'

/**
 * What comes of it: Kubernetes or Helm refuses the upgrade; an object goes; an object goes and another
 * one comes in its place; or something is cut for a while.
 */
export type UpgradeEffect = 'refused' | 'deleted' | 'recreated' | 'warning'

/** One reason why an upgrade is not safe. */
export interface UpgradeProblem extends Problem {
  readonly effect: UpgradeEffect
  /** The template that makes the object. */
  readonly source: string
}

/** A problem of the object that is being looked at. */
export type Finding = Pick<UpgradeProblem, 'effect' | 'rule' | 'path' | 'message'>

/** One object before and after, as Kubernetes keeps it. */
export interface Pair {
  readonly was: Manifest
  readonly now: Manifest
}

/** The value at a dotted path, in which no key has a dot. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, step) => (isRecord(node) ? node[step] : undefined), value)
}

const fixed = 'cannot be changed after creation'

/** Says that a field was changed that must not be. */
export function refusal(
  path: string,
  before: unknown,
  after: unknown,
  why: string = fixed,
): Finding {
  const message = `${why} (${show(before)} → ${show(after)})`
  return { effect: 'refused', rule: 'immutable-field', path, message }
}

/** Says the same of a secret, without its values. */
export function secretRefusal(path: string): Finding {
  return { effect: 'refused', rule: 'immutable-field', path, message: `${fixed} (not shown)` }
}

/** A value as a short text. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
