import type { Base } from './bases.ts'

/** A change to one object. */
export interface FieldCase {
  readonly base: Base
  /** Text of the base, and what stands there after the change. */
  readonly from: string
  readonly to: string
  /** Where Kubernetes refuses it; absent when it does not. */
  readonly refused?: string
  /** The first minor of Kubernetes 1 that takes it. */
  readonly since?: number
  /** The Helm that is refused; the other one is not. */
  readonly helm?: 4
}

const refuses = (base: Base, refused: string, from: string, to: string): FieldCase => ({
  base,
  from,
  to,
  refused,
})
const takes = (base: Base, from: string, to: string): FieldCase => ({ base, from, to })

const selector = 'selector: {matchLabels: {app: demo}}'
const narrower = 'selector: {matchLabels: {app: demo, x: z}}'
const labels = 'labels: {app: demo}'
const relabelled = 'labels: {app: demo, x: z}'
const image = 'example.org/main:1'
const otherImage = 'example.org/main:2'

/** Both labels at once, so that the selector still selects its own pods. */
const workloads = (['DaemonSet', 'Deployment', 'ReplicaSet'] as const).flatMap((base) => [
  refuses(
    base,
    'spec.selector.matchLabels.app',
    `${selector}\n  template:\n    metadata: {${labels}}`,
    'selector: {matchLabels: {x: z}}\n  template:\n    metadata: {labels: {x: z}}',
  ),
  takes(base, image, otherImage),
  takes(base, labels, relabelled),
])

