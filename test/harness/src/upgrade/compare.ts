import { nameOf } from '../objects/manifests.ts'
import type { Render } from '../render/render.ts'
import { checkUpgrade, matchObjects } from './check-upgrade.ts'
import { type Change, diffValues } from './value-diff.ts'
import { isRestart } from './workload-changes.ts'

/** One object that both renders have, with what differs. */
export interface ChangedObject {
  readonly object: string
  readonly changes: readonly Change[]
}

/** What going from one render to the other does. */
export interface RenderDiff {
  /** `Kind/name` of objects that only the second has. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly ChangedObject[]
  /** Workloads whose running pods are replaced. */
  readonly restarts: readonly string[]
  /** Changes that Kubernetes refuses. */
  readonly refused: readonly RefusedChange[]
}

/** A change to a field that cannot be changed. */
export interface RefusedChange {
  readonly object: string
  readonly path: string
  readonly message: string
}

/** Compares two renders object by object, whatever their order. */
export function diffRenders(before: Render, after: Render): RenderDiff {
  const { added, removed, pairs } = matchObjects(before, after)
  const changed = pairs
    .map(({ was, now }) => ({ was, now, changes: diffValues(was, now) }))
    .filter(({ changes }) => changes.length > 0)
  return {
    added: added.map(nameOf),
    removed: removed.map(nameOf),
    changed: changed.map(({ now, changes }) => ({ object: nameOf(now), changes })),
    restarts: changed.filter(({ was, now }) => isRestart(was, now)).map(({ now }) => nameOf(now)),
    refused: checkUpgrade(before, after)
      .filter(({ effect }) => effect === 'refused')
      .map(({ object, path = '', message }) => ({ object, path, message })),
  }
}
