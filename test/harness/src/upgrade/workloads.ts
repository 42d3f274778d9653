// The rules about pods and what runs them that go beyond fields which may not change.
import { hookOf, isRecord, nameOf } from '../objects/manifests.ts'
import { podOf } from '../objects/pods.ts'
import type { Manifest } from '../objects/types.ts'
import {
  asList,
  at,
  both,
  diffValues,
  type Finding,
  type Pair,
  refusal,
  refused,
  type Upgrade,
  warning,
} from './finding.ts'
import { stored } from './stored.ts'

const restarting: ReadonlySet<string> = new Set(['DaemonSet', 'Deployment', 'StatefulSet'])

/** Whether the change replaces running pods. */
export function isRestart({ was, now }: Pair): boolean {
  if (!restarting.has(now.kind) || hookOf(now)) return false
  // A paused Deployment waits, and so does a set until somebody deletes its pods.
  if (at(now, 'spec.paused') === true || at(now, 'spec.updateStrategy.type') === 'OnDelete')
    return false
  const [before, after] = [podOf(stored(was)), podOf(stored(now))]
  return diffValues([before?.spec, before?.metadata], [after?.spec, after?.metadata]).length > 0
}

const rolling = 'RollingUpdate'

/**
 * The `rollingUpdate` that Kubernetes filled in stays when only the type is changed, and is refused with the new
 * type. Helm 3 removes it from Deployments; server-side apply, which Helm 4 uses, does not.
 */
export function* strategyChanges(pair: Pair): Iterable<Finding> {
  const { kind } = pair.now
  const path = kind === 'Deployment' ? 'spec.strategy' : 'spec.updateStrategy'
  const [before, after] = both(pair, `${path}.type`).map((type) => type ?? rolling)
  if (before !== rolling || after === rolling) return
  if (at(pair.was, `${path}.rollingUpdate`) !== undefined) return
  const helm = kind === 'Deployment' ? 'Helm 4' : 'Kubernetes'
  const message = `${helm} refuses ${after} with the rollingUpdate that Kubernetes filled in. Write rollingUpdate and ${rolling} in the release before`
  yield refused('strategy-type', `${path}.type`, message)
}

/** The number of a Job's completions may change only if it is indexed, and together with parallelism. */
export function* completionChanges(pair: Pair): Iterable<Finding> {
  const path = 'spec.completions'
  const written = both(pair, path)
  if (written.every((number) => number === undefined)) return
  // Without either number there is one pod; with parallelism only, the pods share a queue.
  const [preset, presetNow] = both(pair, 'spec.parallelism').map((number) =>
    number === undefined ? 1 : undefined,
  )
  const [before, after] = [written[0] ?? preset, written[1] ?? presetNow]
  if (before === after) return
  if (at(pair.was, 'spec.completionMode') !== 'Indexed') yield refusal(path, before, after)
  else if (after !== (at(pair.now, 'spec.parallelism') ?? 1))
    yield refusal(path, before, after, 'can only be changed together with parallelism')
}

/** A bare Pod may be given tolerations, and keeps those that it has. */
export function* tolerationChanges(pair: Pair): Iterable<Finding> {
  const path = 'spec.tolerations'
  const [before, after] = both(pair, path)
  const isKept = asList(before).every((toleration) =>
    asList(after).some((other) => diffValues(toleration, other).length === 0),
  )
  if (!isKept) yield refusal(path, before, after, 'can only be added to')
}

/** What happens to the number of pods. */
export function* replicaChanges(pair: Pair, { before }: Upgrade): Iterable<Finding> {
  const path = 'spec.replicas'
  const [old, fresh] = both(pair, path)
  if (typeof old === 'number' && old > 1 && fresh === undefined) {
    const message = `${old} → absent: Kubernetes makes it 1 until an autoscaler acts`
    yield warning('replicas-dropped', path, message)
  }
  const scaler = before.objects.find((object) => scales(object, pair.now))
  if (old !== undefined || fresh === undefined || !scaler) return
  const message = `absent → ${fresh}: Helm 4 refuses to take the number from ${nameOf(scaler)}, which set it. Upgrade with --force-conflicts`
  yield refused('replicas-owned', path, message)
}

function scales(object: Manifest, target: Manifest): boolean {
  if (object.kind !== 'HorizontalPodAutoscaler' && object.kind !== 'ScaledObject') return false
  const ref = at(object, 'spec.scaleTargetRef')
  if (!isRecord(ref) || ref.name !== target.metadata.name) return false
  return (ref.kind ?? 'Deployment') === target.kind
}
