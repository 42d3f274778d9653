// What Helm does with an object that becomes a hook, was one, or is one still: tried with Helm 3.17 and 4.2 on an API
// server. An ordinary object belongs to the release and is deleted when it leaves the manifest; a hook does not.
import { hookOf, nameOf } from '../objects/manifests.ts'
import type { Hook, Manifest } from '../objects/types.ts'
import type { Finding, Pair } from './finding.ts'

/** What a change from or to a hook does, and a hook that stands in its own way. */
export function hookChanges({ was, now }: Pair): Finding[] {
  const [before, after] = [hookOf(was), hookOf(now)]
  if (!before) return after ? becomesHook(was, now, after) : []
  if (!after) return becomesOrdinary(before)
  return [...existingHook(before, after), ...otherPhase(before, after), ...lostClaim(now, after)]
}

/** What a hook leaves that is no longer in the chart. */
export function orphanedHook(was: Manifest): Finding[] {
  const hook = hookOf(was)
  if (!hook || !stays(hook)) return []
  const message = 'is left in the cluster, for Helm does not own hooks. Delete it by hand'
  return [{ effect: 'warning', rule: 'hook-orphan', message }]
}

const running = ['pre-install', 'post-install', 'pre-upgrade', 'post-upgrade']
const path = 'metadata.annotations."helm.sh/hook"'

/** Whether the object of the hook is there after its last run. */
function stays({ phases, deletePolicies }: Hook): boolean {
  return (
    phases.some((phase) => running.includes(phase)) && !deletePolicies.includes('hook-succeeded')
  )
}

function runsInUpgrade({ phases }: Hook): boolean {
  return phases.includes('pre-upgrade') || phases.includes('post-upgrade')
}

function becomesHook(was: Manifest, now: Manifest, { phases }: Hook): Finding[] {
  const rule = 'hook-change'
  if (phases.includes('post-upgrade')) {
    const message = `becomes a hook (${phases.join(', ')}): Helm deletes it and makes it anew`
    return [{ effect: 'recreated', rule, path, message }]
  }
  // The hook that ran before is what Helm then deletes as no longer part of the release.
  if (isKept(phases.includes('pre-upgrade') ? now : was)) return []
  const message = `becomes a hook (${phases.join(', ')}): Helm deletes it at the end of the upgrade`
  return [{ effect: 'deleted', rule, path, message }]
}

function becomesOrdinary(before: Hook): Finding[] {
  if (!stays(before)) return []
  const message =
    'was a hook: Helm refuses to take over what it left. Give it another name, or hook-succeeded one release before'
  return [{ effect: 'refused', rule: 'hook-change', path, message }]
}

function existingHook(before: Hook, after: Hook): Finding[] {
  if (!runsInUpgrade(after) || after.deletePolicies.includes('before-hook-creation')) return []
  if (!stays(before)) return []
  const message =
    'is there from the last run: Helm 3 cannot create it, Helm 4 does not run it again. Add before-hook-creation'
  return [
    {
      effect: 'refused',
      rule: 'hook-exists',
      path: `${path.slice(0, -1)}-delete-policy"`,
      message,
    },
  ]
}

function otherPhase(before: Hook, after: Hook): Finding[] {
  const [old, fresh] = [before.phases, after.phases].map((phases) => [...phases].sort().join(', '))
  if (old === fresh) return []
  const message = `${old} → ${fresh}: it runs at another time`
  return [{ effect: 'warning', rule: 'hook-phase', path, message }]
}

function lostClaim(now: Manifest, after: Hook): Finding[] {
  if (now.kind !== 'PersistentVolumeClaim' || !runsInUpgrade(after)) return []
  if (!after.deletePolicies.includes('before-hook-creation')) return []
  const message =
    'is deleted and made anew by every upgrade: its data is lost. Make it an ordinary object'
  return [{ effect: 'deleted', rule: 'hook-data', path, message }]
}

/** Whether Helm leaves the object where it is. */
export function isKept({ metadata }: Pick<Manifest, 'metadata'>): boolean {
  return metadata.annotations?.['helm.sh/resource-policy'] === 'keep'
}

/** Hooks of one phase that now run in another order, by the object that comes later than before. */
export function hookOrderChanges(pairs: readonly Pair[]): Map<Manifest, Finding[]> {
  const hooks = pairs.flatMap(({ was, now }) => {
    const [before, after] = [hookOf(was), hookOf(now)]
    return before && after ? [{ now, before, after }] : []
  })
  const found = new Map<Manifest, Finding[]>()
  for (const one of hooks) {
    const overtaken = hooks.filter(
      (other) =>
        other.after.phases.some((phase) => one.after.phases.includes(phase)) &&
        one.before.weight < other.before.weight &&
        one.after.weight > other.after.weight,
    )
    if (overtaken.length === 0) continue
    const names = overtaken.map((other) => nameOf(other.now)).join(', ')
    const message = `${one.before.weight} → ${one.after.weight}: runs after ${names} now, and ran before`
    const weight = `${path.slice(0, -1)}-weight"`
    found.set(one.now, [{ effect: 'warning', rule: 'hook-order', path: weight, message }])
  }
  return found
}
