import { isRecord, namespaceOf } from '../objects/manifests.ts'
import type { Manifest, ObjectOf } from '../objects/types.ts'
import type { Reference } from './reference.ts'

type Found = Pick<Reference, 'path' | 'kind' | 'name'> & { readonly namespace?: string | undefined }
type Finder = (object: never, namespace: string) => Found[]

const finders: Readonly<Record<string, Finder>> = {
  ClusterRoleBinding: (object: ObjectOf<'ClusterRoleBinding'>) => bindingReferences(object),
  HorizontalPodAutoscaler: (object: ObjectOf<'HorizontalPodAutoscaler'>) =>
    targetReference('spec.scaleTargetRef', object.spec?.scaleTargetRef),
  HTTPRoute: (object: Manifest) => routeReferences(object),
  Ingress: (object: ObjectOf<'Ingress'>) => ingressReferences(object),
  RoleBinding: (object: ObjectOf<'RoleBinding'>) => bindingReferences(object),
  ScaledObject: (object: Manifest) => scaledReferences(object),
  ServiceAccount: (object: ObjectOf<'ServiceAccount'>) =>
    [...(object.imagePullSecrets ?? []), ...(object.secrets ?? [])].flatMap(({ name }) =>
      name === undefined ? [] : [{ path: 'imagePullSecrets', kind: 'Secret', name }],
    ),
  StatefulSet: (object: ObjectOf<'StatefulSet'>) =>
    object.spec?.serviceName
      ? [{ path: 'spec.serviceName', kind: 'Service', name: object.spec.serviceName }]
      : [],
}

/** What the object itself (not its pods) refers to. */
export function objectReferences(object: Manifest, releaseNamespace: string): Reference[] {
  const namespace = namespaceOf(object, releaseNamespace) ?? releaseNamespace
  const finder = finders[object.kind]
  if (!finder) return []
  return finder(object as never, namespace).map((found) => ({
    from: object,
    optional: false,
    path: found.path,
    kind: found.kind,
    name: found.name,
    namespace: found.kind === 'ClusterRole' ? undefined : (found.namespace ?? namespace),
  }))
}

function bindingReferences(
  object: ObjectOf<'RoleBinding'> | ObjectOf<'ClusterRoleBinding'>,
): Found[] {
  const accounts = (object.subjects ?? []).flatMap((subject, index) =>
    subject.kind === 'ServiceAccount'
      ? [
          {
            path: `subjects[${index}]`,
            kind: 'ServiceAccount',
            name: subject.name,
            namespace: subject.namespace,
          },
        ]
      : [],
  )
  return [{ path: 'roleRef', kind: object.roleRef.kind, name: object.roleRef.name }, ...accounts]
}

function ingressReferences({ spec }: ObjectOf<'Ingress'>): Found[] {
  const services = (spec?.rules ?? []).flatMap((rule, ruleIndex) =>
    (rule.http?.paths ?? []).map(({ backend }, index) => ({
      path: `spec.rules[${ruleIndex}].http.paths[${index}].backend`,
      name: backend.service?.name,
    })),
  )
  const all = [
    ...services,
    { path: 'spec.defaultBackend', name: spec?.defaultBackend?.service?.name },
  ]
  const secrets = (spec?.tls ?? []).map(({ secretName }, index) => ({
    path: `spec.tls[${index}].secretName`,
    name: secretName,
  }))
  return [...named('Service', all), ...named('Secret', secrets)]
}

function named(
  kind: string,
  found: readonly { path: string; name: string | undefined }[],
): Found[] {
  return found.flatMap(({ path, name }) => (name ? [{ path, kind, name }] : []))
}

function targetReference(
  path: string,
  target: { kind?: unknown; name?: unknown } | undefined,
): Found[] {
  if (typeof target?.name !== 'string') return []
  return [
    { path, kind: typeof target.kind === 'string' ? target.kind : 'Deployment', name: target.name },
  ]
}

function scaledReferences({ spec }: Manifest): Found[] {
  const target = isRecord(spec) && isRecord(spec.scaleTargetRef) ? spec.scaleTargetRef : undefined
  return targetReference('spec.scaleTargetRef', target)
}

function routeReferences({ spec }: Manifest): Found[] {
  const rules = isRecord(spec) && Array.isArray(spec.rules) ? spec.rules.filter(isRecord) : []
  return rules.flatMap((rule, ruleIndex) => {
    const backends = Array.isArray(rule.backendRefs) ? rule.backendRefs.filter(isRecord) : []
    return backends.flatMap(({ kind = 'Service', name }, index) =>
      kind === 'Service' && typeof name === 'string'
        ? [{ path: `spec.rules[${ruleIndex}].backendRefs[${index}]`, kind, name }]
        : [],
    )
  })
}
