import type { LabelSelector } from 'kubernetes-types/meta/v1.d.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { findAll } from '../objects/paths.ts'
import { podOf, podsOf } from '../objects/pods.ts'
import type { Manifest, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import type { Externals } from './references.ts'

type Labels = Readonly<Record<string, string>>

/** Whether the selector selects an object with these labels, as Kubernetes decides it. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
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

function labelsOf(pod: PodView): Labels {
  return pod.metadata.labels ?? {}
}

/** The pods in the object's namespace that the selector selects. */
export function selectedPods(render: Render, from: Manifest, selector: LabelSelector): PodView[] {
  const namespace = namespaceOf(from, render.namespace)
  return podsOf(render.objects).filter(
    (pod) =>
      namespaceOf(pod.owner, render.namespace) === namespace && selects(selector, labelsOf(pod)),
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
const ownPods: ReadonlySet<string> = new Set([
  'DaemonSet',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
])

/** Where these kinds select pods: what has the selector (a pattern for `findAll`), and the selector's key. */
const holders: Readonly<Record<string, readonly (readonly [at: string, key: string])[]>> = {
  NetworkPolicy: [
    ['spec', 'podSelector'],
    ['spec.ingress.*.from.*', 'podSelector'],
    ['spec.egress.*.to.*', 'podSelector'],
  ],
  PodDisruptionBudget: [['spec', 'selector']],
  PodMonitor: [['spec', 'selector']],
  Service: [['spec', 'selector']],
}

/** Every selector selects something in its namespace, and a workload's selector only its own pods. */
export function* checkSelectors(render: Render, externals: Externals): Iterable<Problem> {
  const missing = (from: Manifest, path: string, selector: LabelSelector): Problem[] => {
    if (selectedPods(render, from, selector).length > 0) return []
    if ((externals.pods ?? []).some((labels) => selects(selector, labels))) return []
    const message = `selects no pod in its namespace: ${describe(selector)}. Fix the selector or the pod's labels.`
    return [{ rule, object: nameOf(from), path, message }]
  }
  for (const object of render.objects) {
    for (const [at, key] of holders[object.kind] ?? []) {
      for (const { path, value } of findAll(object, at)) {
        const { [key]: selector, namespaceSelector, type } = value as Record<string, unknown>
        if (!isRecord(selector) || namespaceSelector !== undefined || type === 'ExternalName')
          continue
        const isPlain = object.kind === 'Service'
        yield* missing(
          object,
          `${path}.${key}`,
          isPlain ? { matchLabels: selector as Labels } : selector,
        )
      }
    }
    if (ownPods.has(object.kind)) yield* foreignPods(object, render)
    if (object.kind === 'ServiceMonitor') yield* missingService(object, render)
  }
  for (const pod of podsOf(render.objects)) yield* placement(pod, missing)
}

function* foreignPods(owner: Manifest, render: Render): Iterable<Problem> {
  const at = { rule, object: nameOf(owner), path: 'spec.selector' }
  const [selector] = findAll(owner, 'spec.selector')
  const pod = podOf(owner)
  if (!isRecord(selector?.value) || !pod) {
    yield { ...at, message: 'there is no selector or no pod template. Add it.' }
    return
  }
  if (!selects(selector.value, labelsOf(pod)))
    yield { ...at, message: `does not select its own pods: ${describe(selector.value)}.` }
  const others = selectedPods(render, owner, selector.value)
    .filter((other) => other.owner !== owner)
    .map((other) => nameOf(other.owner))
  if (others.length > 0) yield { ...at, message: `also selects pods of ${others.join(', ')}.` }
}

function* missingService(monitor: Manifest, render: Render): Iterable<Problem> {
  const { selector, namespaceSelector } = isRecord(monitor.spec) ? monitor.spec : {}
  if (!isRecord(selector) || namespaceSelector !== undefined) return
  if (selectedServices(render, monitor, selector).length > 0) return
  const message = `selects no Service: ${describe(selector)}. Fix the selector or the Service's labels.`
  yield { rule, object: nameOf(monitor), path: 'spec.selector', message }
}

function* placement(
  { owner, spec, path, metadata }: PodView,
  missing: (from: Manifest, path: string, selector: LabelSelector) => Problem[],
): Iterable<Problem> {
  for (const [index, { labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    if (!labelSelector || selects(labelSelector, metadata.labels ?? {})) continue
    const message = `does not select its own pods: ${describe(labelSelector)}.`
    const at = `${path}.topologySpreadConstraints[${index}]`
    yield { rule, object: nameOf(owner), path: at, message }
  }
  const required = 'requiredDuringSchedulingIgnoredDuringExecution'
  const terms = spec.affinity?.podAffinity?.[required] ?? []
  for (const [index, { labelSelector, namespaces, namespaceSelector }] of terms.entries()) {
    if (!labelSelector || namespaces || namespaceSelector) continue
    yield* missing(owner, `${path}.affinity.podAffinity.${required}[${index}]`, labelSelector)
  }
}
