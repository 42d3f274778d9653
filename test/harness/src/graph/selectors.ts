import type { LabelSelector } from 'kubernetes-types/meta/v1.d.ts'
import type { PodView } from '../objects/types.ts'

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

/** The pod's labels as Kubernetes will see them. */
export function labelsOf(pod: PodView): Labels {
  return pod.metadata.labels ?? {}
}

/** The selector as a short text, for messages. */
export function describeSelector(selector: LabelSelector): string {
  const exact = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const rest = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
    `${key} ${operator} ${values.join('|')}`.trim(),
  )
  return [...exact, ...rest].join(',') || '(all)'
}
