import { hookOf, nameOf } from '../objects/manifests.ts'
import { isWorkload } from '../objects/pods.ts'
import type { Hook, Manifest } from '../objects/types.ts'

// The phases in which the release's ordinary objects do not exist, or may be of another revision.
const beforeObjects = new Set(['pre-install', 'pre-upgrade', 'pre-rollback'])

// Phases whose objects, when they are kept, are there in this phase.
const earlierPhases: Readonly<Record<string, readonly string[]>> = {
  'post-install': ['pre-install'],
  'post-upgrade': ['pre-upgrade', 'pre-install', 'post-install'],
  'post-rollback': ['pre-rollback', 'pre-install', 'post-install'],
  'pre-delete': ['pre-install', 'post-install'],
  'post-delete': ['pre-install', 'post-install', 'pre-delete'],
  test: ['pre-install', 'post-install'],
}

/** Why `target` is not there when `from` needs it; undefined when it is. */
export function whyAbsent(from: Manifest, target: Manifest): string | undefined {
  const user = hookOf(from)
  const made = hookOf(target)
  if (!user) return made ? whyNotKept(target, made) : undefined
  for (const phase of user.phases) {
    const reason = made ? afterHook(phase, from, target, made) : afterObject(phase, target)
    if (reason !== undefined) return reason
  }
  return undefined
}

function whyNotKept(target: Manifest, made: Hook): string | undefined {
  const name = nameOf(target)
  if (!made.phases.includes('pre-install')) {
    return `${name} is a ${made.phases.join(', ')} hook, so it does not exist when ordinary objects are made`
  }
  if (made.deletePolicies.includes('hook-succeeded')) {
    return `${name} is a hook that Helm deletes when it succeeded, before ordinary objects are made`
  }
  return undefined
}

function afterObject(phase: string, target: Manifest): string | undefined {
  if (beforeObjects.has(phase)) return `${nameOf(target)} is made after the ${phase} hooks`
  if (phase === 'post-delete') return `${nameOf(target)} is deleted before the post-delete hooks`
  return undefined
}

function afterHook(
  phase: string,
  from: Manifest,
  target: Manifest,
  made: Hook,
): string | undefined {
  const weight = hookOf(from)?.weight ?? 0
  const name = nameOf(target)
  if (made.phases.includes(phase)) {
    // A pod must find it; any other object only names it, so the same step will do.
    if (made.weight < weight + (isWorkload(from) ? 0 : 1)) return undefined
    return `${name} has hook weight ${made.weight}, so in ${phase} it is not made before weight ${weight}`
  }
  const earlier = (earlierPhases[phase] ?? []).some((candidate) => made.phases.includes(candidate))
  if (!earlier) return `${name} is a ${made.phases.join(', ')} hook, so it is not there in ${phase}`
  if (!made.deletePolicies.includes('hook-succeeded')) return undefined
  return `${name} is a hook that Helm deletes when it succeeded, so it is not there in ${phase}`
}
