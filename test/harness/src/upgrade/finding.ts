import { valueAt } from '../objects/paths.ts'
import type { Manifest, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

/**
 * What happens: Kubernetes or Helm refuses the upgrade; an object is deleted; an object is deleted and
 * another takes its place; or something is cut off or left behind.
 */
export type UpgradeEffect = 'refused' | 'deleted' | 'recreated' | 'warning'

/** One reason why an upgrade is not safe. */
export interface UpgradeProblem extends Problem {
  readonly effect: UpgradeEffect
  /** The template that renders the object. */
  readonly source: string
}

/** A problem of the object that is being looked at. */
export type Finding = Pick<UpgradeProblem, 'effect' | 'rule' | 'path' | 'message'>

/** One object before and after. */
export interface Pair {
  readonly was: Manifest
  readonly now: Manifest
}

/** Two renders of one release, object by object. */
export interface Upgrade {
  readonly before: Render
  readonly after: Render
  readonly added: readonly Manifest[]
  readonly removed: readonly Manifest[]
  readonly pairs: readonly Pair[]
  /** The cluster's minor version; 0 when it is not known. */
  readonly minor: number
}

/** Judges an object that both renders have; the pair is as Kubernetes stores it. */
export type ChangeRule = (pair: Pair, upgrade: Upgrade) => Iterable<Finding>

/** The value at a dotted path whose keys have no dots. */
export function at(value: unknown, path: string): unknown {
  return valueAt(value, path.split('.'))
}

/** The values at a dotted path before and after. */
export function both({ was, now }: Pair, path: string): [before: unknown, after: unknown] {
  return [at(was, path), at(now, path)]
}

/** The list, or an empty one for anything else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Something is cut off or left behind. */
export function warning(rule: string, path: string, message: string): Finding {
  return { effect: 'warning', rule, path, message }
}

/** A field was changed that Kubernetes does not let change. */
export function refusal(
  path: string,
  before: unknown,
  after: unknown,
  why = 'cannot be changed after creation',
): Finding {
  const message = `${why} (${show(before)} → ${show(after)})`
  return { effect: 'refused', rule: 'immutable-field', path, message }
}

/** A value as a short text. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
