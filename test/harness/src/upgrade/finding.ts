import { identity } from '../objects/manifests.ts'
import { appendStep, valueAt } from '../objects/paths.ts'
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

/** Kubernetes or Helm refuses the upgrade. */
export function refused(rule: string, path: string, message: string): Finding {
  return { effect: 'refused', rule, path, message }
}

/** A field was changed that Kubernetes does not let change. */
export function refusal(
  path: string,
  before: unknown,
  after: unknown,
  why = 'cannot be changed after creation',
): Finding {
  return refused('immutable-field', path, `${why} (${show(before)} → ${show(after)})`)
}

/** A value as a short text. */
export function show(value: unknown, longest = 60): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > longest ? `${text.slice(0, longest - 3)}…` : text
}

/** One place where two values differ; absent values are undefined. */
export interface Change {
  /** E.g. `spec.template.spec.containers[0].image`; empty for the value itself. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** Every place where the two values differ, in depth; the paths begin with `path`. */
export function diffValues(before: unknown, after: unknown, path = ''): Change[] {
  if (Object.is(before, after)) return []
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }]
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) =>
    diffValues(before[key], after[key], appendStep(path, Array.isArray(after) ? Number(key) : key)),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Finds each object again: the same group, kind, namespace and name. */
export function matchObjects(before: Render, after: Render, minor = 0): Upgrade {
  const [old, fresh] = [indexOf(before), indexOf(after)]
  return {
    ...{ before, after, minor },
    added: [...fresh].filter(([key]) => !old.has(key)).map(([, object]) => object),
    removed: [...old].filter(([key]) => !fresh.has(key)).map(([, object]) => object),
    pairs: [...fresh].flatMap(([key, now]) => {
      const was = old.get(key)
      return was ? [{ was, now }] : []
    }),
  }
}

function indexOf(render: Render): Map<string, Manifest> {
  return new Map(render.objects.map((object) => [identity(object, render.namespace), object]))
}
