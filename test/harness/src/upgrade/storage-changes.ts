import { isRecord } from '../objects/manifests.ts'
import { quantity } from '../objects/quantity.ts'
import type { Manifest } from '../objects/types.ts'
import { at, type Finding, type Pair, refusal } from './finding.ts'

/** What a claim's size does; `classes` are the StorageClasses of the release. */
export function claimChanges({ was, now }: Pair, classes: readonly Manifest[]): Finding[] {
  if (now.kind !== 'PersistentVolumeClaim') return []
  const path = 'spec.resources.requests.storage'
  const [before, after] = [at(was, path), at(now, path)]
  const growth = (quantity(after) ?? 0) - (quantity(before) ?? 0)
  if (growth === 0) return []
  const refuse = (why: string): Finding[] => [refusal(path, before, after, why)]
  if (growth < 0) return refuse('cannot shrink')
  const name = at(now, 'spec.storageClassName')
  // The admission of resizes (plugin/pkg/admission/storage/persistentvolume/resize) wants a class that allows it.
  if (name === '') return refuse('cannot grow, for the claim has no StorageClass')
  const own = classes.find(({ metadata }) => metadata.name === name)
  if (!own || own.allowVolumeExpansion === true) return []
  return refuse(`cannot grow, for StorageClass/${own.metadata.name} does not allow expansion`)
}

/** What becomes of the volume that a claim has, and of its data. */
export function volumeChanges({ was, now }: Pair): Finding[] {
  if (now.kind !== 'PersistentVolume') return []
  const path = 'spec.claimRef'
  const [before, after] = [claimOf(was), claimOf(now)]
  const attributes = 'spec.volumeAttributesClassName'
  const policy = 'spec.persistentVolumeReclaimPolicy'
  const [oldClass, newClass] = [at(was, attributes), at(now, attributes)]
  const warn = (where: string, message: string): Finding => {
    return { effect: 'warning', rule: 'volume-data', path: where, message }
  }
  return [
    ...(before !== undefined && before !== after
      ? [warn(path, `${before} → ${after ?? 'absent'}: the old claim loses its volume`)]
      : []),
    ...(oldClass !== undefined && newClass === undefined
      ? [refusal(attributes, oldClass, newClass, 'cannot be removed')]
      : []),
    ...(at(was, policy) !== 'Delete' && at(now, policy) === 'Delete'
      ? [warn(policy, 'Delete: from now on the data goes with the claim')]
      : []),
  ]
}

function claimOf(volume: Manifest): string | undefined {
  const ref = at(volume, 'spec.claimRef')
  return isRecord(ref) ? `${ref.namespace}/${ref.name}` : undefined
}
