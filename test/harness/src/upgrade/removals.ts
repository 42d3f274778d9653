import { isKnownKind, nearest } from '../objects/kinds.ts'
import { hookOf, nameOf, namespaceOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { at, type Finding } from './finding.ts'
import { isKept, orphanedHook } from './hook-changes.ts'

/** What is gone with an object of these kinds, beside the object. */
const losses: Readonly<Record<string, string>> = {
  Cluster: 'and the data that its operator keeps',
  CustomResourceDefinition: 'and every object of its kind',
  Namespace: 'and everything in it',
}

/** Kinds that serve somebody as long as they exist. */
const serving: ReadonlySet<string> = new Set([
  ...['DaemonSet', 'Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'],
  ...[
    'GRPCRoute',
    'Gateway',
    'HTTPRoute',
    'Ingress',
    'IngressRoute',
    'Service',
    'TCPRoute',
    'TLSRoute',
  ],
])

/** The upgrade in which an object goes. */
export interface Upgrade {
  readonly before: Render
  readonly after: Render
  /** The objects that come. */
  readonly added: readonly Manifest[]
}

/** What the removal of one object means. */
export function removal(was: Manifest, upgrade: Upgrade): Finding[] {
  if (hookOf(was)) return orphanedHook(was)
  const loss = lossOf(was, upgrade)
  const isStorage = was.kind.startsWith('PersistentVolume')
  if (loss === undefined && !isStorage && !serving.has(was.kind)) return []
  const heir = heirOf(was, upgrade.added)
  if (heir) return [replacement(was, heir, upgrade.after.namespace)]
  if (isKept(was) || (isStorage && loss === undefined)) return []
  const rule = loss === undefined ? 'removed' : 'removed-data'
  const message = `is deleted${loss ? `, ${loss}` : ''}. ${remedy(loss)}`
  return [{ effect: 'deleted', rule, message }]
}

function remedy(loss: string | undefined): string {
  return loss === undefined
    ? 'Keep it, or say that it may go'
    : 'Annotate it with helm.sh/resource-policy: keep, one release before'
}

function lossOf(was: Manifest, { before, after }: Upgrade): string | undefined {
  const isRetained = at(was, 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted') !== 'Delete'
  if (was.kind === 'StatefulSet') return isRetained ? undefined : 'and the claims of its pods'
  if (was.kind === 'PersistentVolumeClaim')
    return before.objects.some((object) => holds(object, was)) ? undefined : 'and its data'
  if (was.kind === 'PersistentVolume')
    return after.objects.some((object) => wants(object, was))
      ? 'and its claim loses the volume'
      : undefined
  return losses[was.kind] ?? (isKnownKind(was.kind) ? undefined : 'and what its controller keeps')
}

/** Whether the object is the volume of the claim, and keeps the data when the claim goes. */
function holds(object: Manifest, claim: Manifest): boolean {
  const isRetained = at(object, 'spec.persistentVolumeReclaimPolicy') !== 'Delete'
  return isRetained && object.kind === 'PersistentVolume' && wants(claim, object)
}

function wants(object: Manifest, volume: Manifest): boolean {
  const isClaim = object.kind === 'PersistentVolumeClaim'
  return isClaim && at(object, 'spec.volumeName') === volume.metadata.name
}

/** What comes in the object's place: its name elsewhere, or another name from the same template. */
function heirOf(was: Manifest, added: readonly Manifest[]): Manifest | undefined {
  const same = added.filter(({ kind }) => kind === was.kind)
  const moved = same.find(({ metadata }) => metadata.name === was.metadata.name)
  if (moved) return moved
  const siblings = same.filter(({ source }) => source !== '' && source === was.source)
  const [name] = nearest(
    was.metadata.name,
    siblings.map(({ metadata }) => metadata.name),
  )
  return siblings.find(({ metadata }) => metadata.name === name)
}

function replacement(was: Manifest, heir: Manifest, namespace: string): Finding {
  const message = `${changeOf(was, heir, namespace)}: ${consequence(was)}`
  return { effect: 'recreated', rule: 'replaced', message }
}

function changeOf(was: Manifest, heir: Manifest, namespace: string): string {
  if (was.metadata.name !== heir.metadata.name) return `becomes ${nameOf(heir)}`
  const [old, fresh] = [namespaceOf(was, namespace), namespaceOf(heir, namespace)]
  if (old !== fresh) return `moves from the namespace ${old} to ${fresh}`
  return `changes from ${was.apiVersion} to ${heir.apiVersion}`
}

function consequence(was: Manifest): string {
  const leaves = isKept(was) ? 'Helm leaves the old one' : 'Helm deletes the old one'
  if (was.kind === 'PersistentVolumeClaim' || was.kind === 'PersistentVolume')
    return `${leaves}, and the new one is empty`
  if (was.kind === 'StatefulSet') return `${leaves}; the new one begins with empty claims`
  return `${leaves} before the new one is ready`
}
