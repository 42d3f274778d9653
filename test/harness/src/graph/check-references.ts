import { nearest } from '../objects/kinds.ts'
import { nameOf, namespaceOf } from '../objects/manifests.ts'
import type { Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { checkClaims } from './claims.ts'
import { whyAbsent } from './hook-order.ts'
import { checkMounts } from './mounts.ts'
import { checkPorts } from './ports.ts'
import {
  collectReferences,
  type Externals,
  findExternal,
  keysOf,
  type Reference,
} from './references.ts'
import { checkSelectors } from './selectors.ts'

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
    ...checkClaims(render, external),
  ]
}

const builtIn: ReadonlySet<string> = new Set([
  ...['ClusterRole/admin', 'ClusterRole/cluster-admin', 'ClusterRole/edit', 'ClusterRole/view'],
  ...['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default'],
])

/** Every reference leads to an object (and key) that exists when it is needed. */
function* checkExistence(render: Render, externals: Externals): Iterable<Problem> {
  const keyOf = (kind: string, namespace: string | undefined, name: string): string =>
    [kind, namespace, name].join('/')
  const index = new Map(
    render.objects.map((object) => {
      const namespace = namespaceOf(object, render.namespace)
      return [keyOf(object.kind, namespace, object.metadata.name), object]
    }),
  )
  for (const reference of collectReferences(render)) {
    const { from, path, kind, name, namespace, optional } = reference
    const at = { object: nameOf(from), path }
    const target = index.get(keyOf(kind, namespace, name))
    const late = target && !optional && whyAbsent(from, target)
    if (late) yield { rule: 'hook-order', ...at, message: `${late}.` }
    const found = target ? { keys: keysOf(target) } : findExternal(externals, kind, name)
    const lacking = found && missingKey(reference, found.keys)
    if (lacking) yield { rule: 'reference-key', ...at, message: lacking }
    const missing = found ? undefined : missingObject(render, reference)
    if (missing) yield { rule: 'reference-exists', ...at, message: missing }
  }
}

function missingObject(
  { objects }: Render,
  { kind, name, optional }: Reference,
): string | undefined {
  if (optional || builtIn.has(`${kind}/${name}`) || name.startsWith('system:')) return undefined
  const rendered = objects.filter((object) => object.kind === kind)
  const names = rendered.map(({ metadata }) => metadata.name)
  const near = nearest(name, names).join(', ') || 'none'
  return `${kind}/${name} does not exist. Render it or declare it external; rendered: ${near}.`
}

function missingKey(
  { kind, name, key, optional }: Reference,
  keys: readonly string[] | undefined,
): string | undefined {
  if (key === undefined || optional || keys === undefined || keys.includes(key)) return undefined
  const known = [...keys].sort().join(', ') || 'none'
  return `${kind}/${name} has no key ${key}. Its keys: ${known}.`
}
