import { hookOf, nameOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { diffObjects } from './diff-objects.ts'
import {
  type Change,
  type ChangeRule,
  type Finding,
  matchObjects,
  type UpgradeProblem,
} from './finding.ts'
import { hookChanges } from './hooks.ts'
import { immutableChanges } from './immutable-fields.ts'
import { removal } from './removals.ts'
import { serviceChanges } from './services.ts'
import { claimChanges, claimSwaps, volumeChanges } from './storage.ts'
import { stored } from './stored.ts'
import { portChanges, selectorChanges } from './traffic.ts'
import {
  completionChanges,
  isRestart,
  replicaChanges,
  strategyChanges,
  tolerationChanges,
} from './workloads.ts'

/** What is known about the cluster. */
export interface UpgradeOptions {
  /** The cluster's version, e.g. `1.36`; without it, what any version refuses is refused. */
  readonly kube?: string
}

/** The rules for a kind in addition to its immutable fields and the claims of its pods. */
const rules: Readonly<Record<string, readonly ChangeRule[]>> = {
  Deployment: [strategyChanges, replicaChanges],
  Job: [completionChanges],
  NetworkPolicy: [selectorChanges],
  PersistentVolume: [volumeChanges],
  PersistentVolumeClaim: [claimChanges],
  Pod: [tolerationChanges],
  PodDisruptionBudget: [selectorChanges],
  Service: [serviceChanges, selectorChanges, portChanges],
  StatefulSet: [strategyChanges, replicaChanges],
}

/** Every reason why upgrading a release from one render to the other is not safe, in the order of the objects. */
export function checkUpgrade(
  before: Render,
  after: Render,
  { kube }: UpgradeOptions = {},
): UpgradeProblem[] {
  const minor = kube === undefined ? 0 : Number(kube.split('.')[1])
  if (Number.isNaN(minor))
    throw new Error(`"${kube}" is not a version of Kubernetes. Write one such as 1.36.`)
  const upgrade = matchObjects(before, after, minor)
  return [
    ...upgrade.removed.flatMap((was) => problemsOf(was, removal(was, upgrade))),
    ...upgrade.pairs.flatMap(({ was, now }) => {
      if (hookOf(was) || hookOf(now)) return problemsOf(now, hookChanges({ was, now }, upgrade))
      const pair = { was: stored(was), now: stored(now) }
      const own = [immutableChanges, ...(rules[now.kind] ?? []), claimSwaps]
      return own.flatMap((rule) => problemsOf(now, rule(pair, upgrade)))
    }),
  ]
}

function problemsOf(object: Manifest, findings: Iterable<Finding>): UpgradeProblem[] {
  const { source } = object
  return [...findings].map((finding) => ({ ...finding, object: nameOf(object), source }))
}

/** What going from one render to the other does. */
export interface RenderDiff {
  /** `Kind/name` of objects that only the second has. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Objects that both have, with what differs. */
  readonly changed: readonly { readonly object: string; readonly changes: readonly Change[] }[]
  /** Workloads whose running pods are replaced. */
  readonly restarts: readonly string[]
  /** Changes that Kubernetes refuses. */
  readonly refused: readonly Required<Pick<UpgradeProblem, 'object' | 'path' | 'message'>>[]
}

/** Compares two renders object by object, whatever their order. */
export function diffRenders(before: Render, after: Render): RenderDiff {
  const { added, removed, pairs } = matchObjects(before, after)
  return {
    added: added.map(nameOf),
    removed: removed.map(nameOf),
    changed: pairs
      .map(({ was, now }) => ({ object: nameOf(now), changes: diffObjects(was, now) }))
      .filter(({ changes }) => changes.length > 0),
    restarts: pairs.filter(isRestart).map(({ now }) => nameOf(now)),
    refused: checkUpgrade(before, after)
      .filter(({ effect }) => effect === 'refused')
      .map(({ object, path = '', message }) => ({ object, path, message })),
  }
}
