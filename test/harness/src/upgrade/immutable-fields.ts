// What Kubernetes does not let change, from the validation of updates in Kubernetes' source
// (pkg/apis/*/validation/validation.go and apiextensions-apiserver, read at 1.30, 1.32, 1.33 and 1.36).
// `npm run verify:upgrades` asks a real API server about every entry.
import { isSecretField } from '../diagnosis/mask.ts'
import { isRecord, nameOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import {
  asList,
  at,
  diffValues,
  type Finding,
  type Pair,
  refusal,
  type Upgrade,
} from './finding.ts'

/** A field that Kubernetes does not let change. */
interface ImmutableField {
  /** E.g. `spec.selector`. */
  readonly path: string
  /** What Kubernetes fills in where the field is left out. */
  readonly preset?: unknown
  /** The part of the value that must stay as it is; all of it where this is left out. */
  readonly part?: (value: unknown, was: Manifest, minor: number) => unknown
  /** The first minor version of Kubernetes 1 that lets it change. */
  readonly since?: number
}

const except =
  (...keys: readonly string[]) =>
  (value: unknown): unknown =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
      : value

const paths = (...all: readonly string[]): ImmutableField[] => all.map((path) => ({ path }))

const sealed = paths('immutable', 'data', 'binaryData').map((field) => ({
  ...field,
  part: (value: unknown, was: Manifest) => (was.immutable === true ? value : undefined),
}))

// The pull policy follows the image where none is written.
const withoutImages = (containers: unknown): unknown =>
  asList(containers).map(except('image', 'imagePullPolicy'))

const selector = paths('spec.selector')
const wholeSpec = paths('spec')

// What these kinds also refuse, by rules across fields: services.ts, storage.ts, workloads.ts.
const fields: Readonly<Record<string, readonly ImmutableField[]>> = {
  ClusterRoleBinding: paths('roleRef'),
  ConfigMap: sealed,
  ControllerRevision: paths('data'),
  CSIDriver: [
    { path: 'spec.attachRequired', preset: true },
    { path: 'spec.volumeLifecycleModes', preset: ['Persistent'] },
  ],
  CustomResourceDefinition: paths(
    ...['spec.scope', 'spec.group', 'spec.names.kind', 'spec.names.plural'],
  ),
  DaemonSet: selector,
  Deployment: selector,
  EndpointSlice: paths('addressType'),
  IngressClass: paths('spec.controller'),
  Job: [
    { path: 'spec.completionMode', preset: 'NonIndexed' },
    { path: 'spec.template', part: fixedTemplate },
    ...paths('spec.backoffLimitPerIndex', 'spec.managedBy', 'spec.podFailurePolicy'),
    ...paths('spec.selector', 'spec.successPolicy'),
  ],
  PersistentVolume: [
    {
      path: 'spec',
      part: except(
        ...['accessModes', 'capacity', 'claimRef', 'csi', 'mountOptions', 'nodeAffinity'],
        ...['persistentVolumeReclaimPolicy', 'storageClassName', 'volumeAttributesClassName'],
        'volumeMode',
      ),
    },
    { path: 'spec.volumeMode', preset: 'Filesystem' },
    { path: 'spec.csi', part: withoutNewSecret },
    {
      path: 'spec.nodeAffinity',
      part: (value, was) => at(was, 'spec.nodeAffinity') && value,
    },
  ],
  PersistentVolumeClaim: [
    { path: 'spec', part: except('resources', 'volumeAttributesClassName', 'volumeMode') },
    { path: 'spec.resources.limits' },
    { path: 'spec.volumeMode', preset: 'Filesystem' },
  ],
  Pod: [
    {
      path: 'spec',
      part: except('activeDeadlineSeconds', 'containers', 'initContainers', 'tolerations'),
    },
    { path: 'spec.initContainers', part: withoutImages },
    { path: 'spec.containers', part: withoutImages },
  ],
  PriorityClass: [{ path: 'value' }, { path: 'preemptionPolicy', preset: 'PreemptLowerPriority' }],
  ReplicaSet: selector,
  ResourceClaim: wholeSpec,
  ResourceClaimTemplate: wholeSpec,
  RoleBinding: paths('roleRef'),
  RuntimeClass: paths('handler'),
  Secret: [{ path: 'type', preset: 'Opaque' }, ...sealed],
  StatefulSet: [
    {
      path: 'spec',
      part: except(
        ...['minReadySeconds', 'ordinals', 'persistentVolumeClaimRetentionPolicy', 'replicas'],
        ...['template', 'updateStrategy', 'podManagementPolicy', 'revisionHistoryLimit'],
      ),
    },
    { path: 'spec.podManagementPolicy', preset: 'OrderedReady' },
    // Kubernetes 1.33: the list of validation.go names it, that of 1.32.3 does not.
    { path: 'spec.revisionHistoryLimit', preset: 10, since: 33 },
  ],
  StorageClass: [
    ...paths('parameters', 'provisioner'),
    { path: 'reclaimPolicy', preset: 'Delete' },
    { path: 'volumeBindingMode', preset: 'Immediate' },
  ],
  VolumeAttributesClass: paths('driverName', 'parameters'),
}

/** A volume may be given the Secret for its expansion once. */
function withoutNewSecret(csi: unknown, was: Manifest): unknown {
  const had = at(was, 'spec.csi.controllerExpandSecretRef') !== undefined
  return had ? csi : except('controllerExpandSecretRef')(csi)
}

/** The template of a Job; of a suspended one, without what may change until it runs. */
function fixedTemplate(template: unknown, was: Manifest, minor: number): unknown {
  const spec = at(template, 'spec')
  if (at(was, 'spec.suspend') !== true || !isRecord(spec)) return template
  const { nodeSelector: _, schedulingGates: _gates, tolerations: _tolerations, ...fixed } = spec
  const affinity = except('nodeAffinity')(fixed.affinity)
  const isEmpty = isRecord(affinity) && Object.keys(affinity).length === 0
  const container = minor >= 36 ? except('resources') : (value: unknown) => value
  const { initContainers, containers } = fixed
  return {
    spec: {
      ...fixed,
      affinity: isEmpty ? undefined : affinity,
      initContainers: asList(initContainers).map(container),
      containers: asList(containers).map(container),
    },
  }
}

/** The changes to fields that their kind does not let change; one finding per field. */
export function* immutableChanges({ was, now }: Pair, { minor }: Upgrade): Iterable<Finding> {
  for (const { path, preset, since, part = (value: unknown) => value } of fields[now.kind] ?? []) {
    if (since !== undefined && minor >= since) continue
    const fixed = (object: Manifest): unknown => part(at(object, path) ?? preset, was, minor)
    const [change] = diffValues(fixed(was), fixed(now), path)
    if (!change) continue
    const why = since && `cannot be changed before Kubernetes 1.${since}`
    const finding = refusal(change.path, change.before, change.after, why || undefined)
    const isSecret = isSecretField(nameOf(was), change.path)
    yield isSecret
      ? { ...finding, message: 'cannot be changed after creation (not shown)' }
      : finding
  }
}
