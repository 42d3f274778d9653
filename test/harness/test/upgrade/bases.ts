// One small object per kind, which an API server accepts (`npm run verify:upgrades` replaces the name `demo`), and what
// can be changed in it.

import { withoutValueAt, withValueAt } from '../../src/objects/paths.ts'
import { parseYaml } from '../../src/objects/yaml.ts'

const pod = `
      containers: [{name: main, image: 'example.org/main:1', resources: {requests: {cpu: 500m}}}]`

const template = `
  template:
    metadata: {labels: {app: demo}}
    spec:${pod}`

const workload = `
  selector: {matchLabels: {app: demo}}${template}`

const header = (apiVersion: string, kind: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: demo}\n`

const job = (fields: string): string => `${header('batch/v1', 'Job')}spec:${fields}
  template:
    metadata: {labels: {app: demo}}
    spec:
      restartPolicy: Never${pod}`

const service = (fields: string): string => `${header('v1', 'Service')}spec:
  selector: {app: demo}
  ports: [{name: http, port: 80}]
  ${fields}`

const claim = (fields: string): string => `${header('v1', 'PersistentVolumeClaim')}spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 2Gi}}
  ${fields}`

const set = `${header('apps/v1', 'StatefulSet')}spec:
  serviceName: demo
  replicas: 1${workload}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}`

const role = `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: somebody}]`

/** A manifest by the name that cases use. */
export const bases = {
  Cluster: header('postgresql.cnpg.io/v1', 'Cluster'),
  ClusterRoleBinding: `${header('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding')}${role}`,
  ConfigMap: `${header('v1', 'ConfigMap')}data: {a: b}`,
  ConfigMapFixed: `${header('v1', 'ConfigMap')}immutable: true\ndata: {a: b}\nbinaryData: {c: Yg==}`,
  ControllerRevision: `${header('apps/v1', 'ControllerRevision')}revision: 1\ndata: {a: b}`,
  CronJob: `${header('batch/v1', 'CronJob')}spec:
  schedule: '0 * * * *'
  jobTemplate:
    spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: 'a:1'}]}}}`,
  CSIDriver: `${header('storage.k8s.io/v1', 'CSIDriver')}spec: {attachRequired: true, volumeLifecycleModes: [Persistent]}`,
  CustomResourceDefinition: `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: demo.demo.example.com}
