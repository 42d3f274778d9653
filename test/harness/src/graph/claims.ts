import { nameOf, namespaceOf } from '../objects/manifests.ts'
import { podsOf } from '../objects/pods.ts'
import { bytes } from '../objects/quantity.ts'
import type { Manifest, ObjectOf, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { type Externals, findExternal } from './reference.ts'

type Claim = ObjectOf<'PersistentVolumeClaim'> & Manifest
type PersistentVolume = ObjectOf<'PersistentVolume'> & Manifest

/** Volumes and claims name each other, fit each other, and every claim is used by a pod. */
export function checkClaims(render: Render, externals: Externals): Problem[] {
  const ofKind = (kind: string): Manifest[] =>
    render.objects.filter((object) => object.kind === kind)
  const claims = ofKind('PersistentVolumeClaim') as Claim[]
  const volumes = ofKind('PersistentVolume') as PersistentVolume[]
  return [
    ...claims.flatMap((claim) => boundVolume(claim, volumes, render, externals)),
    ...volumes.flatMap((volume) => boundClaim(volume, claims, render, externals)),
    ...claims.flatMap((claim) => unused(claim, render)),
  ]
}

function problem(rule: string, object: Manifest, path: string, message: string): Problem {
  return { rule, object: nameOf(object), path, message }
}

function boundVolume(
  claim: Claim,
  volumes: readonly PersistentVolume[],
  render: Render,
  externals: Externals,
): Problem[] {
  const name = claim.spec?.volumeName
  if (!name) return []
  const volume = volumes.find((candidate) => candidate.metadata.name === name)
  if (!volume) {
    if (findExternal(externals, 'PersistentVolume', name)) return []
    const message = `PersistentVolume/${name} does not exist. Render it or declare it external.`
    return [problem('reference-exists', claim, 'spec.volumeName', message)]
  }
  const owner = volume.spec?.claimRef
  const pinned =
    owner?.name === claim.metadata.name && owner.namespace === namespaceOf(claim, render.namespace)
  const message = `PersistentVolume/${name} is not pinned to this claim, so another can take it. Set its claimRef to namespace and name.`
  return [
    ...(pinned ? [] : [problem('claim-pinned', claim, 'spec.volumeName', message)]),
    ...fits(claim, volume),
  ]
}

function fits(claim: Claim, volume: PersistentVolume): Problem[] {
  const problems: Problem[] = []
  const say = (path: string, message: string): number =>
    problems.push(problem('claim-fits', claim, path, message))
  const [wanted, offered] = [claim.spec, volume.spec]
  if ((wanted?.storageClassName ?? '(default)') !== (offered?.storageClassName ?? '')) {
    say(
      'spec.storageClassName',
      `is "${wanted?.storageClassName ?? '(default)'}", the volume's is "${offered?.storageClassName ?? ''}". Kubernetes binds equal ones only.`,
    )
  }
  const modes = (wanted?.accessModes ?? []).filter((mode) => !offered?.accessModes?.includes(mode))
  if (modes.length > 0) say('spec.accessModes', `the volume does not offer ${modes.join(', ')}.`)
  const request = bytes(wanted?.resources?.requests?.storage)
  const capacity = bytes(offered?.capacity?.storage)
  if (request > capacity)
    say('spec.resources.requests.storage', 'is more than the capacity of the volume.')
  return problems
}

function boundClaim(
  volume: PersistentVolume,
  claims: readonly Claim[],
  render: Render,
  externals: Externals,
): Problem[] {
  const { name = '', namespace = '(no namespace)' } = volume.spec?.claimRef ?? {}
  if (name === '') return []
  const claim = claims.find(
    (candidate) =>
      candidate.metadata.name === name && namespaceOf(candidate, render.namespace) === namespace,
  )
  if (claim?.spec?.volumeName === volume.metadata.name) return []
  const say = (rule: string, message: string): Problem[] => [
    problem(rule, volume, 'spec.claimRef', `PersistentVolumeClaim/${name} ${message}`),
  ]
  if (claim) return say('claim-pinned', 'does not name this volume. Set its volumeName.')
  if (findExternal(externals, 'PersistentVolumeClaim', name)) return []
  return say(
    'reference-exists',
    `does not exist in ${namespace}. Render it or declare it external.`,
  )
}

function unused(claim: Claim, render: Render): Problem[] {
  const namespace = namespaceOf(claim, render.namespace)
  const used = podsOf(render.objects).some(
    (pod) =>
      namespaceOf(pod.owner, render.namespace) === namespace &&
      pod.spec.volumes?.some(
        (volume) => volume.persistentVolumeClaim?.claimName === claim.metadata.name,
      ),
  )
  return used
    ? []
    : [
        problem(
          'claim-is-used',
          claim,
          'metadata.name',
          'no pod mounts this claim, so it may stay Pending for ever.',
        ),
      ]
}
