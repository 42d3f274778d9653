import { isClusterScoped } from '../objects/kinds.ts'
import { isRecord, namespaceOf } from '../objects/manifests.ts'
import { type FoundValue, findAll } from '../objects/paths.ts'
import { podsOf } from '../objects/pods.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

/** An object's reference to another by name. */
export interface Reference {
  readonly from: Manifest
  /** Where the reference is. */
  readonly path: string
  readonly kind: string
  readonly name: string
  /** Undefined for kinds outside namespaces. */
  readonly namespace: string | undefined
  /** The key of a ConfigMap or Secret that must also exist. */
  readonly key?: string
  readonly optional: boolean
}

/** Places with a reference. */
interface Source {
  /** A pattern for `findAll`. */
  readonly at: string
  /** The kind of what is named; a reference that says another kind itself is left out. */
  readonly kind: string
  /** The key of the name; none where the place is the name. */
  readonly name?: string
  /** Whether the reference may say another kind, or another namespace. */
  readonly anyKind?: true
  readonly anyNamespace?: true
}

const container = 'initContainers|containers.*'
const inPods: readonly Source[] = [
  { at: 'imagePullSecrets.*', kind: 'Secret', name: 'name' },
  { at: 'serviceAccountName', kind: 'ServiceAccount' },
  { at: `${container}.env.*.valueFrom.configMapKeyRef`, kind: 'ConfigMap', name: 'name' },
  { at: `${container}.env.*.valueFrom.secretKeyRef`, kind: 'Secret', name: 'name' },
  { at: `${container}.envFrom.*.configMapRef`, kind: 'ConfigMap', name: 'name' },
  { at: `${container}.envFrom.*.secretRef`, kind: 'Secret', name: 'name' },
  { at: 'volumes.*.configMap', kind: 'ConfigMap', name: 'name' },
  { at: 'volumes.*.secret', kind: 'Secret', name: 'secretName' },
  { at: 'volumes.*.persistentVolumeClaim', kind: 'PersistentVolumeClaim', name: 'claimName' },
  { at: 'volumes.*.csi.nodePublishSecretRef', kind: 'Secret', name: 'name' },
  { at: 'volumes.*.projected.sources.*.configMap', kind: 'ConfigMap', name: 'name' },
  { at: 'volumes.*.projected.sources.*.secret', kind: 'Secret', name: 'name' },
]

const scaleTarget: readonly Source[] = [
  { at: 'spec.scaleTargetRef', kind: 'Deployment', name: 'name', anyKind: true },
]
const binding: readonly Source[] = [
  { at: 'roleRef', kind: 'Role', name: 'name', anyKind: true },
  { at: 'subjects.*', kind: 'ServiceAccount', name: 'name', anyNamespace: true },
]
const inObjects: Readonly<Record<string, readonly Source[]>> = {
  ClusterRoleBinding: binding,
  HorizontalPodAutoscaler: scaleTarget,
  HTTPRoute: [
    { at: 'spec.rules.*.backendRefs.*', kind: 'Service', name: 'name', anyNamespace: true },
  ],
  Ingress: [
    { at: 'spec.rules.*.http.paths.*.backend.service', kind: 'Service', name: 'name' },
    { at: 'spec.defaultBackend.service', kind: 'Service', name: 'name' },
    { at: 'spec.tls.*', kind: 'Secret', name: 'secretName' },
  ],
  ObjectStore: [
    {
      at: 'spec.configuration.s3Credentials|azureCredentials|googleCredentials.accessKeyId|secretAccessKey|sessionToken|region|connectionString|storageAccount|storageKey|storageSasToken|applicationCredentials',
      kind: 'Secret',
      name: 'name',
    },
  ],
  PersistentVolume: [
    { at: 'spec.claimRef', kind: 'PersistentVolumeClaim', name: 'name', anyNamespace: true },
  ],
  PersistentVolumeClaim: [{ at: 'spec.volumeName', kind: 'PersistentVolume' }],
  RoleBinding: binding,
  ScaledObject: scaleTarget,
  ServiceAccount: [{ at: 'imagePullSecrets|secrets.*', kind: 'Secret', name: 'name' }],
  StatefulSet: [{ at: 'spec.serviceName', kind: 'Service' }],
}

