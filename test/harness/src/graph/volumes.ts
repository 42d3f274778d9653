import { findObject, nameOf, namespaceOf } from '../objects/manifests.ts'
import { findAll } from '../objects/paths.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import { bytes } from '../objects/quantity.ts'
import type { ContainerView, Manifest, ObjectOf, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { keysOf } from './references.ts'

/** Every mount has a volume, every volume a mount, and no path or volume name occurs twice. */
export function checkMounts(render: Render): Problem[] {
  return podsOf(render.objects).flatMap((pod) => {
    const volumes = volumeNames(pod)
    return [
      ...containersOf(pod).flatMap((view) => [...containerMounts(view, volumes, render)]),
      ...podVolumes(pod, volumes),
    ]
  })
}

function volumeNames({ owner, spec }: PodView): string[] {
  return [
    ...findAll(spec, 'volumes.*.name'),
    ...(owner.kind === 'StatefulSet'
      ? findAll(owner, 'spec.volumeClaimTemplates.*.metadata.name')
      : []),
  ].map(({ value }) => String(value))
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

function* podVolumes(pod: PodView, volumes: readonly string[]): Iterable<Problem> {
  const at = { object: nameOf(pod.owner), path: `${pod.path}.volumes` }
  const mounts = findAll(pod.spec, 'initContainers|containers.*.volumeMounts|volumeDevices.*.name')
  const used = new Set(mounts.map(({ value }) => value))
  for (const name of volumes.filter((volume) => !used.has(volume))) {
    const message = `no container mounts the volume ${name}. Mount or remove it.`
    yield { rule: 'volume-is-mounted', ...at, message }
  }
  for (const name of new Set(volumes.filter((one, index) => volumes.indexOf(one) !== index))) {
    const message = `two volumes are called ${name}. Rename one.`
    yield { rule: 'volume-name-unique', ...at, message }
  }
}

function filesOf(pod: PodView, volumeName: string, render: Render): readonly string[] | undefined {
  const volume = pod.spec.volumes?.find(({ name }) => name === volumeName)
  const source = volume?.configMap ?? volume?.secret
  if (!volume || !source) return undefined
  if (source.items) return source.items.map((item) => item.path)
  const kind = volume.configMap ? 'ConfigMap' : 'Secret'
  const target = volume.configMap?.name ?? volume.secret?.secretName
  const object = findObject(render, kind, target ?? '', namespaceOf(pod.owner, render.namespace))
  return object && keysOf(object)
}

type Claim = ObjectOf<'PersistentVolumeClaim'> & Manifest
type PersistentVolume = ObjectOf<'PersistentVolume'> & Manifest

/** Volumes and claims name each other, fit each other, and every claim is used by a pod. */
export function* checkClaims(render: Render): Iterable<Problem> {
  for (const object of render.objects) {
    if (object.kind === 'PersistentVolume') yield* claimOf(object as PersistentVolume, render)
    if (object.kind !== 'PersistentVolumeClaim') continue
    const namespace = namespaceOf(object, render.namespace) ?? ''
    yield* volumeOf(object as Claim, namespace, render)
    if (isUsed(object, namespace, render)) continue
    const message = 'no pod mounts this claim, so it may stay Pending forever.'
    yield { rule: 'claim-is-used', object: nameOf(object), path: 'metadata.name', message }
  }
}

// A volume or claim that does not exist is a missing reference.
function* claimOf(volume: PersistentVolume, render: Render): Iterable<Problem> {
  const { name = '', namespace } = volume.spec?.claimRef ?? {}
  const claim = findObject(render, 'PersistentVolumeClaim', name, namespace) as Claim | undefined
  if (!claim || claim.spec?.volumeName === volume.metadata.name) return
  const message = `${nameOf(claim)} does not name this volume. Set its volumeName.`
  yield { rule: 'claim-pinned', object: nameOf(volume), path: 'spec.claimRef', message }
}

function* volumeOf(claim: Claim, namespace: string, render: Render): Iterable<Problem> {
  const name = claim.spec?.volumeName ?? ''
  const volume = findObject(render, 'PersistentVolume', name) as PersistentVolume | undefined
  if (!volume) return
  const owner = volume.spec?.claimRef
  const object = nameOf(claim)
  if (owner?.name !== claim.metadata.name || owner.namespace !== namespace) {
    const message = `${nameOf(volume)} is not pinned to this claim, so another can take it. Set its claimRef to namespace and name.`
    yield { rule: 'claim-pinned', object, path: 'spec.volumeName', message }
  }
  for (const [path, message] of misfits(claim.spec, volume.spec))
    yield { rule: 'claim-fits', object, path, message }
}

function* misfits(
  wanted: Claim['spec'],
  offered: PersistentVolume['spec'],
): Iterable<readonly [path: string, message: string]> {
  const [own, theirs] = [wanted?.storageClassName ?? '(default)', offered?.storageClassName ?? '']
  if (own !== theirs) {
    const message = `is "${own}", but the volume's is "${theirs}". Kubernetes binds only equal ones.`
    yield ['spec.storageClassName', message]
  }
  const modes = (wanted?.accessModes ?? []).filter((mode) => !offered?.accessModes?.includes(mode))
  if (modes.length > 0) yield ['spec.accessModes', `the volume does not offer ${modes.join(', ')}.`]
  if (bytes(wanted?.resources?.requests?.storage) > bytes(offered?.capacity?.storage))
    yield ['spec.resources.requests.storage', 'is more than the capacity of the volume.']
}

function isUsed(claim: Manifest, namespace: string, render: Render): boolean {
  const { name } = claim.metadata
  return podsOf(render.objects).some(({ owner, spec }) => {
    const claims = findAll(spec, 'volumes.*.persistentVolumeClaim.claimName')
    const isNear = namespaceOf(owner, render.namespace) === namespace
    return isNear && claims.some(({ value }) => value === name)
  })
}
