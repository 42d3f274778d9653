// Compares two renders for a person: what an upgrade changes, restarts and runs, and no secret.
import { mapSecret } from '../diagnosis/mask.ts'
import { hookOf, nameOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import { createRender, type Render } from '../render/render.ts'
import { checkUpgrade, diffRenders, type RenderDiff } from './check-upgrade.ts'
import { type Change, show, type UpgradeProblem } from './finding.ts'
import { isKept } from './hooks.ts'

const shownLength = 100

/** A comparison, and what follows from it. */
export interface Comparison extends RenderDiff {
  readonly unchanged: number
  /** Jobs that an upgrade runs. */
  readonly runs: readonly string[]
  /** Removed objects that stay in the cluster. */
  readonly stays: readonly string[]
  /** What is deleted, recreated or cut off. */
  readonly careful: readonly UpgradeProblem[]
}

/** Compares the renders; values of Secrets become numbers, so that one only sees which ones differ. */
export function compareForPeople(before: Render, after: Render): Comparison {
  const hide = createHider()
  const [old, fresh] = [hide(before), hide(after)]
  const diff = diffRenders(old, fresh)
  const removed = old.objects.filter((object) => diff.removed.includes(nameOf(object)))
  return {
    ...diff,
    unchanged: fresh.objects.length - diff.added.length - diff.changed.length,
    runs: fresh.objects.filter((object) => runsInUpgrade(object, diff.added)).map(nameOf),
    stays: removed.filter(isKept).map(nameOf),
    careful: checkUpgrade(old, fresh).filter(({ effect }) => effect !== 'refused'),
  }
}

function runsInUpgrade(object: Manifest, added: readonly string[]): boolean {
  if (object.kind !== 'Job') return false
  const hook = hookOf(object)
  if (!hook) return added.includes(nameOf(object))
  return hook.phases.some((phase) => phase === 'pre-upgrade' || phase === 'post-upgrade')
}

/** Gives equal values of Secrets equal numbers, in every render that it is called with. */
function createHider(): (render: Render) => Render {
  const numbers = new Map<unknown, number>()
  const hideValue = (value: unknown): string => {
    const text = String(value)
    if (!numbers.has(text)) numbers.set(text, numbers.size + 1)
    return `(secret ${numbers.get(text)})`
  }
  return ({ objects, command, helm, namespace, release }) =>
    createRender({
      ...{ text: '', command, helm, namespace, release },
      objects: objects.map((object) => mapSecret(object, hideValue)),
    })
}

/** What to do about a change that Kubernetes refuses, by kind. */
const remedies: Readonly<Record<string, string>> = {
  Deployment: 'Delete the Deployment first; its pods are gone until the upgrade has made it again.',
  Job: 'Delete the Job first, or give it another name.',
  PersistentVolume: 'Give the new share a volume and a claim with other names.',
  PersistentVolumeClaim: 'Give the new storage another claim name, and move the data.',
  StatefulSet: 'Delete the StatefulSet with --cascade=orphan first; its pod keeps running.',
}

/** The comparison as lines of text. */
export function formatComparison(comparison: Comparison): string {
  const { added, careful, changed, removed, refused, restarts, runs, stays, unchanged } = comparison
  return [
    `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${unchanged} unchanged`,
    ...added.map((object) => `+ ${object}`),
    ...removed.map(
      (object) => `- ${object}${stays.includes(object) ? ' (stays in the cluster)' : ''}`,
    ),
    ...changed.flatMap(({ object, changes }) => [`~ ${object}`, ...changes.map(formatChange)]),
    `restarts: ${restarts.join(', ') || 'nothing'}`,
    `runs: ${runs.join(', ') || 'nothing'}`,
    `refused by Kubernetes:${refused.length === 0 ? ' nothing' : ''}`,
    ...refused.map(({ object, path, message }) =>
      `! ${object} ${path}: ${message}. ${remedyFor(object, path)}`.trimEnd(),
    ),
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
  const [old, fresh] = [show(before, shownLength), show(after, shownLength)]
  if (before === undefined) return `    ${path}: + ${fresh}`
  if (after === undefined) return `    ${path}: - ${old}`
  return `    ${path}: ${old} → ${fresh}`
}