/** Everything that the render's objects refer to by name. */
export function collectReferences(render: Render): Reference[] {
  const pods = podsOf(render.objects).flatMap(({ owner, spec, path }) =>
    inPods.flatMap((source) => referencesAt(owner, spec, source, render, `${path}.`)),
  )
  const objects = render.objects.flatMap((object) =>
    (inObjects[object.kind] ?? []).flatMap((source) =>
      referencesAt(object, object, source, render),
    ),
  )
  return [...pods, ...objects, ...permissions(render, objects)]
}

function referencesAt(
  from: Manifest,
  root: object,
  source: Source,
  render: Render,
  prefix = '',
): Reference[] {
  return findAll(root, source.at).flatMap((place) => {
    const fields = isRecord(place.value) ? place.value : {}
    const name = source.name === undefined ? place.value : fields[source.name]
    const kind = source.anyKind ? String(fields.kind ?? source.kind) : source.kind
    // An empty name refers to nothing.
    if (typeof name !== 'string' || name === '' || (fields.kind ?? kind) !== kind) return []
    const own = source.anyNamespace ? fields.namespace : undefined
    const namespace = isClusterScoped(kind)
      ? undefined
      : String(own ?? namespaceOf(from, render.namespace) ?? render.namespace)
    return keysAt(place, fields, source.name).map(({ path, value }) => ({
      ...{ from, path: prefix + path, kind, name, namespace, optional: fields.optional === true },
      ...(typeof value === 'string' ? { key: value } : {}),
    }))
  })
}

/** The keys that a reference needs, each of its items or one; or only the place of its name. */
function keysAt(
  { path }: FoundValue,
  fields: Record<string, unknown>,
  name?: string,
): FoundValue[] {
  const items = findAll(fields, 'items.*.key')
  if (items.length > 0)
    return items.map((item) => ({ path: `${path}.${item.path}`, value: item.value }))
  const value = fields.key
  const last = value === undefined ? name : 'key'
  return [{ path: last === undefined ? path : `${path}.${last}`, value }]
}

// A pod that uses a ServiceAccount needs the bindings that give it its permissions.
function permissions(render: Render, references: readonly Reference[]): Reference[] {
  const bindings = references.filter(
    ({ kind, path }) => kind === 'ServiceAccount' && path.startsWith('subjects'),
  )
  return podsOf(render.objects).flatMap(({ owner, spec, path }) => {
    const namespace = namespaceOf(owner, render.namespace)
    return bindings
      .filter((one) => one.name === spec.serviceAccountName && one.namespace === namespace)
      .map(({ from: { kind, metadata } }) => ({
        ...{ from: owner, path: `${path}.serviceAccountName`, kind, name: metadata.name },
        namespace: namespaceOf({ kind, metadata }, render.namespace),
        optional: false,
      }))
  })
}

/** An object that is not part of the render. */
export interface ExternalObject {
  /** `Kind/name`. */
  readonly object: string
  /** Keys of a ConfigMap or Secret; without them, any key is assumed to exist. */
  readonly keys?: readonly string[]
}

/** What exists outside the chart: created by the user, by an operator or by a Job in the cluster. */
export interface Externals {
  /** An object that is given as `Kind/name` may have any key. */
  readonly objects?: readonly (string | ExternalObject)[]
  /** Labels of pods that selectors may mean. */
  readonly pods?: readonly Readonly<Record<string, string>>[]
}

/** Finds the external object of this kind and name. */
export function findExternal(
  { objects = [] }: Externals,
  kind: string,
  name: string,
): ExternalObject | undefined {
  return objects
    .map((one) => (typeof one === 'string' ? { object: one } : one))
    .find(({ object }) => object === `${kind}/${name}`)
}

/** The keys of a ConfigMap or Secret. */
export function keysOf(object: Manifest): readonly string[] {
  return [object.data, object.binaryData, object.stringData].flatMap((part) =>
    isRecord(part) ? Object.keys(part) : [],
  )
}
