import { nearest } from '../objects/kinds.ts'
import { findObject, hookOf, nameOf } from '../objects/manifests.ts'
import { isWorkload } from '../objects/pods.ts'
import type { Hook, Manifest, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { checkPorts } from './ports.ts'
import {
  collectReferences,
  type Externals,
  findExternal,
  keysOf,
  type Reference,
} from './references.ts'
import { checkSelectors } from './selectors.ts'
import { checkClaims, checkMounts } from './volumes.ts'

/**
 * The render is closed: what is referred to exists (or is external) when it is needed, mounts and
 * volumes match, selectors select, ports exist, claims and volumes are pinned to each other.
 */
export function checkReferences(
  render: Render,
  { external = {} }: { readonly external?: Externals } = {},
): Problem[] {
  return [
    ...checkExistence(render, external),
    ...checkMounts(render),
    ...checkSelectors(render, external),
    ...checkPorts(render),
    ...checkClaims(render),
  ]
}

const builtIn: ReadonlySet<string> = new Set([
  ...['ClusterRole/admin', 'ClusterRole/cluster-admin', 'ClusterRole/edit', 'ClusterRole/view'],
  ...['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default'],
])

/** Why something that is named is not there; undefined when it is. */
type Reason = string | undefined

/** Every reference leads to an object (and key) that exists when it is needed. */
function* checkExistence(render: Render, externals: Externals): Iterable<Problem> {
  for (const reference of collectReferences(render)) {
    const { from, path, kind, name, namespace, optional } = reference
    const at = { object: nameOf(from), path }
    const target = findObject(render, kind, name, namespace)
    const late = target && !optional && whyAbsent(from, target)
    if (late) yield { rule: 'hook-order', ...at, message: `${late}.` }
    const found = target ? { keys: keysOf(target) } : findExternal(externals, kind, name)
    const lacking = found && missingKey(reference, found.keys)
    if (lacking) yield { rule: 'reference-key', ...at, message: lacking }
    const missing = found ? undefined : missingObject(render, reference)
    if (missing) yield { rule: 'reference-exists', ...at, message: missing }
  }
}

function missingObject({ objects }: Render, reference: Reference): Reason {
  const { kind, name, optional } = reference
  if (optional || builtIn.has(`${kind}/${name}`) || name.startsWith('system:')) return undefined
  const rendered = objects.filter((object) => object.kind === kind)
  const names = rendered.map(({ metadata }) => metadata.name)
  const near = nearest(name, names).join(', ') || 'none'
  return `${kind}/${name} is neither rendered nor declared external. Nearest: ${near}.`
}

function missingKey(reference: Reference, keys: readonly string[] | undefined): Reason {
  const { kind, name, key, optional } = reference
  if (key === undefined || optional || keys === undefined || keys.includes(key)) return undefined
  const known = [...keys].sort().join(', ') || 'none'
  return `${kind}/${name} has no key ${key}. Its keys: ${known}.`
}

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
export function whyAbsent(from: Manifest, target: Manifest): Reason {
  const user = hookOf(from)
  const made = hookOf(target)
  if (!user) return made ? whyNotKept(target, made) : undefined
  for (const phase of user.phases) {
    const reason = made ? afterHook(phase, from, target, made) : afterObject(phase, target)
    if (reason !== undefined) return reason
  }
  return undefined
}

function whyNotKept(target: Manifest, made: Hook): Reason {
  const name = nameOf(target)
  if (!made.phases.includes('pre-install')) {
    return `${name} is a ${made.phases.join(', ')} hook, so it does not exist when ordinary objects are made`
  }
  if (made.deletePolicies.includes('hook-succeeded')) {
    return `${name} is a hook that Helm deletes when it succeeded, before ordinary objects are made`
  }
  return undefined
}

function afterObject(phase: string, target: Manifest): Reason {
  if (beforeObjects.has(phase)) return `${nameOf(target)} is made after the ${phase} hooks`
  if (phase === 'post-delete') return `${nameOf(target)} is deleted before the post-delete hooks`
  return undefined
}

function afterHook(phase: string, from: Manifest, target: Manifest, made: Hook): Reason {
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
