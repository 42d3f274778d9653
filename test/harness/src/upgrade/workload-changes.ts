import type { Volume } from 'kubernetes-types/core/v1.d.ts'
import { hookOf, isRecord, nameOf } from '../objects/manifests.ts'
import { podOf } from '../objects/pods.ts'
import type { Manifest } from '../objects/types.ts'
import { at, type Finding, type Pair } from './finding.ts'
import { stored } from './stored.ts'
import { diffValues } from './value-diff.ts'

const restarting: ReadonlySet<string> = new Set(['DaemonSet', 'Deployment', 'StatefulSet'])

/** Whether the change replaces running pods. */
export function isRestart(was: Manifest, now: Manifest): boolean {
  if (!restarting.has(now.kind) || hookOf(now) || waits(now)) return false
  const [before, after] = [podOf(stored(was)), podOf(stored(now))]
  return diffValues([before?.spec, before?.metadata], [after?.spec, after?.metadata]).length > 0
}

/** A paused Deployment, and a set that waits until somebody deletes its pods. */
function waits(now: Manifest): boolean {
  return at(now, 'spec.paused') === true || at(now, 'spec.updateStrategy.type') === 'OnDelete'
}

/** What becomes of the number of pods; `before` and `after` are all objects. */
export function replicaChanges({ was, now }: Pair, before: readonly Manifest[]): Finding[] {
  const path = 'spec.replicas'
  const [old, fresh] = [at(was, path), at(now, path)]
  if (!['Deployment', 'StatefulSet'].includes(now.kind)) return []
  if (typeof old === 'number' && old > 1 && fresh === undefined) {
    const message = `${old} → absent: Kubernetes makes it 1 until an autoscaler acts`
    return [{ effect: 'warning', rule: 'replicas-dropped', path, message }]
  }
  const scaler = before.find((object) => scales(object, now))
  if (old !== undefined || fresh === undefined || !scaler) return []
  const message = `absent → ${String(fresh)}: Helm 4 refuses to take the number from ${nameOf(scaler)}, which set it. Upgrade with --force-conflicts`
  return [{ effect: 'refused', rule: 'replicas-owned', path, message }]
}

function scales(object: Manifest, target: Manifest): boolean {
  if (object.kind !== 'HorizontalPodAutoscaler' && object.kind !== 'ScaledObject') return false
  const ref = at(object, 'spec.scaleTargetRef')
  if (!isRecord(ref) || ref.name !== target.metadata.name) return false
  return (ref.kind ?? 'Deployment') === target.kind
}

/** Pods whose volume of the same name is another claim now: the data stays where it was. */
export function claimSwaps({ was, now }: Pair): Finding[] {
  const pod = podOf(now)
  if (!pod || now.kind === 'Job') return []
  const before = new Map(
    volumes(was).map(({ name, persistentVolumeClaim }) => [name, persistentVolumeClaim]),
  )
  return volumes(now).flatMap(({ name, persistentVolumeClaim }, index) => {
    const old = before.get(name)?.claimName
    const fresh = persistentVolumeClaim?.claimName
    if (old === undefined || old === fresh) return []
    const message = `${old} → ${fresh ?? 'no claim'}: the data stays in ${old}. Move it, or say that it may stay`
    const path = `${pod.path}.volumes[${index}]`
    return [{ effect: 'warning', rule: 'claim-swapped', path, message }]
  })
}

function volumes(owner: Manifest): readonly Volume[] {
  return podOf(owner)?.spec.volumes ?? []
}
