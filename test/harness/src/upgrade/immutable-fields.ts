// What Kubernetes does not let change, from the validation of updates in Kubernetes' source
// (pkg/apis/*/validation/validation.go and apiextensions-apiserver, read at 1.30, 1.32, 1.33 and 1.36).
// Every entry was asked of a real API server: test/harness/test/upgrade/cases.
import { isRecord } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'

/** A field that Kubernetes does not let change. */
export interface ImmutableField {
  /** E.g. `spec.selector`. */
  readonly path: string
  /** Fields below `path` that may change. */
  readonly except?: readonly string[]
  /** What Kubernetes fills in where the field is left out. */
  readonly preset?: unknown
  /** The first minor of Kubernetes 1 that lets it change. */
  readonly since?: number
}

const roleRef: ImmutableField[] = [{ path: 'roleRef' }]
const selector: ImmutableField[] = [{ path: 'spec.selector' }]
const wholeSpec: ImmutableField[] = [{ path: 'spec' }]

const volumeFields: readonly ImmutableField[] = [
  {
    path: 'spec',
    except: [
      ...['accessModes', 'capacity', 'claimRef', 'csi', 'mountOptions', 'nodeAffinity'],
      ...['persistentVolumeReclaimPolicy', 'storageClassName', 'volumeAttributesClassName'],
      'volumeMode',
    ],
  },
  { path: 'spec.volumeMode', preset: 'Filesystem' },
]

// Jobs and Services have rules of their own beside this: job-changes.ts, service-changes.ts.
const fields: Readonly<Record<string, readonly ImmutableField[]>> = {
  ClusterRoleBinding: roleRef,
  ControllerRevision: [{ path: 'data' }],
  CSIDriver: [
    { path: 'spec.attachRequired', preset: true },
    { path: 'spec.volumeLifecycleModes', preset: ['Persistent'] },
  ],
  CustomResourceDefinition: [
    'spec.scope',
    'spec.group',
    'spec.names.kind',
    'spec.names.plural',
  ].map((path) => ({ path })),
  DaemonSet: selector,
  Deployment: selector,
  EndpointSlice: [{ path: 'addressType' }],
  IngressClass: [{ path: 'spec.controller' }],
  Job: [
    { path: 'spec.backoffLimitPerIndex' },
    { path: 'spec.completionMode', preset: 'NonIndexed' },
    { path: 'spec.managedBy' },
    { path: 'spec.podFailurePolicy' },
    { path: 'spec.selector' },
    { path: 'spec.successPolicy' },
  ],
  PersistentVolumeClaim: [
    { path: 'spec', except: ['resources', 'volumeAttributesClassName', 'volumeMode'] },
    { path: 'spec.resources.limits' },
    { path: 'spec.volumeMode', preset: 'Filesystem' },
  ],
  Pod: [
    {
      path: 'spec',
      except: ['activeDeadlineSeconds', 'containers', 'initContainers', 'tolerations'],
    },
  ],
  PriorityClass: [{ path: 'value' }, { path: 'preemptionPolicy', preset: 'PreemptLowerPriority' }],
  ReplicaSet: selector,
  ResourceClaim: wholeSpec,
  ResourceClaimTemplate: wholeSpec,
  RoleBinding: roleRef,
  RuntimeClass: [{ path: 'handler' }],
  StatefulSet: [
    {
      path: 'spec',
      except: [
        ...['minReadySeconds', 'ordinals', 'persistentVolumeClaimRetentionPolicy', 'replicas'],
        ...['template', 'updateStrategy', 'podManagementPolicy', 'revisionHistoryLimit'],
      ],
    },
    { path: 'spec.podManagementPolicy', preset: 'OrderedReady' },
    // Kubernetes 1.33: the list of validation.go names it, that of 1.32.3 does not.
    { path: 'spec.revisionHistoryLimit', preset: 10, since: 33 },
  ],
  StorageClass: [
    { path: 'parameters' },
    { path: 'provisioner' },
    { path: 'reclaimPolicy', preset: 'Delete' },
    { path: 'volumeBindingMode', preset: 'Immediate' },
  ],
  VolumeAttributesClass: [{ path: 'driverName' }, { path: 'parameters' }],
}

const content = ['immutable', 'data', 'binaryData'].map((path) => ({ path }))

/** The fields of the object that Kubernetes does not let change. */
export function immutableFields(object: Manifest): readonly ImmutableField[] {
  const { kind } = object
  const sealed = object.immutable === true ? content : []
  if (kind === 'Secret') return [{ path: 'type', preset: 'Opaque' }, ...sealed]
  if (kind === 'ConfigMap') return sealed
  return kind === 'PersistentVolume'
    ? [...volumeFields, ...onceFields(object.spec)]
    : (fields[kind] ?? [])
}

/** What a volume may be given once. */
function onceFields(spec: unknown): ImmutableField[] {
  const { csi, nodeAffinity } = isRecord(spec) ? spec : {}
  const hasSecret = isRecord(csi) && csi.controllerExpandSecretRef !== undefined
  return [
    hasSecret ? { path: 'spec.csi' } : { path: 'spec.csi', except: ['controllerExpandSecretRef'] },
    ...(nodeAffinity === undefined ? [] : [{ path: 'spec.nodeAffinity' }]),
  ]
}
