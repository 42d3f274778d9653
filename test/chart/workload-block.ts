// Every key of the workload block: a value that bears the component's mark, and where it is found again.
import { besides, type ComponentView } from './views.ts'

/** One key of the block. */
export interface BlockKey {
  readonly key: string
  /** A value for the component with this mark and this number. */
  value(mark: string, n: number): unknown
  /** What the render made of it, in the form of `value`. */
  found(view: ComponentView, mark: string): unknown
}

const spec = (view: ComponentView) => view.object.spec as Record<string, unknown>
const named = <T extends { name?: string }>(list: readonly T[] | undefined, name: string) =>
  list?.filter((item) => item.name === name)
const probe = (n: number) => ({ exec: { command: ['probe', String(n)] }, periodSeconds: n })

const metadata: readonly BlockKey[] = [
  {
    key: 'name',
    value: (mark) => `named-${mark}`,
    found: ({ object }) => object.metadata.name,
  },
  {
    key: 'labels',
    value: (mark) => ({ mark }),
    found: ({ object }) => ({ mark: object.metadata.labels?.mark }),
  },
  {
    key: 'annotations',
    value: (mark) => ({ mark }),
    found: ({ object }) => ({ mark: object.metadata.annotations?.mark }),
  },
  {
    key: 'podLabels',
    value: (mark) => ({ podMark: mark }),
    found: ({ podMetadata }) => ({ podMark: podMetadata.labels?.podMark }),
  },
  {
    key: 'podAnnotations',
    value: (mark) => ({ podMark: mark }),
    found: ({ podMetadata }) => ({ podMark: podMetadata.annotations?.podMark }),
  },
]

const controller: readonly BlockKey[] = [
  { key: 'replicas', value: (_, n) => n, found: (view) => spec(view).replicas },
  {
    key: 'strategy',
    value: (_, n) => ({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: n, maxSurge: n } }),
    found: (view) => spec(view).strategy,
  },
  {
    key: 'revisionHistoryLimit',
    value: (_, n) => n,
    found: (view) => spec(view).revisionHistoryLimit,
  },
  {
    key: 'progressDeadlineSeconds',
    value: (_, n) => 1000 + n,
    found: (view) => spec(view).progressDeadlineSeconds,
  },
  {
    key: 'pdb',
    value: (_, n) => ({ enabled: true, maxUnavailable: n }),
    found: (view) => {
      const { maxUnavailable } = besides(view, 'PodDisruptionBudget').spec ?? {}
      return { enabled: true, maxUnavailable }
    },
  },
  {
    key: 'autoscaling',
    value: (_, n) => ({
      enabled: true,
      minReplicas: n,
      maxReplicas: 10 + n,
      targetCPUUtilizationPercentage: 50 + n,
      behavior: { scaleDown: { stabilizationWindowSeconds: n } },
    }),
    found: (view) => {
      const { minReplicas, maxReplicas, metrics, behavior } =
        besides(view, 'HorizontalPodAutoscaler').spec ?? {}
      const targetCPUUtilizationPercentage = metrics?.[0]?.resource?.target.averageUtilization
      return { enabled: true, minReplicas, maxReplicas, targetCPUUtilizationPercentage, behavior }
    },
  },
  {
    key: 'service',
    value: (mark, n) => ({ port: 8000 + n, labels: { mark }, annotations: { mark } }),
    found: (view) => {
      const { metadata: about, spec: service } = besides(view, 'Service')
      const { labels, annotations } = about
      return {
        port: service?.ports?.[0]?.port,
        labels: { mark: labels?.mark },
        annotations: { mark: annotations?.mark },
      }
    },
  },
  {
    key: 'serviceAccount',
    value: (mark) => ({ create: true, name: `account-${mark}`, annotations: { mark } }),
    found: ({ render, pod }) => {
      const name = pod.serviceAccountName ?? ''
      const mark = render.one('ServiceAccount', name).metadata.annotations?.mark
      return { create: true, name, annotations: { mark } }
    },
  },
]

