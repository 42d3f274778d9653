// Compares two renders for a person: no secret in it, and what an upgrade means.
import {
  checkUpgrade,
  createRender,
  diffRenders,
  hookOf,
  isRecord,
  type Manifest,
  nameOf,
  type Render,
  type RenderDiff,
  type UpgradeProblem,
} from 'chart-harness'

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

/** Compares the renders; values of Secrets are numbers in it, so that one sees only which ones differ. */
export function compareForPeople(before: Render, after: Render): Comparison {
  const hide = createHider()
  const [old, fresh] = [hide(before), hide(after)]
  const diff = diffRenders(old, fresh)
  const added = new Set(diff.added)
  const removed = new Set(diff.removed)
  return {
    ...diff,
    unchanged: fresh.objects.length - diff.added.length - diff.changed.length,
    runs: fresh.objects.filter((object) => runsInUpgrade(object, added)).map(nameOf),
    stays: old.objects
      .filter((object) => removed.has(nameOf(object)) && isKept(object))
      .map(nameOf),
    careful: checkUpgrade(old, fresh).filter(({ effect }) => effect !== 'refused'),
  }
}

function runsInUpgrade(object: Manifest, added: ReadonlySet<string>): boolean {
  if (object.kind !== 'Job') return false
  const hook = hookOf(object)
  if (!hook) return added.has(nameOf(object))
  return hook.phases.some((phase) => phase === 'pre-upgrade' || phase === 'post-upgrade')
}

function isKept({ metadata }: Manifest): boolean {
  return metadata.annotations?.['helm.sh/resource-policy'] === 'keep'
}

type Hider = (render: Render) => Render

/** Equal values get equal numbers in both renders. */
function createHider(): Hider {
  const numbers = new Map<string, number>()
  const hideValue = (value: unknown): string => {
    const text = String(value)
    const number = numbers.get(text) ?? numbers.size + 1
    numbers.set(text, number)
    return `(secret ${number})`
  }
  const hideObject = (object: Manifest): Manifest => {
    if (object.kind !== 'Secret') return object
    const hidden: Record<string, unknown> = { ...object }
    for (const part of ['data', 'stringData'] as const) {
      const values = object[part]
      if (!isRecord(values)) continue
      const entries = Object.entries(values)
      hidden[part] = Object.fromEntries(entries.map(([key, value]) => [key, hideValue(value)]))
    }
    return hidden as Manifest
  }
  return ({ objects, command, helm, namespace, release }) =>
    createRender({ objects: objects.map(hideObject), text: '', command, helm, namespace, release })
}
