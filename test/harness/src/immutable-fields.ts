import { isRecord } from './manifests.ts'
import type { Manifest } from './types.ts'

const fields: Readonly<Record<string, readonly string[]>> = {
  CSIDriver: ['spec.attachRequired', 'spec.fsGroupPolicy'],
  DaemonSet: ['spec.selector'],
  Deployment: ['spec.selector'],
  Job: [
    'spec.selector',
    'spec.template',
    'spec.completionMode',
    'spec.podFailurePolicy',
    'spec.backoffLimitPerIndex',
  ],
  PersistentVolume: [
    'spec.nfs',
    'spec.csi',
    'spec.hostPath',
    'spec.local',
    'spec.iscsi',
    'spec.fc',
    'spec.volumeMode',
    'spec.nodeAffinity',
  ],
  PersistentVolumeClaim: [
    'spec.accessModes',
    'spec.selector',
    'spec.storageClassName',
    'spec.volumeName',
    'spec.volumeMode',
    'spec.dataSource',
    'spec.dataSourceRef',
  ],
  Pod: ['spec.containers', 'spec.initContainers', 'spec.volumes'],
  ClusterRoleBinding: ['roleRef'],
  PriorityClass: ['value', 'preemptionPolicy'],
  ReplicaSet: ['spec.selector'],
  RoleBinding: ['roleRef'],
  StatefulSet: [
    'spec.selector',
    'spec.serviceName',
    'spec.podManagementPolicy',
    'spec.volumeClaimTemplates',
  ],
  StorageClass: ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'],
}

/** The fields of the object that Kubernetes does not let change. */
export function immutableFields(object: Manifest): readonly string[] {
  const spec = isRecord(object.spec) ? object.spec : {}
  if (object.kind === 'Service')
    return spec.type === 'ExternalName' ? [] : ['spec.clusterIP', 'spec.clusterIPs']
  if (object.kind === 'ConfigMap' || object.kind === 'Secret') {
    const type = object.kind === 'Secret' ? ['type'] : []
    return object.immutable === true ? [...type, 'data', 'binaryData', 'stringData'] : type
  }
  return fields[object.kind] ?? []
}
