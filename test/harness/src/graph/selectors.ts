import type { LabelSelector } from 'kubernetes-types/meta/v1.d.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { findAll } from '../objects/paths.ts'
import { podOf, podsOf } from '../objects/pods.ts'
import type { Manifest, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import type { Externals } from './references.ts'

type PodLabels = Readonly<Record<string, string>>

/** Whether the selector selects an object with these labels, as Kubernetes decides it. */
export function selects(selector: LabelSelector, labels: PodLabels): boolean {
  const exact = Object.entries(selector.matchLabels ?? {})
  if (!exact.every(([key, value]) => labels[key] === value)) return false
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key]
    if (operator === 'Exists') return value !== undefined
    if (operator === 'DoesNotExist') return value === undefined
    if (operator === 'In') return value !== undefined && values.includes(value)
    return value === undefined || !values.includes(value)
  })
}

/** The selector as a short text, for messages. */
function describe(selector: LabelSelector): string {
  const exact = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const rest = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
    `${key} ${operator} ${values.join('|')}`.trim(),
  )
  return [...exact, ...rest].join(',') || '(all)'
}

/** The pods in the object's namespace that the selector selects. */
export function selectedPods(render: Render, from: Manifest, selector: LabelSelector): PodView[] {
  const namespace = namespaceOf(from, render.namespace)
  return podsOf(render.objects).filter(
    ({ owner, metadata }) =>
      namespaceOf(owner, render.namespace) === namespace &&
      selects(selector, metadata.labels ?? {}),
  )
}

/** The Services in the object's namespace whose labels the selector selects. */
export function selectedServices(
  { objects, namespace }: Render,
  from: Manifest,
  selector: LabelSelector,
): Manifest[] {
  return objects.filter(
    (object) =>
      object.kind === 'Service' &&
      namespaceOf(object, namespace) === namespaceOf(from, namespace) &&
      selects(selector, object.metadata.labels ?? {}),
  )
}

const rule = 'selector-selects'
const ownPods = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']

/** What has a selector (a pattern for `findAll`), and the selector's key in it. */
type Holder = readonly [at: string, key: string]

const ofObjects: Readonly<Record<string, readonly Holder[]>> = {
  NetworkPolicy: [
    ['spec', 'podSelector'],
    ['spec.ingress.*.from.*', 'podSelector'],
    ['spec.egress.*.to.*', 'podSelector'],
  ],
  PodDisruptionBudget: [['spec', 'selector']],
  PodMonitor: [['spec', 'selector']],
  Service: [['spec', 'selector']],
  ServiceMonitor: [['spec', 'selector']],
}
const ofPods: readonly Holder[] = [
  ['affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution.*', 'labelSelector'],
]

/** Every selector selects something in its namespace, and a workload's selector only its own pods. */
export function* checkSelectors(render: Render, externals: Externals): Iterable<Problem> {
  const empty = (
    from: Manifest,
    root: object,
    holders: readonly Holder[],
    prefix = '',
  ): Problem[] =>
    selectorsIn(root, holders).flatMap(([path, found]) => {
      const selector = from.kind === 'Service' ? { matchLabels: found as PodLabels } : found
      const message = whyEmpty(render, from, selector, externals)
      return message ? [{ rule, object: nameOf(from), path: prefix + path, message }] : []
    })
  for (const object of render.objects) {
    yield* empty(object, object, ofObjects[object.kind] ?? [])
    if (ownPods.includes(object.kind)) yield* foreignPods(object, render)
  }
  for (const pod of podsOf(render.objects)) {
    yield* empty(pod.owner, pod.spec, ofPods, `${pod.path}.`)
    yield* spread(pod)
  }
}

/** The selectors and their paths, without those that look into other namespaces. */
function selectorsIn(
  root: object,
  holders: readonly Holder[],
): (readonly [path: string, selector: LabelSelector])[] {
  return holders.flatMap(([at, key]) =>
    findAll(root, at).flatMap(({ path, value }) => {
      const { namespaceSelector, namespaces, type, ...rest } = value as Record<string, unknown>
      const selector = rest[key]
      const isElsewhere = namespaceSelector !== undefined || namespaces !== undefined
      if (!isRecord(selector) || isElsewhere || type === 'ExternalName') return []
      return [[`${path}.${key}`, selector] as const]
    }),
  )
}

function whyEmpty(
  render: Render,
  from: Manifest,
  selector: LabelSelector,
  { pods = [] }: Externals,
): string | undefined {
  if (from.kind === 'ServiceMonitor') {
    if (selectedServices(render, from, selector).length > 0) return undefined
    return `selects no Service: ${describe(selector)}. Fix the selector or the Service's labels.`
  }
  if (selectedPods(render, from, selector).length > 0) return undefined
  if (pods.some((labels) => selects(selector, labels))) return undefined
  return `selects no pod in its namespace: ${describe(selector)}. Fix the selector or the pod's labels.`
}

function* foreignPods(owner: Manifest, render: Render): Iterable<Problem> {
  const at = { rule, object: nameOf(owner), path: 'spec.selector' }
  const [selector] = findAll(owner, 'spec.selector')
  const pod = podOf(owner)
  if (!isRecord(selector?.value) || !pod) {
    yield { ...at, message: 'there is no selector or no pod template. Add it.' }
    return
  }
  if (!selects(selector.value, pod.metadata.labels ?? {}))
    yield { ...at, message: `does not select its own pods: ${describe(selector.value)}.` }
  const others = selectedPods(render, owner, selector.value)
    .filter((other) => other.owner !== owner)
    .map((other) => nameOf(other.owner))
  if (others.length > 0) yield { ...at, message: `also selects pods of ${others.join(', ')}.` }
}

function* spread({ owner, spec, path, metadata }: PodView): Iterable<Problem> {
  for (const [index, { labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    if (!labelSelector || selects(labelSelector, metadata.labels ?? {})) continue
    const message = `does not select its own pods: ${describe(labelSelector)}.`
    const at = `${path}.topologySpreadConstraints[${index}]`
    yield { rule, object: nameOf(owner), path: at, message }
  }
}
