import { namespaceOf } from '../manifests.ts'
import { podsOf } from '../pods.ts'
import type { Render } from '../render.ts'
import type { Problem } from '../types.ts'
import { checkClaims } from './claims.ts'
import { checkExistence } from './existence.ts'
import { checkMounts } from './mounts.ts'
import { objectReferences } from './object-references.ts'
import { podReferences } from './pod-references.ts'
import { checkPorts } from './ports.ts'
import type { Externals, Reference } from './reference.ts'
import { checkSelectors } from './selector-checks.ts'

/** Everything that the render's objects refer to by name. */
export function collectReferences(render: Render): Reference[] {
  const pods = podsOf(render.objects).flatMap((pod) =>
    podReferences(pod, namespaceOf(pod.owner, render.namespace) ?? render.namespace),
  )
  const objects = render.objects.flatMap((object) => objectReferences(object, render.namespace))
  return [...pods, ...objects]
}

/**
 * The render is closed: what is referred to exists (or is external) at the time it is needed, mounts and
 * volumes match, selectors select, ports exist, claims and volumes are pinned to each other.
 */
export function checkReferences(
  render: Render,
  { external = {} }: { readonly external?: Externals } = {},
): Problem[] {
  return [
    ...checkExistence(render, collectReferences(render), external),
    ...checkMounts(render),
    ...checkSelectors(render, external),
    ...checkPorts(render),
    ...checkClaims(render, external),
  ]
}
