// Tells a comparison: objects, fields, restarts, refusals.
import type { Change } from 'chart-harness'
import type { Comparison } from './diff-compare.ts'

const shownLength = 100

/** What to do about a change that Kubernetes refuses, by kind. */
const remedies: Readonly<Record<string, string>> = {
  Deployment: 'Delete the Deployment first; its pods are gone until the upgrade made it again.',
  Job: 'Delete the Job first, or give it another name.',
  PersistentVolume: 'Give the new share a volume and a claim of other names.',
  PersistentVolumeClaim: 'Give the new storage another claim name, and move the data.',
  StatefulSet: 'Delete the StatefulSet with --cascade=orphan first; its pod keeps running.',
}

/** The comparison as lines of text. */
export function formatComparison(comparison: Comparison): string {
  const { added, careful, changed, removed, refused, restarts, runs, stays, unchanged } = comparison
  const kept = new Set(stays)
  return [
    `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${unchanged} unchanged`,
    ...added.map((object) => `+ ${object}`),
    ...removed.map((object) => `- ${object}${kept.has(object) ? ' (stays in the cluster)' : ''}`),
    ...changed.flatMap(({ object, changes }) => [`~ ${object}`, ...changes.map(formatChange)]),
    `restarts: ${restarts.join(', ') || 'nothing'}`,
    `runs: ${runs.join(', ') || 'nothing'}`,
    `refused by Kubernetes: ${refused.length === 0 ? 'nothing' : ''}`.trimEnd(),
    ...refused.map(({ object, path, message }) => {
      return `! ${object} ${path}: ${message}. ${remedyFor(object, path)}`.trimEnd()
    }),
    ...(careful.length > 0 ? ['careful:'] : []),
    ...careful.map(
      ({ object, path, message }) => `? ${[object, path].join(' ').trim()}: ${message}`,
    ),
  ].join('\n')
}

function remedyFor(object: string, path: string): string {
  if (path.endsWith('.requests.storage')) return 'Keep the size.'
  // These messages say what to do.
  if (/^metadata|replicas$|trategy\.type$/.test(path)) return ''
  return remedies[object.split('/')[0] ?? ''] ?? 'Delete the object first.'
}

function formatChange({ path, before, after }: Change): string {
  if (before === undefined) return `    ${path}: + ${show(after)}`
  if (after === undefined) return `    ${path}: - ${show(before)}`
  return `    ${path}: ${show(before)} → ${show(after)}`
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
}
