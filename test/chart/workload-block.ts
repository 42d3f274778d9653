// Every key of the workload block: a value with the component's mark, and where the render has it.
import type { View } from './views.ts'

/** One key of the block. */
export interface BlockKey {
  readonly key: string
  /** A value for the component with this mark and this number. */
  value(mark: string, n: number): unknown
  /** What the render has there, at least what is in the value. */
  found(view: View, mark: string): unknown
}

type Block = Readonly<Record<string, unknown>>

const marked = (mark: string) => ({ mark })
const probe = (n: number) => ({ exec: { command: ['probe', String(n)] }, periodSeconds: n })

/** Those of a list that have the name. */
function named<T extends { name?: string }>(list: readonly T[] | undefined, name: string): T[] {
  return list?.filter((item) => item.name === name) ?? []
}

/** A key that ends up under the same name in the place. */
const under = (place: (view: View) => unknown) => (key: string, value: BlockKey['value']) => {
  const found = (view: View) => (place(view) as Block)[key]
  return { key, value, found } satisfies BlockKey
}
const inPod = under(({ pod }) => pod)
const inMain = under(({ main }) => main)
const inSpec = under(({ object }) => object.spec)

const metadata: readonly BlockKey[] = [
  { key: 'name', value: (mark) => `named-${mark}`, found: ({ object }) => object.metadata.name },
  { key: 'labels', value: marked, found: ({ object }) => object.metadata.labels },
  { key: 'annotations', value: marked, found: ({ object }) => object.metadata.annotations },
  { key: 'podLabels', value: marked, found: ({ podMetadata }) => podMetadata.labels },
  { key: 'podAnnotations', value: marked, found: ({ podMetadata }) => podMetadata.annotations },
]

const controller: readonly BlockKey[] = [
  inSpec('replicas', (_, n) => n),
  inSpec('strategy', (_, n) => ({
    ...{ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: n, maxSurge: n } },
  })),
  inSpec('revisionHistoryLimit', (_, n) => n),
  inSpec('progressDeadlineSeconds', (_, n) => 1000 + n),
  {
    key: 'pdb',
    value: (_, n) => ({ enabled: true, maxUnavailable: n }),
    found: (view) => ({ enabled: true, ...view.own('PodDisruptionBudget').spec }),
  },
  {
    key: 'autoscaling',
    value: (_, n) => ({
      ...{ enabled: true, minReplicas: n, maxReplicas: 10 + n },
      targetCPUUtilizationPercentage: 50 + n,
      behavior: { scaleDown: { stabilizationWindowSeconds: n } },
    }),
    found: (view) => {
      const { metrics, ...rest } = view.own('HorizontalPodAutoscaler').spec ?? {}
      const targetCPUUtilizationPercentage = metrics?.[0]?.resource?.target.averageUtilization
      return { enabled: true, targetCPUUtilizationPercentage, ...rest }
    },
  },
  {
    key: 'service',
    value: (mark, n) => ({ port: 8000 + n, labels: { mark }, annotations: { mark } }),
    found: (view) => {
      const service = view.own('Service')
      return { ...service.metadata, ...service.spec, port: service.spec?.ports?.[0]?.port }
    },
  },
  {
    key: 'serviceAccount',
    value: (mark) => ({ create: true, name: `account-${mark}`, annotations: { mark } }),
    found: ({ render, pod: { serviceAccountName: name = '' } }) => {
      const { annotations } = render.one('ServiceAccount', name).metadata
      return { create: true, name, annotations }
    },
  },
]

