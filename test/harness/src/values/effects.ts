import type { Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import { LookupError, type Render } from '../render/render.ts'
import { diffRenders } from '../upgrade/check-upgrade.ts'

/** What came of changing one value. */
export interface Effect {
  /**
   * `changed`: another output. `refused`: a rule of the chart does not want it. `dead`: the same bytes.
   * `broken`: a template panics or gives no YAML. `untried`: no values were found to try it under.
   */
  readonly outcome: 'broken' | 'changed' | 'dead' | 'refused' | 'untried'
  /** The base, and what was switched in it. */
  readonly context?: string
  /** The value that was set. */
  readonly value?: unknown
  /** The first place in the output that changed. */
  readonly change?: string
  /** How the chart refused, or broke. */
  readonly message?: string
}

const ranks = ['untried', 'dead', 'refused', 'changed', 'broken'] as const

/** The effect that says more of the key. */
export function strongest(one: Effect, other: Effect): Effect {
  return ranks.indexOf(other.outcome) > ranks.indexOf(one.outcome) ? other : one
}

/** Compares what came out before and after the change. */
export function describeEffect(before: Outcome, after: Outcome): Effect {
  if (before.failure) return { outcome: 'untried' }
  if (after.failure) {
    const { kind } = after.failure
    const outcome = kind === 'fail' || kind === 'schema' ? 'refused' : 'broken'
    return { outcome, message: describeFailure(after.failure) }
  }
  if (before.render.text === after.render.text) {
    return notesOf(before.render) === notesOf(after.render)
      ? { outcome: 'dead' }
      : { outcome: 'changed', change: 'the notes' }
  }
  const { added, removed, changed } = diffRenders(before.render, after.render)
  const [first] = changed
  const place = first ? `${first.object} ${first.changes[0]?.path ?? ''}` : undefined
  return { outcome: 'changed', change: place ?? [...added, ...removed][0] ?? 'the text' }
}

// A chart need not have any.
function notesOf(render: Render): string {
  try {
    return render.notes
  } catch (error) {
    if (error instanceof LookupError) return ''
    throw error
  }
}
