// Every key of the workload block: a value that bears the component's mark, and where it is found again.
import type { BlockKey } from './block-key.ts'
import { containerKeys } from './block-of-container.ts'
import { podSpecKeys } from './block-of-pod.ts'
import { besides, type ComponentView } from './views.ts'

const spec = (view: ComponentView) => view.object.spec as Record<string, unknown>

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

/** All keys of the block. */
export const blockKeys: readonly BlockKey[] = [
  ...metadata,
  ...controller,
  ...containerKeys,
  ...podSpecKeys,
]

/** A block with these keys, each with the mark. */
export function markedBlock(keys: readonly string[], mark: string, n: number): object {
  const wanted = blockKeys.filter(({ key }) => keys.includes(key))
  return Object.fromEntries(wanted.map(({ key, value }) => [key, value(mark, n)]))
}
