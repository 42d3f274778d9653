const clusterScoped = kinds(`
  APIService ClusterRole ClusterRoleBinding CSIDriver CSINode CustomResourceDefinition
  IngressClass MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass
  RuntimeClass StorageClass ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
  ValidatingWebhookConfiguration VolumeAttributesClass ClusterIssuer ClusterSecretStore
  ClusterExternalSecret GatewayClass
`)

const namespaced = kinds(`
  ConfigMap ControllerRevision CronJob DaemonSet Deployment Endpoints EndpointSlice
  HorizontalPodAutoscaler Ingress Job Lease LimitRange NetworkPolicy PersistentVolumeClaim Pod
  PodDisruptionBudget PodTemplate ReplicaSet ReplicationController ResourceQuota Role
  RoleBinding Secret Service ServiceAccount StatefulSet
`)

// Kinds of widely used extensions, so that `none('HTTPRoute')` needs no declaration.
const extensions = kinds(`
  BackendTLSPolicy Certificate Cluster ExternalSecret Gateway GRPCRoute HTTPRoute IngressRoute
  Issuer Middleware PodMonitor PrometheusRule ReferenceGrant ScaledJob ScaledObject
  ScheduledBackup SealedSecret SecretStore ServiceMonitor TCPRoute TLSRoute
  TriggerAuthentication VerticalPodAutoscaler VolumeSnapshot
`)

const known: ReadonlySet<string> = new Set([...clusterScoped, ...namespaced, ...extensions])

function kinds(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}

/** Whether objects of this kind live outside namespaces. */
export function isClusterScoped(kind: string): boolean {
  return clusterScoped.has(kind)
}

/** Whether the catalogue knows this kind (guards absence checks against typing errors). */
export function isKnownKind(kind: string): boolean {
  return known.has(kind)
}

/** Every kind of the catalogue. */
export function knownKinds(): readonly string[] {
  return [...known].sort()
}

/** The (at most three) candidates that are nearest to `wanted` by edit distance. */
export function nearest(wanted: string, candidates: Iterable<string>): string[] {
  const scored = [...new Set(candidates)].map((text) => ({ text, score: distance(wanted, text) }))
  scored.sort((a, b) => a.score - b.score || a.text.localeCompare(b.text))
  return scored.slice(0, 3).map(({ text }) => text)
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitute))
    }
    row = next
  }
  return row[b.length] ?? 0
}
