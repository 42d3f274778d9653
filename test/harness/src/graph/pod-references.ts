import type { Container, PodSpec, Volume } from 'kubernetes-types/core/v1.d.ts'
import type { PodView } from '../objects/types.ts'
import type { Reference } from './reference.ts'

type Found = Pick<Reference, 'path' | 'kind' | 'optional'> & {
  readonly name: string | undefined
  readonly key?: string | undefined
}

/** Everything that must exist before the pod can run. */
export function podReferences(pod: PodView, namespace: string): Reference[] {
  const { spec, path } = pod
  const containers = (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((container, index) =>
      containerReferences(container, `${path}.${list}[${index}]`),
    ),
  )
  const volumes = (spec.volumes ?? []).flatMap((volume, index) =>
    volumeReferences(volume, `${path}.volumes[${index}]`),
  )
  return [...containers, ...volumes, ...accountReferences(spec, path)].flatMap(
    ({ name, key, ...rest }) =>
      // A name may be left empty: then there is nothing to look for.
      typeof name !== 'string'
        ? []
        : [{ from: pod.owner, namespace, name, ...rest, ...(key === undefined ? {} : { key }) }],
  )
}

function accountReferences(spec: PodSpec, path: string): Found[] {
  const secrets = (spec.imagePullSecrets ?? []).map(({ name }, index) => ({
    path: `${path}.imagePullSecrets[${index}]`,
    kind: 'Secret',
    name,
    optional: false,
  }))
  const account = spec.serviceAccountName
  return [
    ...secrets,
    { path: `${path}.serviceAccountName`, kind: 'ServiceAccount', name: account, optional: false },
  ]
}

function containerReferences(container: Container, path: string): Found[] {
  const env = (container.env ?? []).flatMap(({ valueFrom }, index) => {
    const at = `${path}.env[${index}].valueFrom`
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {}
    return [
      ...(configMapKeyRef ? [{ path: at, kind: 'ConfigMap', ...keyOf(configMapKeyRef) }] : []),
      ...(secretKeyRef ? [{ path: at, kind: 'Secret', ...keyOf(secretKeyRef) }] : []),
    ]
  })
  const envFrom = (container.envFrom ?? []).flatMap(({ configMapRef, secretRef }, index) => {
    const at = `${path}.envFrom[${index}]`
    return [
      ...(configMapRef ? [{ path: at, kind: 'ConfigMap', ...keyOf(configMapRef) }] : []),
      ...(secretRef ? [{ path: at, kind: 'Secret', ...keyOf(secretRef) }] : []),
    ]
  })
  return [...env, ...envFrom]
}

interface KeyReference {
  readonly name?: string
  readonly key?: string
  readonly optional?: boolean
}

function keyOf({ name, key, optional }: KeyReference): Omit<Found, 'path' | 'kind'> {
  return { name, key, optional: optional ?? false }
}

function volumeReferences(volume: Volume, path: string): Found[] {
  const { configMap, secret, persistentVolumeClaim: claim, projected, csi } = volume
  return [
    ...(configMap ? withItems('ConfigMap', `${path}.configMap`, configMap.name, configMap) : []),
    ...(secret ? withItems('Secret', `${path}.secret`, secret.secretName, secret) : []),
    ...(claim
      ? [
          {
            path: `${path}.persistentVolumeClaim`,
            kind: 'PersistentVolumeClaim',
            name: claim.claimName,
            optional: false,
          },
        ]
      : []),
    ...(csi?.nodePublishSecretRef
      ? [{ path: `${path}.csi`, kind: 'Secret', ...keyOf(csi.nodePublishSecretRef) }]
      : []),
    ...(projected?.sources ?? []).flatMap((source, index) => {
      const at = `${path}.projected.sources[${index}]`
      return [
        ...(source.configMap
          ? withItems('ConfigMap', at, source.configMap.name, source.configMap)
          : []),
        ...(source.secret ? withItems('Secret', at, source.secret.name, source.secret) : []),
      ]
    }),
  ]
}

interface Items {
  readonly items?: readonly { readonly key: string }[]
  readonly optional?: boolean
}

function withItems(kind: string, path: string, name: string | undefined, source: Items): Found[] {
  const optional = source.optional ?? false
  const keys = (source.items ?? []).map(({ key }, index) => ({
    path: `${path}.items[${index}]`,
    kind,
    name,
    key,
    optional,
  }))
  return keys.length > 0 ? keys : [{ path, kind, name, optional }]
}
