import { nameOf, namespaceOf } from '../objects/manifests.ts'
import { findAll } from '../objects/paths.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { ContainerView, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { keysOf } from './references.ts'

/** Every mount has a volume, every volume a mount, and no path or volume name occurs twice. */
export function checkMounts(render: Render): Problem[] {
  return podsOf(render.objects).flatMap((pod) => {
    const containers = containersOf(pod)
    const volumes = volumeNames(pod)
    return [
      ...containers.flatMap((view) => [...containerMounts(view, volumes, render)]),
      ...podVolumes(pod, containers, volumes),
    ]
  })
}

function volumeNames({ owner, spec }: PodView): string[] {
  const templates =
    owner.kind === 'StatefulSet' ? findAll(owner, 'spec.volumeClaimTemplates.*.metadata.name') : []
  return [
    ...(spec.volumes ?? []).map(({ name }) => name),
    ...templates.map(({ value }) => String(value)),
  ]
}

function* containerMounts(
  { owner, pod, container, path }: ContainerView,
  volumes: readonly string[],
  render: Render,
): Iterable<Problem> {
  const object = nameOf(owner)
  for (const place of findAll(container, 'volumeMounts|volumeDevices.*.name')) {
    if (volumes.includes(String(place.value))) continue
    const message = `there is no volume ${place.value}. The pod's volumes: ${listed(volumes)}.`
    yield { rule: 'mount-has-volume', object, path: `${path}.${place.path}`, message }
  }
  const seen = new Set<string>()
  for (const [index, { name, mountPath, subPath }] of (container.volumeMounts ?? []).entries()) {
    const at = { object, path: `${path}.volumeMounts[${index}]` }
    const plain = mountPath.replace(/(.)\/+$/, '$1')
    if (seen.has(plain)) {
      const message = `${plain} is mounted twice in container ${container.name}. Remove one.`
      yield { rule: 'mount-path-unique', ...at, message }
    }
    seen.add(plain)
    // A subPath of a ConfigMap or Secret volume names one of its files; a wrong one becomes an empty folder.
    const files = subPath === undefined ? undefined : filesOf(pod, name, render)
    if (subPath === undefined || files === undefined || files.includes(subPath)) continue
    const message = `the volume ${name} has no file ${subPath}. Its files: ${listed(files)}.`
    yield { rule: 'mount-subpath', ...at, message }
  }
}

function listed(names: readonly string[]): string {
  return names.join(', ') || 'none'
}

function* podVolumes(
  pod: PodView,
  containers: readonly ContainerView[],
  volumes: readonly string[],
): Iterable<Problem> {
  const at = { object: nameOf(pod.owner), path: `${pod.path}.volumes` }
  const used = new Set(
    containers.flatMap(({ container }) =>
      findAll(container, 'volumeMounts|volumeDevices.*.name').map(({ value }) => value),
    ),
  )
  for (const name of volumes.filter((volume) => !used.has(volume))) {
    const message = `no container mounts the volume ${name}. Mount or remove it.`
    yield { rule: 'volume-is-mounted', ...at, message }
  }
  for (const name of new Set(volumes.filter((one, index) => volumes.indexOf(one) !== index))) {
    yield {
      rule: 'volume-name-unique',
      ...at,
      message: `two volumes are called ${name}. Rename one.`,
    }
  }
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
