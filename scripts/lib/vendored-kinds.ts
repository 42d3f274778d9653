// Which kinds have a schema in schema/kubernetes and schema/crds.
import type { CrdKind, CrdModule, ServedKind } from 'chart-harness'

const kindsByApi = {
  v1: 'ConfigMap Namespace PersistentVolume PersistentVolumeClaim Pod Secret Service ServiceAccount',
  'apps/v1': 'Deployment StatefulSet',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'batch/v1': 'CronJob Job',
  'networking.k8s.io/v1': 'Ingress NetworkPolicy',
  'policy/v1': 'PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
  'scheduling.k8s.io/v1': 'PriorityClass',
  'storage.k8s.io/v1': 'StorageClass',
}

/** Kubernetes' kinds that a chart of ours renders; each has a file in every folder. */
export const vendoredKinds: readonly ServedKind[] = Object.entries(kindsByApi).flatMap(
  ([apiVersion, kinds]) => kinds.split(' ').map((kind) => ({ apiVersion, kind })),
)

/** Kinds of others that people use with the chart. To take them from a newer release, change its version here. */
export const crdModules: readonly CrdModule[] = [
  {
    module: 'sigs.k8s.io/gateway-api',
    version: 'v1.6.3',
    crds: inFolder('config/crd/standard', {
      'gateway.networking.k8s.io/v1':
        'BackendTLSPolicy Gateway HTTPRoute ListenerSet ReferenceGrant',
      'gateway.networking.k8s.io/v1beta1': 'ReferenceGrant',
    }),
  },
  {
    module: 'github.com/cloudnative-pg/cloudnative-pg',
    version: 'v1.30.1',
    crds: inFolder('config/crd/bases', {
      'postgresql.cnpg.io/v1': 'Backup Cluster Database Pooler ScheduledBackup',
    }),
  },
  {
    module: 'github.com/cloudnative-pg/plugin-barman-cloud',
    version: 'v0.15.0',
    crds: inFolder('config/crd/bases', { 'barmancloud.cnpg.io/v1': 'ObjectStore' }),
  },
  {
    module: 'github.com/cert-manager/cert-manager',
    version: 'v1.21.2',
    crds: inFolder('deploy/crds', { 'cert-manager.io/v1': 'Certificate ClusterIssuer Issuer' }),
  },
  {
    module: 'github.com/external-secrets/external-secrets',
    version: 'v1.3.2',
    // Each of the forty providers has options of its own, 35 KB together: they are not checked.
    crds: inFolder(
      'config/crds/bases',
      { 'external-secrets.io/v1': 'ClusterSecretStore ExternalSecret SecretStore' },
      ['spec.provider.*'],
    ),
  },
  {
    module: 'github.com/bitnami-labs/sealed-secrets',
    version: 'v0.40.0',
    crds: inFolder('helm/sealed-secrets/crds', { 'bitnami.com/v1alpha1': 'SealedSecret' }),
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    crds: inFolder('example/prometheus-operator-crd', {
      'monitoring.coreos.com/v1': 'PodMonitor PrometheusRule ServiceMonitor',
    }),
  },
  {
    module: 'github.com/kedacore/keda/v2',
    version: 'v2.21.0',
    crds: inFolder('config/crd/bases', {
      'keda.sh/v1alpha1': 'ScaledObject TriggerAuthentication',
    }),
  },
]

// controller-gen names a file `<group>_<plural>.yaml`.
function inFolder(
  folder: string,
  kindsOf: Readonly<Record<string, string>>,
  unchecked: readonly string[] = [],
): CrdModule['crds'] {
  const files = new Map<string, CrdKind[]>()
  for (const [apiVersion, kinds] of Object.entries(kindsOf)) {
    for (const kind of kinds.split(' ')) {
      const plural = `${kind.toLowerCase()}s`.replace(/cys$/, 'cies')
      const file = `${folder}/${apiVersion.replace(/\/.*/, '')}_${plural}.yaml`
      files.set(file, [...(files.get(file) ?? []), { apiVersion, kind, unchecked }])
    }
  }
  return Object.fromEntries(files)
}