const container: readonly BlockKey[] = [
  {
    key: 'image',
    value: (mark, n) => ({
      registry: `${mark}.example.com`,
      repository: `${mark}/image`,
      tag: `v9.9.${n}`,
      digest: `sha256:${'0'.repeat(63)}${n % 10}`,
      pullPolicy: 'Always',
    }),
    found: ({ main: { image = '', imagePullPolicy } }) => {
      const parts = /^([^/]+)\/(.+):(.+)@(.+)$/.exec(image)
      const [, registry, repository, tag, digest] = parts ?? []
      const short = tag?.endsWith(':sha256') ? tag.slice(0, -7) : tag
      return { registry, repository, tag: short, digest, pullPolicy: imagePullPolicy }
    },
  },
  { key: 'command', value: (mark) => ['run', mark], found: ({ main }) => main.command },
  { key: 'args', value: (mark) => ['--for', mark], found: ({ main }) => main.args },
  {
    key: 'env',
    value: (mark) => ({
      MARK: mark,
      NODE: { valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    }),
    found: ({ main }) => {
      const list = [...(named(main.env, 'MARK') ?? []), ...(named(main.env, 'NODE') ?? [])]
      return Object.fromEntries(
        list.map(({ name, value, valueFrom }) => [name, valueFrom ? { valueFrom } : value]),
      )
    },
  },
  {
    key: 'envFrom',
    value: (mark) => [
      { configMapRef: { name: mark } },
      { secretRef: { name: mark }, prefix: 'P_' },
    ],
    found: ({ main }) => main.envFrom?.slice(-2),
  },
  {
    key: 'resources',
    value: (_, n) => ({
      requests: { cpu: `${n}m`, memory: `${n}Mi`, 'ephemeral-storage': `${n}Mi` },
      limits: { cpu: `${n}`, memory: `${n}Gi`, 'ephemeral-storage': `${n}Gi` },
    }),
    found: ({ main }) => main.resources,
  },
  {
    key: 'probes',
    value: (_, n) => ({ startup: probe(n), readiness: probe(n + 20), liveness: probe(n + 40) }),
    found: ({ main: { startupProbe, readinessProbe, livenessProbe } }) => {
      const pick = (given: typeof startupProbe) => ({
        exec: given?.exec,
        periodSeconds: given?.periodSeconds,
      })
      return {
        startup: pick(startupProbe),
        readiness: pick(readinessProbe),
        liveness: pick(livenessProbe),
      }
    },
  },
  {
    key: 'lifecycle',
    value: (mark) => ({ postStart: { exec: { command: ['hello', mark] } } }),
    found: ({ main }) => ({ postStart: main.lifecycle?.postStart }),
  },
  {
    key: 'volumeMounts',
    value: (mark) => [{ name: `volume-${mark}`, mountPath: `/mnt/${mark}`, readOnly: true }],
    found: ({ main }, mark) => named(main.volumeMounts, `volume-${mark}`),
  },
  {
    key: 'securityContext',
    value: (_, n) => ({ runAsUser: 1000 + n }),
    found: ({ main }) => ({ runAsUser: main.securityContext?.runAsUser }),
  },
]

const pod: readonly BlockKey[] = [
  {
    key: 'podSecurityContext',
    value: (_, n) => ({ supplementalGroups: [n] }),
    found: ({ pod: { securityContext } }) => ({
      supplementalGroups: securityContext?.supplementalGroups,
    }),
  },
  {
    key: 'nodeSelector',
    value: (mark) => ({ mark }),
    found: ({ pod: { nodeSelector } }) => nodeSelector,
  },
  {
    key: 'tolerations',
    value: (mark) => [{ key: mark, operator: 'Exists', effect: 'NoSchedule' }],
    found: ({ pod: { tolerations } }) => tolerations,
  },
  {
    key: 'affinity',
    value: (mark) => ({
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, preference: { matchExpressions: [{ key: mark, operator: 'Exists' }] } },
        ],
      },
    }),
    found: ({ pod: { affinity } }) => affinity,
  },
  {
    key: 'topologySpreadConstraints',
    value: (mark, n) => [
      {
        maxSkew: n,
        topologyKey: mark,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { mark } },
      },
    ],
    found: ({ pod: { topologySpreadConstraints } }) => topologySpreadConstraints,
  },
  {
    key: 'priorityClassName',
    value: (mark) => `priority-${mark}`,
    found: ({ pod: { priorityClassName } }) => priorityClassName,
  },
  {
    key: 'runtimeClassName',
    value: (mark) => `runtime-${mark}`,
    found: ({ pod: { runtimeClassName } }) => runtimeClassName,
  },
  {
    key: 'hostAliases',
    value: (mark, n) => [{ ip: `192.0.2.${n}`, hostnames: [mark] }],
    found: ({ pod: { hostAliases } }) => hostAliases,
  },
  {
    key: 'dnsConfig',
    value: (mark) => ({ searches: [mark] }),
    found: ({ pod: { dnsConfig } }) => dnsConfig,
  },
  {
    key: 'terminationGracePeriodSeconds',
    value: (_, n) => 1000 + n,
    found: ({ pod: { terminationGracePeriodSeconds } }) => terminationGracePeriodSeconds,
  },
  { key: 'hostname', value: (mark) => `host-${mark}`, found: ({ pod: { hostname } }) => hostname },
  {
    key: 'subdomain',
    value: (mark) => `sub-${mark}`,
    found: ({ pod: { subdomain } }) => subdomain,
  },
  {
    key: 'volumes',
    value: (mark) => [{ name: `volume-${mark}`, emptyDir: { sizeLimit: '1Mi' } }],
    found: ({ pod: { volumes } }, mark) => named(volumes, `volume-${mark}`),
  },
  {
    key: 'initContainers',
    value: (mark) => [{ name: `init-${mark}`, image: 'example.com/init:1.0.0' }],
    found: ({ pod: { initContainers } }, mark) =>
      named(initContainers, `init-${mark}`)?.map(({ name, image }) => ({ name, image })),
  },
  {
    key: 'sidecars',
    value: (mark) => [{ name: `sidecar-${mark}`, image: 'example.com/sidecar:1.0.0' }],
    found: ({ pod: { containers } }, mark) =>
      named(containers, `sidecar-${mark}`)?.map(({ name, image }) => ({ name, image })),
  },
]

/** All keys of the block. */
export const blockKeys: readonly BlockKey[] = [...metadata, ...controller, ...container, ...pod]

/** A block with these keys, each with the mark. */
export function markedBlock(keys: readonly string[], mark: string, n: number): object {
  const wanted = blockKeys.filter(({ key }) => keys.includes(key))
  return Object.fromEntries(wanted.map(({ key, value }) => [key, value(mark, n)]))
}