const statefulSet = [
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

/** What Kubernetes filled in stays where nobody owns it, and does not fit the new type. */
const strategies: readonly FieldCase[] = [
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

const main = "image: 'example.org/main:1'"
const jobs = [
  refuses('Job', 'spec.template.spec.containers[0].image', image, otherImage),
  refuses('Job', 'spec.template.metadata.labels.x', labels, relabelled),
  refuses(
    'Job',
    'spec.template.spec.nodeSelector',
    'restartPolicy: Never',
    'restartPolicy: Never\n      nodeSelector: {a: b}',
  ),
  refuses('Job', 'spec.template.spec.containers[0].resources.requests.cpu', '500m', '600m'),
  refuses(
    'Job',
    'spec.template.spec.restartPolicy',
    'restartPolicy: Never',
    'restartPolicy: OnFailure',
  ),
  refuses('Job', 'spec.completions', 'completions: 1', 'completions: 2'),
  refuses('JobBare', 'spec.completions', 'template:', 'completions: 2\n  template:'),
  takes('JobBare', 'template:', 'completions: 1\n  template:'),
  takes('JobBare', 'template:', 'parallelism: 2\n  template:'),
  refuses(
    'Job',
    'spec.completionMode',
    'completions: 1',
    'completions: 1\n  completionMode: Indexed',
  ),
  takes('Job', 'completions: 1', 'completions: 1\n  completionMode: NonIndexed'),
  takes('JobIndexed', 'completions: 2\n  parallelism: 2', 'completions: 3\n  parallelism: 3'),
  refuses('JobIndexed', 'spec.completions', 'completions: 2', 'completions: 3'),
  refuses(
    'Job',
    'spec.podFailurePolicy',
    'completions: 1',
    'podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}]}',
  ),
  refuses(
    'JobIndexed',
    'spec.backoffLimitPerIndex',
    'completions: 2',
    'completions: 2\n  backoffLimitPerIndex: 1',
  ),
  refuses(
    'JobIndexed',
    'spec.successPolicy',
    'completions: 2',
    "completions: 2\n  successPolicy: {rules: [{succeededIndexes: '0'}]}",
  ),
  refuses('Job', 'spec.managedBy', 'completions: 1', 'managedBy: example.com/one'),
  refuses(
    'Job',
    'spec.selector',
    'completions: 1',
    'manualSelector: true\n  selector: {matchLabels: {app: demo}}',
  ),
  takes('Job', 'completions: 1', 'backoffLimit: 2\n  completions: 1'),
  takes('Job', 'completions: 1', 'activeDeadlineSeconds: 60\n  completions: 1'),
  takes('Job', 'completions: 1', 'ttlSecondsAfterFinished: 60\n  completions: 1'),
  takes('Job', 'completions: 1', 'suspend: true\n  completions: 1'),
  takes('JobSuspended', labels, relabelled),
  takes('JobSuspended', 'metadata: {labels', 'metadata: {annotations: {a: b}, labels'),
  takes('JobSuspended', 'restartPolicy: Never', 'restartPolicy: Never\n      nodeSelector: {a: b}'),
  takes(
    'JobSuspended',
    'restartPolicy: Never',
    'restartPolicy: Never\n      tolerations: [{operator: Exists}]',
  ),
  takes(
    'JobSuspended',
    'restartPolicy: Never',
    'restartPolicy: Never\n      schedulingGates: [{name: a/b}]',
  ),
  takes(
    'JobSuspended',
    'restartPolicy: Never',
    'restartPolicy: Never\n      affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}}',
  ),
  refuses(
    'JobSuspended',
    'spec.template.spec.affinity',
    'restartPolicy: Never',
    'restartPolicy: Never\n      affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone, labelSelector: {matchLabels: {a: b}}}]}}',
  ),
  refuses('JobSuspended', 'spec.template.spec.containers[0].image', image, otherImage),
  {
    ...refuses(
      'JobSuspended',
      'spec.template.spec.containers[0].resources.requests.cpu',
      '500m',
      '600m',
    ),
    since: 36,
  },
  takes('CronJob', "image: 'a:1'", "image: 'a:2'"),
  // What Kubernetes would fill in may be written out.
  ...[
    `${main}, imagePullPolicy: IfNotPresent`,
    `${main}, terminationMessagePath: /dev/termination-log`,
    `${main}, terminationMessagePolicy: File`,
    `${main}, env: []`,
  ].map((to) => ({ ...takes('Job', main, to) })),
  takes('Job', '500m', "'0.5'"),
  refuses(
    'Job',
    'spec.template.spec.containers[0].securityContext',
    main,
    `${main}, securityContext: {}`,
  ),
  ...[
    'dnsPolicy: ClusterFirst',
    'schedulerName: default-scheduler',
    'terminationGracePeriodSeconds: 30',
    'securityContext: {}',
    'volumes: []',
    'serviceAccountName: ""',
  ].map((line) => takes('Job', 'restartPolicy: Never', `restartPolicy: Never\n      ${line}`)),
  ...(
    [
      ['configMap: {', 'configMap: {defaultMode: 420, '],
      ['secret: {', 'secret: {defaultMode: 0644, '],
      ['projected: {', 'projected: {defaultMode: 0o644, '],
      ['hostPath: {', "hostPath: {type: '', "],
      ['downwardAPI: {', 'downwardAPI: {defaultMode: 420, '],
      [
        'fieldRef: {fieldPath: metadata.name}}}',
        'fieldRef: {apiVersion: v1, fieldPath: metadata.name}}}',
      ],
      [
        'fieldRef: {fieldPath: metadata.name}}]',
        'fieldRef: {apiVersion: v1, fieldPath: metadata.name}}]',
      ],
      ['containerPort: 80', 'containerPort: 80, protocol: TCP'],
      ['env:', 'imagePullPolicy: Always\n          env:'],
      ['cpu: 700m', 'cpu: 0.7'],
      ['httpGet: {port: 80}', 'httpGet: {port: 80, scheme: HTTP, path: /}'],
      ['readinessProbe: {', 'readinessProbe: {timeoutSeconds: 1, periodSeconds: 10, '],
      ['livenessProbe: {', 'livenessProbe: {successThreshold: 1, failureThreshold: 3, '],
      ['startupProbe: {', 'startupProbe: {timeoutSeconds: 1, periodSeconds: 10, '],
      ['preStop: {httpGet: {', 'preStop: {httpGet: {scheme: HTTP, path: /, '],
    ] as const
  ).map(([from, to]) => takes('JobFull', from, to)),
  ...(
    [
      [
        'spec.template.spec.volumes[0].configMap.defaultMode',
        'configMap: {',
        'configMap: {defaultMode: 384, ',
      ],
      ['spec.template.spec.volumes[5].emptyDir', 'emptyDir: {}', 'hostPath: {path: /y}'],
      [
        'spec.template.spec.volumes[5].emptyDir.medium',
        'emptyDir: {}',
        'emptyDir: {medium: Memory}',
      ],
      [
        'spec.template.spec.containers[0].imagePullPolicy',
        'env:',
        'imagePullPolicy: IfNotPresent\n          env:',
      ],
      [
        'spec.template.spec.containers[0].readinessProbe.timeoutSeconds',
        'readinessProbe: {',
        'readinessProbe: {timeoutSeconds: 2, ',
      ],
      // Kubernetes fills these in for pods, and not for templates.
      [
        'spec.template.spec.containers[0].resources.requests.memory',
        'limits:',
        'requests: {memory: 1Gi}, limits:',
      ],
      [
        'spec.template.spec.enableServiceLinks',
        'volumes:',
        'enableServiceLinks: true\n      volumes:',
      ],
    ] as const
  ).map(([path, from, to]) => refuses('JobFull', path, from, to)),
  refuses(
    'Job',
    'spec.template.spec.terminationGracePeriodSeconds',
    'restartPolicy: Never',
    'restartPolicy: Never\n      terminationGracePeriodSeconds: 31',
  ),
  refuses(
    'Job',
    'spec.template.spec.enableServiceLinks',
    'restartPolicy: Never',
    'restartPolicy: Never\n      enableServiceLinks: false',
  ),
]

const pods = [
  takes('Pod', "'a:1'", "'a:2'"),
  takes('Pod', 'tolerations:', 'enableServiceLinks: true\n  tolerations:'),
  takes('Pod', 'tolerations: [', 'tolerations: [{key: b, operator: Exists}, '),
  takes('Pod', 'tolerations:', 'activeDeadlineSeconds: 60\n  tolerations:'),
  refuses('Pod', 'spec.containers[0].env[0].value', 'value: b', 'value: c'),
  refuses(
    'Pod',
    'spec.tolerations',
    'tolerations: [{key: a, operator: Exists}]',
    'tolerations: []',
  ),
  refuses('Pod', 'spec.nodeSelector', 'tolerations:', 'nodeSelector: {a: b}\n  tolerations:'),
  takes('Pod', 'tolerations:', 'dnsPolicy: ClusterFirst\n  tolerations:'),
  takes(
    'ReplicationController',
    'selector: {app: demo}\n  template:\n    metadata: {labels: {app: demo}}',
    'selector: {x: z}\n  template:\n    metadata: {labels: {x: z}}',
  ),
]

const storage = [
  refuses('PersistentVolume', 'spec.nfs.server', '192.0.2.1', '192.0.2.2'),
  refuses('PersistentVolume', 'spec.nfs.path', 'path: /demo', 'path: /other'),
  refuses(
    'PersistentVolume',
    'spec.nfs',
    'nfs: {server: 192.0.2.1, path: /demo}',
    'hostPath: {path: /demo}',
  ),
  refuses('PersistentVolume', 'spec.volumeMode', 'capacity:', 'volumeMode: Block\n  capacity:'),
  takes('PersistentVolume', 'capacity:', 'volumeMode: Filesystem\n  capacity:'),
  takes('PersistentVolume', '1Gi', '2Gi'),
  takes('PersistentVolume', 'nfsvers=3', 'nfsvers=4'),
  takes('PersistentVolume', 'ReadWriteMany', 'ReadWriteOnce'),
  takes('PersistentVolume', 'capacity:', 'persistentVolumeReclaimPolicy: Delete\n  capacity:'),
  takes('PersistentVolume', "storageClassName: ''", 'storageClassName: x'),
  refuses('PersistentVolumeCsi', 'spec.csi.volumeHandle', 'volumeHandle: one', 'volumeHandle: two'),
  takes(
    'PersistentVolumeCsi',
    'volumeHandle: one',
    'volumeHandle: one, controllerExpandSecretRef: {namespace: a, name: b}',
  ),
  refuses(
    'PersistentVolumeCsi',
    'spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values[0]',
    'values: [a]',
    'values: [b]',
  ),
  takes(
    'PersistentVolume',
    'capacity:',
    'nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: Exists}]}]}}\n  capacity:',
  ),
  takes('PersistentVolumeClaim', '2Gi', '3Gi'),
  takes('PersistentVolumeClaim', '2Gi', '2048Mi'),
  refuses('PersistentVolumeClaim', 'spec.resources.requests.storage', '2Gi', '1Gi'),
  refuses('PersistentVolumeClaim', 'spec.storageClassName', 'grows', 'other'),
  refuses('PersistentVolumeClaim', 'spec.accessModes[0]', 'ReadWriteOnce', 'ReadWriteMany'),
  refuses(
    'PersistentVolumeClaim',
    'spec.accessModes[1]',
    '[ReadWriteOnce]',
    '[ReadWriteOnce, ReadOnlyMany]',
  ),
  refuses(
    'PersistentVolumeClaim',
    'spec.volumeMode',
    'storageClassName: grows',
    'storageClassName: grows\n  volumeMode: Block',
  ),
  takes(
    'PersistentVolumeClaim',
    'storageClassName: grows',
    'storageClassName: grows\n  volumeMode: Filesystem',
  ),
  refuses(
    'PersistentVolumeClaim',
    'spec.selector',
    'storageClassName: grows',
    'storageClassName: grows\n  selector: {matchLabels: {a: b}}',
  ),
  refuses(
    'PersistentVolumeClaim',
    'spec.dataSource',
    'storageClassName: grows',
    'storageClassName: grows\n  dataSource: {kind: PersistentVolumeClaim, name: other}',
  ),
  refuses(
    'PersistentVolumeClaim',
    'spec.dataSourceRef',
    'storageClassName: grows',
    'storageClassName: grows\n  dataSourceRef: {kind: PersistentVolumeClaim, name: other}',
  ),
  refuses(
    'PersistentVolumeClaim',
    'spec.resources.limits',
    'requests: {storage: 2Gi}',
    'requests: {storage: 2Gi}, limits: {storage: 9Gi}',
  ),
  takes(
    'PersistentVolumeClaim',
    'storageClassName: grows',
    'storageClassName: grows\n  volumeAttributesClassName: fast',
  ),
  refuses('PersistentVolumeClaimStatic', 'spec.resources.requests.storage', '2Gi', '3Gi'),
  refuses(
    'PersistentVolumeClaimStatic',
    'spec.volumeName',
    'volumeName: demo',
    'volumeName: other',
  ),
  refuses(
    'PersistentVolumeClaimStatic',
    'spec.storageClassName',
    "storageClassName: ''",
    'storageClassName: grows',
  ),
  refuses('PersistentVolumeClaimStatic', 'spec.volumeName', '  volumeName: demo', ''),
  refuses('PersistentVolumeClaim', 'spec.storageClassName', 'storageClassName: grows', ''),
  refuses(
    'PersistentVolumeCsi',
    'spec.csi.fsType',
    'volumeHandle: one',
    'volumeHandle: one, fsType: ext4',
  ),
  refuses(
    'PersistentVolumeSecret',
    'spec.csi.controllerExpandSecretRef.name',
    'name: one',
    'name: two',
  ),
  refuses(
    'PersistentVolumeSecret',
    'spec.volumeAttributesClassName',
    '  volumeAttributesClassName: fast\n',
    '',
  ),
  refuses('StorageClass', 'provisioner', 'csi.example.com', 'csi2.example.com'),
  refuses('StorageClass', 'parameters.type', 'fast', 'slow'),
  refuses('StorageClass', 'reclaimPolicy', 'allowVolume', 'reclaimPolicy: Retain\nallowVolume'),
  takes('StorageClass', 'allowVolume', 'reclaimPolicy: Delete\nallowVolume'),
  refuses(
    'StorageClass',
    'volumeBindingMode',
    'allowVolume',
    'volumeBindingMode: WaitForFirstConsumer\nallowVolume',
  ),
  takes('StorageClass', 'allowVolume', 'volumeBindingMode: Immediate\nallowVolume'),
  takes('StorageClass', 'allowVolumeExpansion: false', 'allowVolumeExpansion: true'),
  takes('StorageClass', 'allowVolume', 'mountOptions: [noatime]\nallowVolume'),
  refuses('VolumeAttributesClass', 'parameters.iops', "'1'", "'2'"),
  refuses('VolumeAttributesClass', 'driverName', 'csi.example.com', 'csi2.example.com'),
  refuses('CSIDriver', 'spec.attachRequired', 'attachRequired: true', 'attachRequired: false'),
  refuses('CSIDriver', 'spec.volumeLifecycleModes[0]', '[Persistent]', '[Ephemeral]'),
  takes('CSIDriver', 'attachRequired: true', 'attachRequired: true, podInfoOnMount: true'),
]

const services = [
  refuses('ServiceAddressed', 'spec.clusterIP', '10.96.7.7', '10.96.7.8'),
  refuses('ServiceAddressed', 'spec.clusterIP', '10.96.7.7', 'None'),
  refuses('ServiceHeadless', 'spec.clusterIP', 'None', '10.96.7.9'),
  refuses('Service', 'spec.clusterIP', 'type: ClusterIP', 'clusterIP: None'),
  takes('ServiceAddressed', 'clusterIP: 10.96.7.7', 'type: ClusterIP'),
  takes('ServiceHeadless', 'clusterIP: None', 'type: ClusterIP'),
  takes('Service', 'type: ClusterIP', 'type: NodePort'),
  takes('Service', 'type: ClusterIP', 'type: LoadBalancer'),
  takes('ServiceNode', 'type: NodePort', 'type: ClusterIP'),
  takes(
    'ServiceBalanced',
    'type: LoadBalancer\n  externalTrafficPolicy: Local\n  healthCheckNodePort: 31999',
    'type: ClusterIP',
  ),
  takes('Service', 'type: ClusterIP', 'type: ExternalName\n  externalName: example.com'),
  takes(
    'ServiceAddressed',
    'clusterIP: 10.96.7.7',
    'clusterIP: 10.96.7.7\n  type: ExternalName\n  externalName: example.com',
  ),
  takes('ServiceExternal', 'type: ExternalName\n  externalName: example.com', 'type: ClusterIP'),
  takes('ServiceExternal', 'type: ExternalName\n  externalName: example.com', 'clusterIP: None'),
  takes('ServiceExternal', 'externalName: example.com', 'externalName: example.org'),
  refuses('ServiceHeadless', 'spec.type', 'clusterIP: None', 'clusterIP: None\n  type: NodePort'),
  refuses('ServiceHeadless', 'spec.type', 'clusterIP: None', 'type: LoadBalancer'),
  refuses('ServiceBalanced', 'spec.healthCheckNodePort', '31999', '31998'),
  takes('ServiceBalanced', 'healthCheckNodePort: 31999', 'sessionAffinity: None'),
  refuses('ServiceClassed', 'spec.loadBalancerClass', 'example.com/one', 'example.com/two'),
  refuses(
    'ServiceClassed',
    'spec.loadBalancerClass',
    'loadBalancerClass: example.com/one',
    'sessionAffinity: None',
  ),
  takes(
    'ServiceClassed',
    'type: LoadBalancer\n  loadBalancerClass: example.com/one',
    'type: ClusterIP',
  ),
  refuses('ServiceSingle', 'spec.ipFamilies[0]', '[IPv4]', '[IPv6]'),
  refuses('Service', 'spec.ipFamilies[0]', 'type: ClusterIP', 'ipFamilies: [IPv6]'),
  takes(
    'ServiceSingle',
    'SingleStack\n  ipFamilies: [IPv4]',
    'RequireDualStack\n  ipFamilies: [IPv4, IPv6]',
  ),
  takes('ServiceSingle', 'SingleStack\n  ipFamilies: [IPv4]', 'PreferDualStack'),
  takes(
    'ServiceDual',
    'RequireDualStack\n  ipFamilies: [IPv4, IPv6]',
    'SingleStack\n  ipFamilies: [IPv4]',
  ),
  takes('ServiceDual', 'RequireDualStack\n  ipFamilies: [IPv4, IPv6]', 'SingleStack'),
  refuses('ServiceDual', 'spec.ipFamilies[0]', '[IPv4, IPv6]', '[IPv6, IPv4]'),
  refuses(
    'ServiceDual',
    'spec.ipFamilyPolicy',
    'RequireDualStack\n  ipFamilies: [IPv4, IPv6]',
    'RequireDualStack\n  ipFamilies: [IPv4]',
  ),
  takes(
    'ServiceDual',
    'ipFamilyPolicy: RequireDualStack\n  ipFamilies: [IPv4, IPv6]',
    'sessionAffinity: None',
  ),
  takes(
    'ServiceSingle',
    'ipFamilyPolicy: SingleStack\n  ipFamilies: [IPv4]',
    'sessionAffinity: None',
  ),
  takes('Service', 'port: 80', 'port: 81'),
  takes('Service', 'selector: {app: demo}', 'selector: {app: other}'),
  takes('ServiceNode', 'port: 80', 'port: 80, nodePort: 31997'),
]

const others = [
  ...(['RoleBinding', 'ClusterRoleBinding'] as const).flatMap((base) => [
    refuses(base, 'roleRef.name', 'name: view', 'name: edit'),
    takes(base, 'somebody', 'another'),
  ]),
  refuses('PriorityClass', 'value', 'value: 10', 'value: 11'),
  refuses('PriorityClass', 'preemptionPolicy', 'value: 10', 'value: 10\npreemptionPolicy: Never'),
  takes('PriorityClass', 'value: 10', 'value: 10\npreemptionPolicy: PreemptLowerPriority'),
  takes('PriorityClass', 'description: x', 'description: z'),
  refuses('RuntimeClass', 'handler', 'runc', 'kata'),
  refuses('IngressClass', 'spec.controller', 'example.com/one', 'example.com/two'),
  takes('Ingress', 'ingressClassName: one', 'ingressClassName: two'),
  refuses('Secret', 'type', 'Opaque', 'example.com/other'),
  refuses('SecretBare', 'type', 'stringData', 'type: example.com/other\nstringData'),
  takes('SecretBare', 'stringData', 'type: Opaque\nstringData'),
  takes('Secret', 'stringData: {a: b}', 'stringData: {a: c}'),
  takes('Secret', 'stringData: {a: b}', 'immutable: true\nstringData: {a: b}'),
  refuses('SecretFixed', 'data.a', '{a: b}', '{a: c}'),
  takes('SecretFixed', 'stringData: {a: b}', 'data: {a: Yg==}'),
  refuses('SecretFixed', 'immutable', 'immutable: true', 'immutable: false'),
  refuses('SecretFixed', 'immutable', 'immutable: true\n', ''),
  takes('ConfigMap', '{a: b}', '{a: c}'),
  takes('ConfigMap', 'data: {a', 'immutable: true\ndata: {a'),
  refuses('ConfigMapFixed', 'data.a', '{a: b}', '{a: c}'),
  refuses('ConfigMapFixed', 'data.b', '{a: b}', '{a: b, b: c}'),
  refuses('ConfigMapFixed', 'binaryData.c', 'Yg==', 'Yw=='),
  refuses('ConfigMapFixed', 'immutable', 'immutable: true', 'immutable: false'),
  refuses('ConfigMapFixed', 'immutable', 'immutable: true\n', ''),
  takes('ConfigMapFixed', 'metadata: {name: demo}', 'metadata: {name: demo, labels: {a: b}}'),
  refuses('ControllerRevision', 'data.a', '{a: b}', '{a: c}'),
  takes('ControllerRevision', 'revision: 1', 'revision: 2'),
  refuses('EndpointSlice', 'addressType', 'IPv4', 'IPv6'),
  refuses('ResourceClaim', 'spec.devices.requests[0].exactly.deviceClassName', 'one', 'two'),
  refuses(
    'ResourceClaimTemplate',
    'spec.spec.devices.requests[0].exactly.deviceClassName',
    'one',
    'two',
  ),
  refuses('CustomResourceDefinition', 'spec.scope', 'Namespaced', 'Cluster'),
  refuses('CustomResourceDefinition', 'spec.names.kind', 'kind: Demo', 'kind: Other'),
  takes('CustomResourceDefinition', 'shortNames: [dm]', 'shortNames: [dmo]'),
  takes('NetworkPolicy', '{app: demo}', '{app: other}'),
  takes('PodDisruptionBudget', '{app: demo}', '{app: other}'),
  takes('HorizontalPodAutoscaler', 'name: demo}\n  max', 'name: other}\n  max'),
  takes('ValidatingAdmissionPolicyBinding', 'policyName: one', 'policyName: two'),
]

/** Changes that Kubernetes refuses, and changes beside them that it takes; `npm run verify:upgrades` asks it. */
export const fieldCases: readonly FieldCase[] = [
  ...workloads,
  ...statefulSet,
  ...strategies,
  ...jobs,
  ...pods,
  ...storage,
  ...services,
  ...others,
]