const container: readonly BlockKey[] = [
  {
    key: 'image',
    value: (mark, n) => ({
      ...{ registry: `${mark}.example.com`, repository: `${mark}/image`, tag: `v9.9.${n}` },
      ...{ digest: `sha256:${'0'.repeat(63)}${n % 10}`, pullPolicy: 'Always' },
    }),
    found: ({ main: { image = '', imagePullPolicy } }) => {
      const [, registry, repository, tag, digest] = /^([^/]+)\/(.+?):(.+)@(.+)$/.exec(image) ?? []
      return { registry, repository, tag, digest, pullPolicy: imagePullPolicy }
    },
  },
  inMain('command', (mark) => ['run', mark]),
  inMain('args', (mark) => ['--for', mark]),
  {
    key: 'env',
    value: (mark) => ({
      ...{ MARK: mark, NODE: { valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } } },
    }),
    found: ({ env }) => ({ ...env, NODE: { valueFrom: env.NODE } }),
  },
  {
    key: 'envFrom',
    value: (name) => [{ configMapRef: { name } }, { secretRef: { name }, prefix: 'P_' }],
    found: ({ main }) => main.envFrom?.slice(-2),
  },
  inMain('resources', (_, n) => ({
    requests: { cpu: `${n}m`, memory: `${n}Mi`, 'ephemeral-storage': `${n}Mi` },
    limits: { cpu: `${n}`, memory: `${n}Gi`, 'ephemeral-storage': `${n}Gi` },
  })),
  {
    key: 'probes',
    value: (_, n) => ({ startup: probe(n), readiness: probe(n + 20), liveness: probe(n + 40) }),
    found: ({ main: { startupProbe, readinessProbe, livenessProbe } }) => ({
      ...{ startup: startupProbe, readiness: readinessProbe, liveness: livenessProbe },
    }),
  },
  inMain('lifecycle', (mark) => ({ postStart: { exec: { command: ['hello', mark] } } })),
  {
    key: 'volumeMounts',
    value: (mark) => [{ name: `volume-${mark}`, mountPath: `/mnt/${mark}`, readOnly: true }],
    found: ({ main }, mark) => named(main.volumeMounts, `volume-${mark}`),
  },
  inMain('securityContext', (_, n) => ({ runAsUser: 1000 + n })),
]

const pod: readonly BlockKey[] = [
  {
    key: 'podSecurityContext',
    value: (_, n) => ({ supplementalGroups: [n] }),
    found: (view) => view.pod.securityContext,
  },
  inPod('nodeSelector', marked),
  inPod('tolerations', (key) => [{ key, operator: 'Exists', effect: 'NoSchedule' }]),
  inPod('affinity', (key) => {
    const preference = { matchExpressions: [{ key, operator: 'Exists' }] }
    const preferred = [{ weight: 1, preference }]
    return { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } }
  }),
  inPod('topologySpreadConstraints', (mark, maxSkew) => {
    const labelSelector = { matchLabels: { mark } }
    return [{ maxSkew, topologyKey: mark, whenUnsatisfiable: 'ScheduleAnyway', labelSelector }]
  }),
  inPod('priorityClassName', (mark) => `priority-${mark}`),
  inPod('runtimeClassName', (mark) => `runtime-${mark}`),
  inPod('schedulerName', (mark) => `scheduler-${mark}`),
  inPod('shareProcessNamespace', () => true),
  inPod('hostAliases', (mark, n) => [{ ip: `192.0.2.${n}`, hostnames: [mark] }]),
  inPod('dnsConfig', (mark) => ({ searches: [mark] })),
  inPod('terminationGracePeriodSeconds', (_, n) => 1000 + n),
  inPod('hostname', (mark) => `host-${mark}`),
  inPod('subdomain', (mark) => `sub-${mark}`),
  {
    key: 'volumes',
    value: (mark) => [{ name: `volume-${mark}`, emptyDir: { sizeLimit: '1Mi' } }],
    found: (view, mark) => named(view.pod.volumes, `volume-${mark}`),
  },
  {
    key: 'tmp',
    value: (_, n) => ({ medium: 'Memory', sizeLimit: `${n}Mi` }),
    found: (view) => named(view.pod.volumes, 'tmp')[0]?.emptyDir,
  },
  {
    key: 'initContainers',
    value: (mark) => [{ name: `init-${mark}`, image: 'example.com/init:1.0.0' }],
    found: (view, mark) => named(view.pod.initContainers, `init-${mark}`),
  },
  {
    key: 'sidecars',
    value: (mark) => [{ name: `sidecar-${mark}`, image: 'example.com/sidecar:1.0.0' }],
    // In Jobs they are init containers that keep running, or the Job would never end.
    found: ({ pod: { containers, initContainers } }, mark) =>
      named([...containers, ...(initContainers ?? [])], `sidecar-${mark}`),
  },
]

/** All keys of the block. */
export const blockKeys: readonly BlockKey[] = [...metadata, ...controller, ...container, ...pod]

/** A block with these keys, each with the mark. */
export function markedBlock(keys: readonly BlockKey[], mark: string, n: number): Block {
  return Object.fromEntries(keys.map(({ key, value }) => [key, value(mark, n)]))
}

/** What the render has of these keys, in the form of the block. */
export function foundBlock(keys: readonly BlockKey[], view: View, mark = ''): Block {
  return Object.fromEntries(keys.map(({ key, found }) => [key, found(view, mark)]))
}
