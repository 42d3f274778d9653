// Labels, selectors, namespaces.
import {
  defineRule,
  isClusterScoped,
  isRecord,
  type Manifest,
  podsOf,
  type Rule,
} from 'chart-harness'

const selectorKeys = [
  'app.kubernetes.io/component',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/name',
] as const

const objectLabels = [
  ...selectorKeys,
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/version',
  'helm.sh/chart',
] as const

const versionLabels = ['app.kubernetes.io/version', 'helm.sh/chart'] as const

/** Objects of the chart's own; `extraObjects` are the user's. */
export function ownObjects(objects: readonly Manifest[]): Manifest[] {
  return objects.filter(({ source }) => !source.endsWith('/extra-objects.yaml'))
}

const labelsComplete = defineRule({
  name: 'labels-complete',
  appliesTo: ({ objects }) => ownObjects(objects),
  check: ({ metadata }, { release }) => {
    const labels = metadata.labels ?? {}
    const missing = objectLabels.filter((key) => !labels[key])
    if (missing.length > 0) return `lacks the labels ${missing.join(', ')}.`
    if (labels['app.kubernetes.io/instance'] === release) return undefined
    return `has instance "${labels['app.kubernetes.io/instance']}", the release is "${release}".`
  },
})

const podLabels = defineRule({
  name: 'pod-labels',
  appliesTo: ({ objects }) => podsOf(ownObjects(objects)),
  check: ({ metadata, owner }) => {
    const labels = metadata.labels ?? {}
    const missing = selectorKeys.filter((key) => !labels[key])
    if (missing.length > 0) return `the pod lacks the labels ${missing.join(', ')}.`
    if (owner.kind === 'Pod') return undefined
    const versions = versionLabels.filter((key) => labels[key])
    if (versions.length === 0) return undefined
    return `the pod carries ${versions.join(', ')}, so a new chart version would restart it.`
  },
})

const selectorKinds: ReadonlySet<string> = new Set([
  'Deployment',
  'PodDisruptionBudget',
  'Service',
  'StatefulSet',
])

const selectorsStable = defineRule({
  name: 'selectors-stable',
  appliesTo: ({ objects }) => ownObjects(objects).filter(({ kind }) => selectorKinds.has(kind)),
  check: (object) => {
    const selector = selectorOf(object)
    const keys = Object.keys(selector).sort()
    if (keys.join() === selectorKeys.join()) return undefined
    return `selects by ${keys.join(', ') || 'nothing'}; allowed are name, instance and component, which never change.`
  },
})

function selectorOf({ kind, spec }: Manifest): Record<string, unknown> {
  const selector = isRecord(spec) ? spec.selector : undefined
  if (!isRecord(selector)) return {}
  if (kind === 'Service') return selector
  if (selector.matchExpressions !== undefined) return { matchExpressions: true }
  return isRecord(selector.matchLabels) ? selector.matchLabels : {}
}

const namespaceExplicit = defineRule({
  name: 'namespace-explicit',
  appliesTo: ({ objects }) => ownObjects(objects),
  check: ({ kind, metadata }, { namespace }) => {
    const wanted = isClusterScoped(kind) ? undefined : namespace
    if (metadata.namespace === wanted) return undefined
    return `has namespace ${metadata.namespace ?? '(none)'}, expected ${wanted ?? '(none)'}.`
  },
})

/** The rules of this file. */
export const labelRules: readonly Rule[] = [
  labelsComplete,
  podLabels,
  selectorsStable,
  namespaceExplicit,
]
