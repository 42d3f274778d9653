import { namespaceOf } from '../objects/manifests.ts'
import { podsOf } from '../objects/pods.ts'
import type { Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { checkClaims } from './claims.ts'
import { checkExistence } from './existence.ts'
import { checkMonitors } from './monitors.ts'
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
  return [...pods, ...objects, ...permissions(render, objects)]
}

// A pod that uses a ServiceAccount needs the bindings that give it its permissions.
function permissions(render: Render, references: readonly Reference[]): Reference[] {
  const bindings = references.filter(
    ({ kind, path }) => kind === 'ServiceAccount' && path.startsWith('subjects'),
  )
  return podsOf(render.objects).flatMap((pod) => {
    const namespace = namespaceOf(pod.owner, render.namespace)
    const own = bindings.filter(
      (binding) => binding.name === pod.spec.serviceAccountName && binding.namespace === namespace,
    )
    return own.map(({ from: binding }) => ({
      from: pod.owner,
      path: `${pod.path}.serviceAccountName`,
      kind: binding.kind,
      name: binding.metadata.name,
      namespace: namespaceOf(binding, render.namespace),
      optional: false,
    }))
  })
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
    ...checkMonitors(render),
    ...checkClaims(render, external),
  ]
}
