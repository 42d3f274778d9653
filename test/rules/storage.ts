// Media: one claim, the same for everything that reads or writes them.
import {
  type ContainerView,
  defineRule,
  isRecord,
  type Manifest,
  type PodView,
  type Render,
  type Rule,
  selects,
} from 'chart-harness'
import { componentOf } from './environment.ts'

const mediaPath = '/opt/mastodon/public/system'

function mountsMedia({ container }: ContainerView): boolean {
  return (container.volumeMounts ?? []).some(({ mountPath }) => mountPath === mediaPath)
}

function claimOf({ container, pod }: ContainerView): string {
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === mediaPath)
  const volume = pod.spec.volumes?.find(({ name }) => name === mount?.name)
  return volume?.persistentVolumeClaim?.claimName ?? Object.keys(volume ?? {}).join(' ')
}

const isApplication = (view: ContainerView): boolean =>
  view.role === 'main' &&
  view.container.name === 'main' &&
  /^(web|sidekiq-.+)$/.test(componentOf(view))

const oneMediaClaim = defineRule({
  name: 'media-one-claim',
  appliesTo: (render) =>
    render.containers().some(mountsMedia)
      ? render.containers((view) => isApplication(view) || mountsMedia(view))
      : [],
  check: (view, render) => {
    if (!mountsMedia(view)) return `mounts nothing at ${mediaPath}, where others keep media.`
    if (view.container.volumeMounts?.some((m) => m.mountPath === mediaPath && m.subPath)) {
      return `mounts a part of the volume at ${mediaPath}, so uploads would not meet.`
    }
    const claims = new Set(render.containers(mountsMedia).map(claimOf))
    if (claims.size === 1) return undefined
    return `keeps media on ${claimOf(view)}, others on ${[...claims].filter((name) => name !== claimOf(view)).join(', ')}.`
  },
})

/** Pods that share a claim which one node at a time can mount. */
function tiedPods(render: Render): PodView[] {
  const claims = render.objects.filter(({ kind }) => kind === 'PersistentVolumeClaim')
  const oneNode = new Set(
    claims
      .filter((claim) => !accessModes(claim).includes('ReadWriteMany'))
      .map((claim) => claim.metadata.name),
  )
  const tied = render.containers().filter((view) => mountsMedia(view) && oneNode.has(claimOf(view)))
  return [...new Set(tied.map(({ pod }) => pod))]
}

function accessModes({ spec }: Manifest): readonly unknown[] {
  return isRecord(spec) && Array.isArray(spec.accessModes) ? spec.accessModes : []
}

const mediaOnOneNode = defineRule({
  name: 'media-on-one-node',
  appliesTo: tiedPods,
  check: (pod, render) => {
    const terms =
      pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    const others = tiedPods(render).map(({ metadata }) => metadata.labels ?? {})
    const tied = terms.some(
      ({ topologyKey, labelSelector }) =>
        topologyKey === 'kubernetes.io/hostname' &&
        labelSelector !== undefined &&
        others.every((labels) => selects(labelSelector, labels)),
    )
    if (tied) return undefined
    return 'shares a ReadWriteOnce claim, but nothing keeps it on the node of the other pods.'
  },
})

/** The rules of this file. */
export const storageRules: readonly Rule[] = [oneMediaClaim, mediaOnOneNode]
