import { nearest } from '../objects/kinds.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import type { Manifest, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { whyAbsent } from './hook-order.ts'
import { type Externals, findExternal, type Reference } from './reference.ts'

const builtIn: ReadonlySet<string> = new Set([
  'ClusterRole/admin',
  'ClusterRole/cluster-admin',
  'ClusterRole/edit',
  'ClusterRole/view',
  'ConfigMap/kube-root-ca.crt',
  'ServiceAccount/default',
])

/** Every reference leads to an object (and key) that exists when it is needed. */
export function checkExistence(
  render: Render,
  references: readonly Reference[],
  externals: Externals,
): Problem[] {
  const index = new Map(render.objects.map((object) => [keyOf(object, render), object]))
  return references.flatMap((reference) => {
    const { from, path, kind, name, namespace } = reference
    const say = (rule: string, message: string | undefined): Problem[] =>
      message === undefined ? [] : [{ rule, object: nameOf(from), path, message }]
    const target = index.get([kind, namespace, name].join('/'))
    if (target) {
      const late = reference.optional ? undefined : whyAbsent(from, target)
      return [
        ...say('hook-order', late && `${late}.`),
        ...say('reference-key', missingKey(reference, keysOf(target))),
      ]
    }
    const external = findExternal(externals, kind, name)
    if (external) return say('reference-key', missingKey(reference, external.keys))
    return say('reference-exists', missing(render, reference))
  })
}

function keyOf(object: Manifest, render: Render): string {
  return [object.kind, namespaceOf(object, render.namespace), object.metadata.name].join('/')
}

function missing(render: Render, { kind, name, optional }: Reference): string | undefined {
  if (optional || builtIn.has(`${kind}/${name}`) || name.startsWith('system:')) return undefined
  const names = render.objects.filter((object) => object.kind === kind)
  const rendered = names.map((object) => object.metadata.name)
  const near = nearest(name, rendered).join(', ') || 'none'
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

/** The keys of a ConfigMap or Secret. */
export function keysOf(object: Manifest): readonly string[] {
  return [object.data, object.binaryData, object.stringData].flatMap((part) =>
    isRecord(part) ? Object.keys(part) : [],
  )
}