spec:
  group: demo.example.com
  scope: Namespaced
  names: {plural: demo, singular: dem, kind: Demo, listKind: DemoList, shortNames: [dm]}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]`,
  DaemonSet: `${header('apps/v1', 'DaemonSet')}spec:${workload}`,
  Deployment: `${header('apps/v1', 'Deployment')}spec:
  replicas: 2${workload}`,
  DeploymentRolling: `${header('apps/v1', 'Deployment')}spec:
  strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0}}${workload}`,
  DeploymentTyped: `${header('apps/v1', 'Deployment')}spec:
  strategy: {type: RollingUpdate}${workload}`,
  DeploymentRecreate: `${header('apps/v1', 'Deployment')}spec:
  strategy: {type: Recreate}${workload}`,
  EndpointSlice: `${header('discovery.k8s.io/v1', 'EndpointSlice')}addressType: IPv4\nendpoints: []`,
  HorizontalPodAutoscaler: `${header('autoscaling/v2', 'HorizontalPodAutoscaler')}spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: demo}
  maxReplicas: 2`,
  IngressClass: `${header('networking.k8s.io/v1', 'IngressClass')}spec: {controller: example.com/one}`,
  Ingress: `${header('networking.k8s.io/v1', 'Ingress')}spec:
  ingressClassName: one
  defaultBackend: {service: {name: demo, port: {number: 80}}}`,
  Job: job('\n  completions: 1'),
  JobBare: job(''),
  JobFull: `${header('batch/v1', 'Job')}spec:
  template:
    spec:
      restartPolicy: Never
      volumes:
        - {name: a, configMap: {name: x}}
        - {name: b, secret: {secretName: x}}
        - {name: c, projected: {sources: [{configMap: {name: x}}]}}
        - {name: d, hostPath: {path: /x}}
        - {name: e, downwardAPI: {items: [{path: x, fieldRef: {fieldPath: metadata.name}}]}}
        - {name: f, emptyDir: {}}
      containers:
        - name: main
          image: 'example.org/main:latest'
          ports: [{containerPort: 80}]
          env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
          resources: {limits: {cpu: 700m, memory: 1Gi}}
          readinessProbe: {httpGet: {port: 80}}
          livenessProbe: {exec: {command: [x]}}
          startupProbe: {tcpSocket: {port: 80}}
          lifecycle: {preStop: {httpGet: {port: 80}}}`,
  JobIndexed: job('\n  completionMode: Indexed\n  completions: 2\n  parallelism: 2'),
  JobSuspended: job('\n  suspend: true'),
  Namespace: header('v1', 'Namespace'),
  NetworkPolicy: `${header('networking.k8s.io/v1', 'NetworkPolicy')}spec: {podSelector: {matchLabels: {app: demo}}}`,
  PersistentVolume: `${header('v1', 'PersistentVolume')}spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteMany]
  storageClassName: ''
  mountOptions: [nfsvers=3]
  claimRef: {namespace: default, name: demo}
  nfs: {server: 192.0.2.1, path: /demo}`,
  PersistentVolumeCsi: `${header('v1', 'PersistentVolume')}spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]}}
  csi: {driver: csi.example.com, volumeHandle: one}`,
  PersistentVolumeSecret: `${header('v1', 'PersistentVolume')}spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  volumeAttributesClassName: fast
  csi: {driver: csi.example.com, volumeHandle: one, controllerExpandSecretRef: {namespace: a, name: one}}`,
  PersistentVolumeClaim: claim('storageClassName: grows'),
  PersistentVolumeClaimBare: claim('volumeMode: Filesystem'),
  PersistentVolumeClaimStatic: claim("storageClassName: ''\n  volumeName: demo"),
  Pod: `${header('v1', 'Pod')}spec:
  tolerations: [{key: a, operator: Exists}]
  containers: [{name: main, image: 'a:1', env: [{name: A, value: b}]}]`,
  PodDisruptionBudget: `${header('policy/v1', 'PodDisruptionBudget')}spec: {minAvailable: 1, selector: {matchLabels: {app: demo}}}`,
  PriorityClass: `${header('scheduling.k8s.io/v1', 'PriorityClass')}value: 10\ndescription: x`,
  ReplicaSet: `${header('apps/v1', 'ReplicaSet')}spec:${workload}`,
  ReplicationController: `${header('v1', 'ReplicationController')}spec:
  selector: {app: demo}${template}`,
  ResourceClaim: `${header('resource.k8s.io/v1', 'ResourceClaim')}spec: {devices: {requests: [{name: a, exactly: {deviceClassName: one}}]}}`,
  ResourceClaimTemplate: `${header('resource.k8s.io/v1', 'ResourceClaimTemplate')}spec: {spec: {devices: {requests: [{name: a, exactly: {deviceClassName: one}}]}}}`,
  RoleBinding: `${header('rbac.authorization.k8s.io/v1', 'RoleBinding')}${role}`,
  RuntimeClass: `${header('node.k8s.io/v1', 'RuntimeClass')}handler: runc`,
  Secret: `${header('v1', 'Secret')}type: Opaque\nstringData: {a: b}`,
  SecretBare: `${header('v1', 'Secret')}stringData: {a: b}`,
  SecretFixed: `${header('v1', 'Secret')}immutable: true\nstringData: {a: b}`,
  Service: service('type: ClusterIP'),
  ServiceAddressed: service('clusterIP: 10.96.7.7'),
  ServiceBalanced: service(
    'type: LoadBalancer\n  externalTrafficPolicy: Local\n  healthCheckNodePort: 31999',
  ),
  ServiceClassed: service('type: LoadBalancer\n  loadBalancerClass: example.com/one'),
  ServiceDual: service('ipFamilyPolicy: RequireDualStack\n  ipFamilies: [IPv4, IPv6]'),
  ServiceExternal: service('type: ExternalName\n  externalName: example.com'),
  ServiceHeadless: service('clusterIP: None'),
  ServiceNode: service('type: NodePort'),
  ServiceSingle: service('ipFamilyPolicy: SingleStack\n  ipFamilies: [IPv4]'),
  StatefulSet: set,
  StatefulSetRolling: set.replace(
    'replicas: 1',
    'updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 0}}',
  ),
  StorageClass: `${header('storage.k8s.io/v1', 'StorageClass')}provisioner: csi.example.com
parameters: {type: fast}
allowVolumeExpansion: false`,
  ValidatingAdmissionPolicyBinding: `${header('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding')}spec: {policyName: one, validationActions: [Deny]}`,
  Vault: header('a.example/v1', 'Vault'),
  VolumeAttributesClass: `${header('storage.k8s.io/v1', 'VolumeAttributesClass')}driverName: csi.example.com\nparameters: {iops: '1'}`,
} as const

/** The name of a manifest in `bases`. */
export type Base = keyof typeof bases

/** What becomes of fields, by their paths, e.g. `spec.ports.0.name`; `<removed>` removes one. */
export type Changes = Readonly<Record<string, unknown>>

/** The manifest with these changes. */
export function changed(manifest: string, changes: Changes): string {
  let object = parseYaml(manifest)
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    object =
      value === '<removed>' ? withoutValueAt(object, steps) : withValueAt(object, steps, value)
  }
  return JSON.stringify(object)
}
