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
  Backup BackendTLSPolicy Certificate Cluster Database ExternalSecret Gateway GRPCRoute HTTPRoute IngressRoute
  Issuer ListenerSet Middleware ObjectStore PodMonitor Pooler PrometheusRule ReferenceGrant ScaledJob ScaledObject
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

/** The candidate that `wanted` may be a typing error of: at most a third of its letters differ. */
export function closest(wanted: string, candidates: Iterable<string>): string | undefined {
  const [near] = nearest(wanted, candidates)
  const letters = Math.max(1, Math.floor(wanted.length / 3))
  return near !== undefined && distance(wanted, near) <= letters ? near : undefined
}

/** How many letters have to be added, removed, replaced or swapped with the next one. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const cost = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        cost(i - 1, j) + 1,
        cost(i, j - 1) + 1,
        cost(i - 1, j - 1) + (isSame ? 0 : 1),
        isSwapped ? cost(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
  }
  return cost(a.length, b.length)
}
