import { isRecord } from '../manifests.ts'
import type { Manifest } from '../types.ts'

/** A field that Kubernetes does not let change, and the value that it takes when it is left out. */
export interface ImmutableField {
  readonly path: string
  readonly preset?: unknown
}

const claimFields = 'accessModes selector storageClassName volumeName dataSource dataSourceRef'
const volumeFields = 'nfs csi hostPath local iscsi fc nodeAffinity'
const setFields = 'selector serviceName volumeClaimTemplates revisionHistoryLimit'
const volumeMode: ImmutableField = { path: 'spec.volumeMode', preset: 'Filesystem' }

const fields: Readonly<Record<string, readonly ImmutableField[]>> = {
  ClusterRoleBinding: [{ path: 'roleRef' }],
  DaemonSet: inSpec('selector'),
  Deployment: inSpec('selector'),
  Job: [
    ...inSpec('selector template podFailurePolicy backoffLimitPerIndex'),
    { path: 'spec.completions', preset: 1 },
    { path: 'spec.completionMode', preset: 'NonIndexed' },
  ],
  PersistentVolume: [...inSpec(volumeFields), volumeMode],
  PersistentVolumeClaim: [...inSpec(claimFields), volumeMode],
  Pod: inSpec('containers initContainers volumes'),
  PriorityClass: [{ path: 'value' }, { path: 'preemptionPolicy', preset: 'PreemptLowerPriority' }],
  ReplicaSet: inSpec('selector'),
  RoleBinding: [{ path: 'roleRef' }],
  StatefulSet: [...inSpec(setFields), { path: 'spec.podManagementPolicy', preset: 'OrderedReady' }],
  StorageClass: [
    { path: 'parameters' },
    { path: 'provisioner' },
    { path: 'reclaimPolicy', preset: 'Delete' },
    { path: 'volumeBindingMode', preset: 'Immediate' },
  ],
}

function inSpec(names: string): ImmutableField[] {
  return names.split(' ').map((name) => ({ path: `spec.${name}` }))
}

/** The fields of the object that Kubernetes does not let change. */
export function immutableFields(object: Manifest): readonly ImmutableField[] {
  const spec = isRecord(object.spec) ? object.spec : {}
  if (object.kind === 'Service')
    return spec.type === 'ExternalName' ? [] : inSpec('clusterIP clusterIPs')
  if (object.kind !== 'ConfigMap' && object.kind !== 'Secret') return fields[object.kind] ?? []
  const content = object.immutable === true ? ['data', 'binaryData', 'stringData'] : []
  const type = object.kind === 'Secret' ? [{ path: 'type', preset: 'Opaque' }] : []
  return [...type, ...content.map((path) => ({ path }))]
}
