import { isKnownKind } from '../objects/kinds.ts'
import { hookOf, nameOf, namespaceOf } from '../objects/manifests.ts'
import { valuesIn } from '../objects/paths.ts'
import type { Manifest } from '../objects/types.ts'
import { at, type Finding, type Upgrade } from './finding.ts'
import { isKept, orphanedHook } from './hooks.ts'

/** What is lost with an object of these kinds. */
const losses: Readonly<Record<string, string>> = {
  Cluster: 'and the data that its operator keeps',
  CustomResourceDefinition: 'and every object of its kind',
  Namespace: 'and everything in it',
}

/** Kinds that serve somebody as long as they exist. */
const serving: ReadonlySet<string> = new Set([
  ...['DaemonSet', 'Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'],
  ...['Gateway', 'GRPCRoute', 'HTTPRoute', 'Ingress', 'IngressRoute', 'Service'],
  ...['TCPRoute', 'TLSRoute'],
])

/** What the removal of one object means. */
export function* removal(was: Manifest, upgrade: Upgrade): Iterable<Finding> {
  const hook = hookOf(was)
  if (hook) return yield* orphanedHook(hook)
  const loss = lossOf(was, upgrade)
  const isStorage = was.kind.startsWith('PersistentVolume')
  if (loss === undefined && !isStorage && !serving.has(was.kind)) return
  const heir = heirOf(was, upgrade.added)
  if (heir) {
    const message = `${changeOf(was, heir, upgrade.after.namespace)}: ${consequence(was)}`
    yield { effect: 'recreated', rule: 'replaced', message }
  } else if (loss !== undefined && !isKept(was)) {
    const message = `is deleted, ${loss}. Annotate it with helm.sh/resource-policy: keep in the release before`
    yield { effect: 'deleted', rule: 'removed-data', message }
  } else if (!isStorage && !isKept(was)) {
    const message = 'is deleted. Keep it, or allow its removal'
    yield { effect: 'deleted', rule: 'removed', message }
  }
}

function lossOf(was: Manifest, { before, after }: Upgrade): string | undefined {
  if (was.kind === 'StatefulSet') {
    const takesClaims =
      at(was, 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted') === 'Delete'
    return takesClaims ? 'and the claims of its pods' : undefined
  }
  if (was.kind === 'PersistentVolumeClaim')
    return before.objects.some((object) => holds(object, was)) ? undefined : 'and its data'
  if (was.kind === 'PersistentVolume') {
    const isWanted = after.objects.some((object) => wants(object, was))
    return isWanted ? 'and its claim loses the volume' : undefined
  }
  return losses[was.kind] ?? (isKnownKind(was.kind) ? undefined : 'and what its controller keeps')
}

/** Whether the object is the volume of the claim, and keeps the data when the claim is deleted. */
function holds(object: Manifest, claim: Manifest): boolean {
  const isRetained = at(object, 'spec.persistentVolumeReclaimPolicy') !== 'Delete'
  return isRetained && object.kind === 'PersistentVolume' && wants(claim, object)
}

function wants(object: Manifest, volume: Manifest): boolean {
  const isClaim = object.kind === 'PersistentVolumeClaim'
  return isClaim && at(object, 'spec.volumeName') === volume.metadata.name
}

/** What takes the object's place: its name elsewhere, or what is most like it from the same template. */
function heirOf(was: Manifest, added: readonly Manifest[]): Manifest | undefined {
  const same = added.filter(({ kind }) => kind === was.kind)
  const moved = same.find(({ metadata }) => metadata.name === was.metadata.name)
  if (moved) return moved
  const siblings = same.filter(({ source }) => source !== '' && source === was.source)
  const scored = siblings.map((heir) => ({ heir, likeness: likeness(was, heir) }))
  return scored.toSorted((a, b) => b.likeness - a.likeness)[0]?.heir
}

/** How many fields, wherever they are in a list, have the same value: what does the same has most. */
function likeness(was: Manifest, heir: Manifest): number {
  const left = fieldsOf(was)
  return fieldsOf(heir).filter((field) => {
    const index = left.indexOf(field)
    if (index >= 0) left.splice(index, 1)
    return index >= 0
  }).length
}

function fieldsOf(object: Manifest): string[] {
  return valuesIn(object).flatMap(({ path, value }) => {
    const keys = path.filter((step) => typeof step === 'string')
    return typeof value === 'object' ? [] : [`${keys.join('.')}=${value}`]
  })
}

function changeOf(was: Manifest, heir: Manifest, namespace: string): string {
  if (was.metadata.name !== heir.metadata.name) return `becomes ${nameOf(heir)}`
  const [old, fresh] = [namespaceOf(was, namespace), namespaceOf(heir, namespace)]
  if (old !== fresh) return `moves from the namespace ${old} to ${fresh}`
  return `changes from ${was.apiVersion} to ${heir.apiVersion}`
}

function consequence(was: Manifest): string {
  const leaves = isKept(was) ? 'Helm leaves the old one' : 'Helm deletes the old one'
  if (was.kind.startsWith('PersistentVolume')) return `${leaves}, and the new one is empty`
  if (was.kind === 'StatefulSet') return `${leaves}; the new one starts with empty claims`
  return `${leaves} before the new one is ready`
}
