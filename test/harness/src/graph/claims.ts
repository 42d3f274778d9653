import { nameOf, namespaceOf } from '../objects/manifests.ts'
import { podsOf } from '../objects/pods.ts'
import { bytes } from '../objects/quantity.ts'
import type { Manifest, ObjectOf, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { type Externals, findExternal } from './references.ts'

type Claim = ObjectOf<'PersistentVolumeClaim'> & Manifest
type PersistentVolume = ObjectOf<'PersistentVolume'> & Manifest

/** Volumes and claims name each other, fit each other, and every claim is used by a pod. */
export function* checkClaims(render: Render, externals: Externals): Iterable<Problem> {
  const claims = render.objects.filter(({ kind }) => kind === 'PersistentVolumeClaim') as Claim[]
  const volumes = render.objects.filter(
    ({ kind }) => kind === 'PersistentVolume',
  ) as PersistentVolume[]
  for (const claim of claims) {
    const namespace = namespaceOf(claim, render.namespace) ?? ''
    yield* volumeOf(claim, namespace, volumes, externals)
    if (isUsed(claim, namespace, render)) continue
    const message = 'no pod mounts this claim, so it may stay Pending forever.'
    yield { rule: 'claim-is-used', object: nameOf(claim), path: 'metadata.name', message }
  }
  for (const volume of volumes) {
    const { name = '', namespace = '(no namespace)' } = volume.spec?.claimRef ?? {}
    const claim = claims.find(
      (one) => one.metadata.name === name && namespaceOf(one, render.namespace) === namespace,
    )
    if (name === '' || claim?.spec?.volumeName === volume.metadata.name) continue
    const at = { object: nameOf(volume), path: 'spec.claimRef' }
    const named = `PersistentVolumeClaim/${name}`
    if (claim) {
      const message = `${named} does not name this volume. Set its volumeName.`
      yield { rule: 'claim-pinned', ...at, message }
    } else if (!findExternal(externals, 'PersistentVolumeClaim', name)) {
      const message = `${named} does not exist in ${namespace}. Render it or declare it external.`
      yield { rule: 'reference-exists', ...at, message }
    }
  }
}

function* volumeOf(
  claim: Claim,
  namespace: string,
  volumes: readonly PersistentVolume[],
  externals: Externals,
): Iterable<Problem> {
  const name = claim.spec?.volumeName
  if (!name) return
  const at = { object: nameOf(claim), path: 'spec.volumeName' }
  const volume = volumes.find(({ metadata }) => metadata.name === name)
  if (!volume) {
    if (findExternal(externals, 'PersistentVolume', name)) return
    const message = `PersistentVolume/${name} does not exist. Render it or declare it external.`
    yield { rule: 'reference-exists', ...at, message }
    return
  }
  const owner = volume.spec?.claimRef
  if (owner?.name !== claim.metadata.name || owner.namespace !== namespace) {
    const message = `PersistentVolume/${name} is not pinned to this claim, so another can take it. Set its claimRef to namespace and name.`
    yield { rule: 'claim-pinned', ...at, message }
  }
  for (const [path, message] of misfits(claim.spec, volume.spec))
    yield { rule: 'claim-fits', object: nameOf(claim), path, message }
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

function isUsed(claim: Claim, namespace: string, render: Render): boolean {
  return podsOf(render.objects).some(
    ({ owner, spec }) =>
      namespaceOf(owner, render.namespace) === namespace &&
      spec.volumes?.some(
        ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.metadata.name,
      ),
  )
}
