// What Helm does with an object that becomes a hook, was one, or still is one: tried with Helm 3.17 and 4.2 on an API
// server. An ordinary object belongs to the release and is deleted when it leaves the manifest; a hook does not.
import { hookOf, nameOf } from '../objects/manifests.ts'
import type { Hook, Manifest } from '../objects/types.ts'
import { type Finding, type Pair, refused, type Upgrade, warning } from './finding.ts'

const running = ['pre-install', 'post-install', 'pre-upgrade', 'post-upgrade']
const annotation = (name: string): string => `metadata.annotations."helm.sh/${name}"`
const path = annotation('hook')

/** What a change from or to a hook does, and hooks that collide with their own last run. */
export function* hookChanges(pair: Pair, upgrade: Upgrade): Iterable<Finding> {
  const { was, now } = pair
  const [before, after] = [hookOf(was), hookOf(now)]
  if (before && after) {
    yield* againHook(now, before, after)
    yield* orderChange(before, after, upgrade)
  } else if (after) {
    yield* becomesHook(pair, after)
  } else if (before && stays(before)) {
    const message =
      'was a hook: Helm refuses to take over what it left. Give it another name, or set hook-succeeded in the release before'
    yield refused('hook-change', path, message)
  }
}

/** What a hook leaves that is no longer in the chart. */
export function* orphanedHook(hook: Hook): Iterable<Finding> {
  const message = 'is left in the cluster, because Helm does not own hooks. Delete it by hand'
  if (stays(hook)) yield { effect: 'warning', rule: 'hook-orphan', message }
}

/** Whether Helm leaves the object where it is. */
export function isKept({ metadata }: Pick<Manifest, 'metadata'>): boolean {
  return metadata.annotations?.['helm.sh/resource-policy'] === 'keep'
}

/** Whether the object of the hook still exists after its last run. */
function stays({ phases, deletePolicies }: Hook): boolean {
  const runs = phases.some((phase) => running.includes(phase))
  return runs && !deletePolicies.includes('hook-succeeded')
}

function* becomesHook({ was, now }: Pair, { phases }: Hook): Iterable<Finding> {
  const what = `becomes a hook (${phases.join(', ')}): Helm deletes it`
  if (phases.includes('post-upgrade')) {
    const message = `${what} and creates it again`
    yield { effect: 'recreated', rule: 'hook-change', path, message }
    // Else what ran before is what Helm then deletes as no longer part of the release.
  } else if (!isKept(phases.includes('pre-upgrade') ? now : was)) {
    const message = `${what} at the end of the upgrade`
    yield { effect: 'deleted', rule: 'hook-change', path, message }
  }
}

function* againHook(now: Manifest, before: Hook, after: Hook): Iterable<Finding> {
  const runs = after.phases.includes('pre-upgrade') || after.phases.includes('post-upgrade')
  const isDeletedFirst = after.deletePolicies.includes('before-hook-creation')
  if (runs && !isDeletedFirst && stays(before)) {
    const message =
      'still exists from the last run: Helm 3 cannot create it, Helm 4 does not run it again. Add before-hook-creation'
    yield refused('hook-exists', annotation('hook-delete-policy'), message)
  }
  const [old, fresh] = [before.phases, after.phases].map((phases) => [...phases].sort().join(', '))
  if (old !== fresh) yield warning('hook-phase', path, `${old} → ${fresh}: it runs at another time`)
  if (runs && isDeletedFirst && now.kind === 'PersistentVolumeClaim') {
    const message =
      'is deleted and created again by every upgrade: its data is lost. Make it an ordinary object'
    yield { effect: 'deleted', rule: 'hook-data', path, message }
  }
}

/** Hooks of one phase that this one ran before, and now runs after. */
function* orderChange(before: Hook, after: Hook, { pairs }: Upgrade): Iterable<Finding> {
  const overtaken = pairs.filter((other) => {
    const [old, fresh] = [hookOf(other.was), hookOf(other.now)]
    return (
      old &&
      fresh?.phases.some((phase) => after.phases.includes(phase)) &&
      before.weight < old.weight &&
      after.weight > fresh.weight
    )
  })
  if (overtaken.length === 0) return
  const names = overtaken.map((other) => nameOf(other.now)).join(', ')
  const message = `${before.weight} → ${after.weight}: now runs after ${names}, and ran before`
  yield warning('hook-order', annotation('hook-weight'), message)
}
