import { hookOf, identity, nameOf, namespaceOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { immutableChanges, strategyChanges } from './field-changes.ts'
import type { Finding, Pair, UpgradeProblem } from './finding.ts'
import { hookChanges, hookOrderChanges } from './hook-changes.ts'
import { jobChanges } from './job-changes.ts'
import { podChanges } from './pod-changes.ts'
import { portChanges } from './port-changes.ts'
import { removal } from './removals.ts'
import { serviceChanges } from './service-changes.ts'
import { claimChanges, volumeChanges } from './storage-changes.ts'
import { stored } from './stored.ts'
import { rollOuts, selectorChanges } from './traffic.ts'
import { claimSwaps, replicaChanges } from './workload-changes.ts'

/** What is known of the cluster. */
export interface UpgradeOptions {
  /** The cluster's version, e.g. `1.36`; without it, what any version refuses is refused. */
  readonly kube?: string
}

/** Every reason why upgrading a release from one render to the other is not safe, in the order of the objects. */
export function checkUpgrade(
  before: Render,
  after: Render,
  { kube }: UpgradeOptions = {},
): UpgradeProblem[] {
  const minor = kube === undefined ? 0 : Number(kube.split('.')[1])
  if (Number.isNaN(minor)) throw new Error(`"${kube}" is no version of Kubernetes, e.g. 1.36`)
  const { added, removed, pairs } = matchObjects(before, after)
  const gone = removed.flatMap((was) =>
    removal(was, { before, after, added }).map((finding) => asProblem(was, finding)),
  )
  const judge = pairJudge(before, after, pairs, minor)
  const changed = pairs.flatMap((pair) =>
    judge(pair).map((finding) => asProblem(pair.now, finding)),
  )
  return [...gone, ...changed]
}

/** The objects of two renders of one release. */
export interface MatchedObjects {
  readonly added: readonly Manifest[]
  readonly removed: readonly Manifest[]
  readonly pairs: readonly Pair[]
}

/** Finds each object again: the same group, kind, namespace and name. */
export function matchObjects(before: Render, after: Render): MatchedObjects {
  const [old, fresh] = [indexOf(before), indexOf(after)]
  return {
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

function pairJudge(
  before: Render,
  after: Render,
  pairs: readonly Pair[],
  minor: number,
): (pair: Pair) => readonly Finding[] {
  const { namespace, objects } = after
  const classes = objects.filter(({ kind }) => kind === 'StorageClass')
  const outs = rollOuts(pairs, namespace)
  const order = hookOrderChanges(pairs)
  return ({ was, now }) => {
    if (hookOf(was) || hookOf(now)) return [...hookChanges({ was, now }), ...(order.get(now) ?? [])]
    const pair = { was: stored(was), now: stored(now) }
    const own = outs.filter((out) => out.namespace === namespaceOf(now, namespace))
    return [
      ...immutableChanges(pair, minor),
      ...strategyChanges(pair),
      ...jobChanges(pair, minor),
      ...podChanges(pair),
      ...claimChanges(pair, classes),
      ...volumeChanges(pair),
      ...serviceChanges(pair),
      ...replicaChanges(pair, before.objects),
      ...claimSwaps(pair),
      ...selectorChanges(pair, own),
      ...portChanges(pair, own),
    ]
  }
}

function asProblem(object: Manifest, finding: Finding): UpgradeProblem {
  return { ...finding, object: nameOf(object), source: object.source }
}
