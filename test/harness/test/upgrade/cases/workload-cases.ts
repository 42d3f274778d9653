import { type FieldCase, refuses, takes } from './field-case.ts'

const selector = 'selector: {matchLabels: {app: demo}}'
const narrower = 'selector: {matchLabels: {app: demo, x: z}}'
const labels = 'labels: {app: demo}'
const relabelled = 'labels: {app: demo, x: z}'
const image = 'example.org/main:1'
const otherImage = 'example.org/main:2'

// Both labels at once, so that the selector still selects its own pods.
/** Workloads that keep their pods running. */
export const workloads: readonly FieldCase[] = (
  ['DaemonSet', 'Deployment', 'ReplicaSet'] as const
).flatMap((base) => [
  refuses(
    base,
    'spec.selector.matchLabels.app',
    `${selector}\n  template:\n    metadata: {${labels}}`,
    'selector: {matchLabels: {x: z}}\n  template:\n    metadata: {labels: {x: z}}',
  ),
  takes(base, image, otherImage),
  takes(base, labels, relabelled),
])

/** StatefulSets. */
export const statefulSet: readonly FieldCase[] = [
  refuses(
    'StatefulSet',
    'spec.selector.matchLabels.x',
    `${selector}\n  template:\n    metadata: {${labels}}`,
    `${narrower}\n  template:\n    metadata: {${relabelled}}`,
  ),
  refuses('StatefulSet', 'spec.serviceName', 'serviceName: demo', 'serviceName: other'),
  refuses(
    'StatefulSet',
    'spec.podManagementPolicy',
    'replicas: 1',
    'podManagementPolicy: Parallel',
  ),
  takes('StatefulSet', 'replicas: 1', 'podManagementPolicy: OrderedReady'),
  refuses(
    'StatefulSet',
    'spec.volumeClaimTemplates[0].spec.resources.requests.storage',
    '1Gi',
    '2Gi',
  ),
  refuses('StatefulSet', 'spec.volumeClaimTemplates[0].metadata.name', 'name: data', 'name: other'),
  refuses(
    'StatefulSet',
    'spec.volumeClaimTemplates[0].metadata.labels',
    'name: data',
    'name: data, labels: {chart: demo-2}',
  ),
  refuses(
    'StatefulSet',
    'spec.volumeClaimTemplates[0].spec.storageClassName',
    'resources: {requests: {storage',
    'storageClassName: x, resources: {requests: {storage',
  ),
  refuses(
    'StatefulSet',
    'spec.volumeClaimTemplates[0].spec.volumeMode',
    'resources: {requests: {storage',
    'volumeMode: Block, resources: {requests: {storage',
  ),
  takes(
    'StatefulSet',
    'resources: {requests: {storage',
    'volumeMode: Filesystem, resources: {requests: {storage',
  ),
  takes(
    'StatefulSet',
    'resources: {requests: {storage',
    'storageClassName: null, resources: {requests: {storage',
  ),
  takes('StatefulSet', 'storage: 1Gi', 'storage: 1024Mi'),
  takes(
    'StatefulSet',
    '- metadata: {name: data}',
    '- apiVersion: v1\n      kind: PersistentVolumeClaim\n      metadata: {name: data}',
  ),
  takes('StatefulSet', '{name: data}', '{name: data, labels: {}}'),
  takes('StatefulSet', 'replicas: 1', 'replicas: 3'),
  takes('StatefulSet', 'replicas: 1', 'ordinals: {start: 1}'),
  takes('StatefulSet', image, otherImage),
  takes('StatefulSet', 'replicas: 1', 'minReadySeconds: 5'),
  takes(
    'StatefulSet',
    'replicas: 1',
    'persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}',
  ),
  {
    ...refuses(
      'StatefulSet',
      'spec.revisionHistoryLimit',
      'replicas: 1',
      'revisionHistoryLimit: 3',
    ),
    since: 33,
  },
  takes('StatefulSet', 'replicas: 1', 'revisionHistoryLimit: 10'),
]

const rolling = 'strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0}}'
const left = 'spec.strategy.type'

// What Kubernetes filled in stays where nobody owns it, and does not fit the new type.
/** The way in which pods are replaced. */
export const strategies: readonly FieldCase[] = [
  {
    ...refuses('Deployment', left, 'replicas: 2', 'replicas: 2\n  strategy: {type: Recreate}'),
    helm: 4,
  },
  { ...refuses('DeploymentTyped', left, 'type: RollingUpdate', 'type: Recreate'), helm: 4 },
  takes('DeploymentRolling', rolling, 'strategy: {type: Recreate}'),
  takes('Deployment', 'replicas: 2', 'replicas: 2\n  strategy: {type: RollingUpdate}'),
  takes('DeploymentRecreate', 'type: Recreate', 'type: RollingUpdate'),
  takes('DaemonSet', 'selector:', 'updateStrategy: {type: OnDelete}\n  selector:'),
  refuses(
    'StatefulSet',
    'spec.updateStrategy.type',
    'replicas: 1',
    'updateStrategy: {type: OnDelete}',
  ),
  takes(
    'StatefulSetRolling',
    'type: RollingUpdate, rollingUpdate: {partition: 0}',
    'type: OnDelete',
  ),
  {
    ...refuses(
      'StatefulSet',
      'spec.updateStrategy.type',
      'replicas: 1',
      'updateStrategy: {type: OnDelete, rollingUpdate: null}',
    ),
    helm: 4,
  },
]
