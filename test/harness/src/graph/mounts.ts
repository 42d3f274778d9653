import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { ContainerView, Manifest, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { keysOf } from './existence.ts'

/** Every mount has a volume, every volume a mount, and no path or volume name occurs twice. */
export function checkMounts(render: Render): Problem[] {
  return podsOf(render.objects).flatMap((pod) => {
    const containers = containersOf(pod)
    const volumes = volumeNames(pod)
    return [
      ...containers.flatMap((view) => [...withoutVolume(view, volumes), ...samePath(view)]),
      ...containers.flatMap((view) => missingSubPath(view, render)),
      ...unusedVolumes(pod, containers),
      ...twice(pod),
    ]
  })
}

function templatesOf(owner: Manifest): string[] {
  const spec = isRecord(owner.spec) ? owner.spec : {}
  const templates = owner.kind === 'StatefulSet' ? spec.volumeClaimTemplates : undefined
  if (!Array.isArray(templates)) return []
  return templates.map((template: Manifest) => template.metadata.name)
}

function volumeNames(pod: PodView): string[] {
  return [...(pod.spec.volumes ?? []).map(({ name }) => name), ...templatesOf(pod.owner)]
}

function withoutVolume(
  { owner, container, path }: ContainerView,
  volumes: readonly string[],
): Problem[] {
  const mounts = (container.volumeMounts ?? []).map(({ name }, index) => ({
    name,
    at: `volumeMounts[${index}]`,
  }))
  const devices = (container.volumeDevices ?? []).map(({ name }, index) => ({
    name,
    at: `volumeDevices[${index}]`,
  }))
  return [...mounts, ...devices]
    .filter(({ name }) => !volumes.includes(name))
    .map(({ name, at }) => ({
      rule: 'mount-has-volume',
      object: nameOf(owner),
      path: `${path}.${at}`,
      message: `there is no volume ${name}. The pod's volumes: ${volumes.join(', ') || 'none'}.`,
    }))
}

function samePath({ owner, container, path }: ContainerView): Problem[] {
  const paths = (container.volumeMounts ?? []).map(({ mountPath }) =>
    mountPath.replace(/(.)\/+$/, '$1'),
  )
  return paths.flatMap((mountPath, index) =>
    paths.indexOf(mountPath) === index
      ? []
      : [
          {
            rule: 'mount-path-unique',
            object: nameOf(owner),
            path: `${path}.volumeMounts[${index}]`,
            message: `${mountPath} is mounted twice in container ${container.name}. Drop one.`,
          },
        ],
  )
}

function unusedVolumes(pod: PodView, containers: readonly ContainerView[]): Problem[] {
  const used = new Set(
    containers.flatMap(({ container }) => [
      ...(container.volumeMounts ?? []).map(({ name }) => name),
      ...(container.volumeDevices ?? []).map(({ name }) => name),
    ]),
  )
  return volumeNames(pod)
    .filter((name) => !used.has(name))
    .map((name) => ({
      rule: 'volume-is-mounted',
      object: nameOf(pod.owner),
      path: `${pod.path}.volumes`,
      message: `no container mounts the volume ${name}. Mount or drop it.`,
    }))
}

function twice(pod: PodView): Problem[] {
  const names = volumeNames(pod)
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => ({
    rule: 'volume-name-unique',
    object: nameOf(pod.owner),
    path: `${pod.path}.volumes`,
    message: `two volumes are called ${name}. Rename one.`,
  }))
}

// A subPath of a ConfigMap or Secret volume names one of its files; a wrong one makes an empty folder.
function missingSubPath({ owner, pod, container, path }: ContainerView, render: Render): Problem[] {
  return (container.volumeMounts ?? []).flatMap(({ name, subPath }, index) => {
    const files = subPath === undefined ? undefined : filesOf(pod, name, render)
    if (subPath === undefined || files === undefined || files.includes(subPath)) return []
    const message = `the volume ${name} has no file ${subPath}. Its files: ${files.join(', ') || 'none'}.`
    return [
      {
        rule: 'mount-subpath',
        object: nameOf(owner),
        path: `${path}.volumeMounts[${index}]`,
        message,
      },
    ]
  })
}

function filesOf(pod: PodView, volumeName: string, render: Render): readonly string[] | undefined {
  const volume = pod.spec.volumes?.find(({ name }) => name === volumeName)
  const source = volume?.configMap ?? volume?.secret
  if (!volume || !source) return undefined
  if (source.items) return source.items.map((item) => item.path)
  const kind = volume.configMap ? 'ConfigMap' : 'Secret'
  const target = volume.configMap?.name ?? volume.secret?.secretName
  const namespace = namespaceOf(pod.owner, render.namespace)
  const object = render.objects.find(
    (candidate) =>
      candidate.kind === kind &&
      candidate.metadata.name === target &&
      namespaceOf(candidate, render.namespace) === namespace,
  )
  return object && keysOf(object)
}
