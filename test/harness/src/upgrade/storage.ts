import type { Volume } from 'kubernetes-types/core/v1.d.ts'
import { isRecord } from '../objects/manifests.ts'
import { podOf } from '../objects/pods.ts'
import { quantity } from '../objects/quantity.ts'
import type { Manifest } from '../objects/types.ts'
import { at, both, type Finding, type Pair, refusal, type Upgrade, warning } from './finding.ts'

/** Pods whose volume of the same name is now another claim: the data stays where it was. */
export function* claimSwaps({ was, now }: Pair): Iterable<Finding> {
  const claimOf = ({ persistentVolumeClaim }: Volume): string | undefined =>
    persistentVolumeClaim?.claimName
  const before = new Map(podOf(was)?.spec.volumes?.map((volume) => [volume.name, claimOf(volume)]))
  const pod = podOf(now)
  for (const [index, volume] of (pod?.spec.volumes ?? []).entries()) {
    const [old, fresh] = [before.get(volume.name), claimOf(volume)]
    if (old === undefined || old === fresh) continue
    const message = `${old} → ${fresh ?? 'no claim'}: the data stays in ${old}. Move it, or allow this change`
    yield warning('claim-swapped', `${pod?.path}.volumes[${index}]`, message)
  }
}

/** What a claim's new size means. */
export function* claimChanges(pair: Pair, { after: { objects } }: Upgrade): Iterable<Finding> {
  const path = 'spec.resources.requests.storage'
  const [before, after] = both(pair, path)
  const growth = (quantity(after) ?? 0) - (quantity(before) ?? 0)
  const name = at(pair.now, 'spec.storageClassName')
  const own = objects.find(
    ({ kind, metadata }) => kind === 'StorageClass' && metadata.name === name,
  )
  if (growth < 0) yield refusal(path, before, after, 'cannot shrink')
  if (growth <= 0) return
  // The admission of resizes (plugin/pkg/admission/storage/persistentvolume/resize) requires a class that allows it.
  if (name === '')
    yield refusal(path, before, after, 'cannot grow, because the claim has no StorageClass')
  if (own && own.allowVolumeExpansion !== true) {
    const why = `cannot grow, because StorageClass/${own.metadata.name} does not allow expansion`
    yield refusal(path, before, after, why)
  }
}

/** What happens to the volume that a claim has, and to its data. */
export function* volumeChanges(pair: Pair): Iterable<Finding> {
  const [before, after] = [claimNameOf(pair.was), claimNameOf(pair.now)]
  if (before !== undefined && before !== after) {
    const message = `${before} → ${after ?? 'absent'}: the old claim loses its volume`
    yield warning('volume-data', 'spec.claimRef', message)
  }
  const attributes = 'spec.volumeAttributesClassName'
  const [oldClass, newClass] = both(pair, attributes)
  if (oldClass !== undefined && newClass === undefined)
    yield refusal(attributes, oldClass, newClass, 'cannot be removed')
  const policy = 'spec.persistentVolumeReclaimPolicy'
  const [oldPolicy, newPolicy] = both(pair, policy)
  if (oldPolicy !== 'Delete' && newPolicy === 'Delete')
    yield warning('volume-data', policy, 'Delete: from now on the data is deleted with the claim')
}

function claimNameOf(volume: Manifest): string | undefined {
  const ref = at(volume, 'spec.claimRef')
  return isRecord(ref) ? `${ref.namespace}/${ref.name}` : undefined
}
