// The engine of the bulk jobs: it changes keys, renders what came of it, many sets in one process, and compares.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ManifestError } from '../objects/manifests.ts'
import type { Chart, Outcome } from '../render/chart.ts'
import type { RenderRequest } from '../render/request.ts'
import type { Context } from './contexts.ts'
import type { ValuesKey } from './keys.ts'

/** A change of one key: the values before it are those of the context. */
export interface Change {
  readonly context: Context
  readonly value: unknown
  readonly after: object
}

/** A key with the changes to try, one after the other, until one of them settles what was asked. */
export interface Trial {
  readonly key: ValuesKey
  readonly changes: Iterator<Change>
}

/** How changes are rendered and judged. */
export interface TrialOptions<T extends Trial> {
  /** Looks at the outcomes before and after a change; returns whether that settles the trial. */
  readonly judge: (trial: T, change: Change, before: Outcome, after: Outcome) => boolean
  /** How all are rendered, e.g. with another Kubernetes version. */
  readonly request?: RenderRequest
  readonly tell?: (line: string) => void
}

// Of many keys one change in each round, of the few that resist several: a round has its price.
const changesPerRound = 200

/** Tries changes in rounds until each trial is settled or has none left. */
export async function runTrials<T extends Trial>(
  chart: Chart,
  trials: readonly T[],
  { judge, request = {}, tell = () => {} }: TrialOptions<T>,
): Promise<void> {
  const contexts = new Map<string, Promise<Outcome>>() // many keys share one
  const render = (values: object): Promise<Outcome> =>
    renderOne(chart, { ...request, showNotes: true, schema: 'skip', values })
  const renderBefore = ({ context }: Change): Promise<Outcome> => {
    const key = JSON.stringify(context.values)
    const outcome = contexts.get(key) ?? render(context.values)
    contexts.set(key, outcome)
    return outcome
  }
  const tryChanges = async (trial: T, changes: readonly Change[]): Promise<boolean> => {
    const outcomes = await Promise.all(
      changes.map((change) => Promise.all([change, renderBefore(change), render(change.after)])),
    )
    return outcomes.map((outcome) => judge(trial, ...outcome)).includes(true)
  }
  let open = trials
  for (let round = 1; open.length > 0; round++) {
    const each = Math.ceil(changesPerRound / open.length)
    const tries = open
      .map((trial) => ({ trial, changes: take(trial.changes, each) }))
      .filter(({ changes }) => changes.length > 0)
    tell(
      `round ${round}: ${tries.length} keys, ${tries.flatMap(({ changes }) => changes).length} changes`,
    )
    const settled = await Promise.all(tries.map((one) => tryChanges(one.trial, one.changes)))
    open = tries.flatMap(({ trial }, index) => (settled[index] ? [] : [trial]))
  }
}

function take<T>(from: Iterator<T>, count: number): T[] {
  const taken: T[] = []
  for (let next = from.next(); !next.done; next = from.next()) {
    taken.push(next.value)
    if (taken.length === count) break
  }
  return taken
}

/**
 * Renders, with notes where the chart has any. All that is asked for in one tick shares processes; none of it
 * is worth keeping. Text that is no set of manifests is a failure of kind `yaml`.
 */
export async function renderOne(
  chart: Chart,
  { showNotes = false, ...request }: RenderRequest,
): Promise<Outcome> {
  const hasNotes = existsSync(join(chart.path, 'templates/NOTES.txt'))
  const wanted = { ...request, showNotes: showNotes && hasNotes, keep: false, quick: true }
  try {
    const [outcome] = await chart.renderAll([wanted])
    if (!outcome) throw new Error('a request was not answered')
    return outcome
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    const { message, command } = error
    return {
      failure: { kind: 'yaml', message, cause: message, lines: message.split('\n'), command },
    }
  }
}
