import type { LabelSelector } from 'kubernetes-types/meta/v1.d.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { podsOf } from '../objects/pods.ts'
import type { Manifest, ObjectOf, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import type { Externals } from './reference.ts'
import { describeSelector, labelsOf, selects } from './selectors.ts'

const rule = 'selector-selects'
const selectorWorkloads: ReadonlySet<string> = new Set([
  'DaemonSet',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
])

/** Every selector selects at least one pod of its namespace, and a workload's only its own. */
export function checkSelectors(render: Render, externals: Externals): Problem[] {
  const pods = podsOf(render.objects)
  const world: World = { render, pods, externals }
  return [
    ...render.objects.flatMap((object) =>
      objectSelectors(object).flatMap((use) => selectsNothing(use, world)),
    ),
    ...render.objects
      .filter(({ kind }) => selectorWorkloads.has(kind))
      .flatMap((owner) => ownPods(owner, world)),
    ...pods.flatMap((pod) => placement(pod, world)),
  ]
}

interface World {
  readonly render: Render
  readonly pods: readonly PodView[]
  readonly externals: Externals
}

interface SelectorUse {
  readonly from: Manifest
  readonly path: string
  readonly selector: LabelSelector
}

/** The pods in the object's namespace that the selector selects. */
export function selectedPods(render: Render, from: Manifest, selector: LabelSelector): PodView[] {
  const namespace = namespaceOf(from, render.namespace)
  return podsOf(render.objects).filter(
    (pod) =>
      namespaceOf(pod.owner, render.namespace) === namespace && selects(selector, labelsOf(pod)),
  )
}

function objectSelectors(from: Manifest): SelectorUse[] {
  const spec = isRecord(from.spec) ? from.spec : {}
  if (from.kind === 'Service' && isRecord(spec.selector) && spec.type !== 'ExternalName') {
    const matchLabels = spec.selector as Record<string, string>
    return [{ from, path: 'spec.selector', selector: { matchLabels } }]
  }
  if (from.kind === 'PodDisruptionBudget' && isRecord(spec.selector)) {
    return [{ from, path: 'spec.selector', selector: spec.selector }]
  }
  if (from.kind === 'PodMonitor' && isRecord(spec.selector)) {
    return [{ from, path: 'spec.selector', selector: spec.selector }]
  }
  return from.kind === 'NetworkPolicy' ? policySelectors(from as never) : []
}

function policySelectors(from: ObjectOf<'NetworkPolicy'> & Manifest): SelectorUse[] {
  const uses: SelectorUse[] = []
  const { podSelector, ingress = [], egress = [] } = from.spec ?? {}
  if (podSelector) uses.push({ from, path: 'spec.podSelector', selector: podSelector })
  const peers = [
    ...ingress.map((entry, index) => ({
      path: `spec.ingress[${index}].from`,
      list: entry.from ?? [],
    })),
    ...egress.map((entry, index) => ({ path: `spec.egress[${index}].to`, list: entry.to ?? [] })),
  ]
  for (const { path, list } of peers) {
    for (const [index, peer] of list.entries()) {
      if (!peer.podSelector || peer.namespaceSelector) continue
      uses.push({ from, path: `${path}[${index}].podSelector`, selector: peer.podSelector })
    }
  }
  return uses
}

function selectsNothing(
  { from, path, selector }: SelectorUse,
  { render, externals }: World,
): Problem[] {
  if (selectedPods(render, from, selector).length > 0) return []
  if ((externals.pods ?? []).some((labels) => selects(selector, labels))) return []
  const message = `selects no pod in its namespace: ${describeSelector(selector)}. Fix the selector or the pod's labels.`
  return [{ rule, object: nameOf(from), path, message }]
}

function ownPods(owner: Manifest, { render, pods }: World): Problem[] {
  const selector = isRecord(owner.spec) ? owner.spec.selector : undefined
  const own = pods.find((pod) => pod.owner === owner)
  const at = { rule, object: nameOf(owner), path: 'spec.selector' }
  if (!isRecord(selector) || !own)
    return [{ ...at, message: 'there is no selector or no pod template. Add it.' }]
  const found = selectedPods(render, owner, selector)
  const others = found.filter((pod) => pod.owner !== owner).map((pod) => nameOf(pod.owner))
  return [
    ...(found.includes(own) || selects(selector, labelsOf(own))
      ? []
      : [{ ...at, message: `does not select its own pods: ${describeSelector(selector)}.` }]),
    ...(others.length === 0
      ? []
      : [{ ...at, message: `selects pods of ${others.join(', ')}, too.` }]),
  ]
}

function placement(pod: PodView, world: World): Problem[] {
  const spread = (pod.spec.topologySpreadConstraints ?? []).flatMap(({ labelSelector }, index) =>
    labelSelector && !selects(labelSelector, labelsOf(pod))
      ? [
          {
            rule,
            object: nameOf(pod.owner),
            path: `${pod.path}.topologySpreadConstraints[${index}]`,
            message: `does not select its own pods: ${describeSelector(labelSelector)}.`,
          },
        ]
      : [],
  )
  const terms = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  const path = `${pod.path}.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution`
  const attraction = terms.flatMap(({ labelSelector, namespaces, namespaceSelector }, index) =>
    !labelSelector || namespaces || namespaceSelector
      ? []
      : selectsNothing(
          { from: pod.owner, path: `${path}[${index}]`, selector: labelSelector },
          world,
        ),
  )
  return [...spread, ...attraction]
}
