import type { Chart, Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import { LookupError, type Render } from '../render/render.ts'
import { ToolError } from '../tools/tool-pins.ts'
import { diffRenders } from '../upgrade/check-upgrade.ts'
import { changed, contextsOf } from './contexts.ts'
import type { ValuesKey } from './keys.ts'
import { openSurroundings, otherValues, type Profile, type Surroundings } from './surroundings.ts'
import { type Change, createTrial, type KeyOptions, openProblems } from './trials.ts'

/** The effect of changing one value. */
export interface Effect {
  /**
   * `changed`: a different output. `refused`: a rule of the chart does not allow it. `dead`: the same bytes.
   * `broken`: a template panics or gives no YAML. `untried`: no values were found to try it under.
   */
  readonly outcome: 'broken' | 'changed' | 'dead' | 'refused' | 'untried'
  /** The profile, and what was switched in it. */
  readonly context?: string
  /** The value that was set. */
  readonly value?: unknown
  /** The first place in the output that changed. */
  readonly change?: string
  /** How the chart refused, or broke. */
  readonly message?: string
}

/** The effect of a key. */
export interface CoveredKey extends Effect {
  readonly name: string
  /** The reason why the key may have no effect. */
  readonly exception?: string
}

/** Each key with the effect that it has. */
export interface ValuesCoverage {
  readonly keys: readonly CoveredKey[]
  /** Dead keys that no exception names, and exceptions that are not needed. Empty: all is well. */
  readonly problems: readonly string[]
}

const contextsPerKey = 40
const valuesPerContext = 3
const keysPerLine = 100

/** Changes every key of the chart's values, under the profiles and the defaults, and says which change nothing. */
export async function measureValuesCoverage(
  chart: Chart,
  options: KeyOptions,
): Promise<ValuesCoverage> {
  const { only = () => true, exceptions = {}, tell = () => {} } = options
  const around = openSurroundings(chart, options)
  const leaves = around.keys.filter(({ isLeaf, name }) => isLeaf && only(name))
  if (leaves.length === 0) throw new ToolError('no key is to be changed. Name others.')
  const profiles = [...options.profiles, { name: 'the defaults', values: {} }]
  const trial = createTrial(chart, options)
  let done = 0
  const measure = async (key: ValuesKey): Promise<CoveredKey> => {
    let effect: Effect = { outcome: 'untried' }
    await trial(changesOf(key, profiles, around), ({ context, value }, before, after) => {
      const seen = effectOf(before, after)
      if (ranks.indexOf(seen.outcome) > ranks.indexOf(effect.outcome))
        effect = { ...seen, context: context.name, value }
      return seen.outcome === 'changed' || seen.outcome === 'broken'
    })
    if (++done % keysPerLine === 0) tell(`${done} of ${leaves.length} keys`)
    const exception = exceptions[key.name]
    return { name: key.name, ...effect, ...(exception === undefined ? {} : { exception }) }
  }
  const keys = await Promise.all(leaves.map(measure))
  const broken = keys.filter(({ outcome }) => outcome === 'broken')
  return {
    keys,
    problems: [
      ...broken.map(({ name, message }) => `${name}: breaks the chart: ${message}`),
      ...openProblems(new Map(keys.flatMap(problemOf)), options),
    ],
  }
}

function* changesOf(
  key: ValuesKey,
  profiles: readonly Profile[],
  around: Surroundings,
): Generator<Change> {
  let contexts = 0
  for (const context of contextsOf(key, profiles, around)) {
    if (++contexts > contextsPerKey) return
    let tried = 0
    for (const value of otherValues(key, context.current, around)) {
      const after = changed(key, context, value, around)
      if (!after) continue
      yield { context, after, value }
      if (++tried >= valuesPerContext) break
    }
  }
}

// The last of these says most about a key.
const ranks = ['untried', 'dead', 'refused', 'changed', 'broken'] as const

function effectOf(before: Outcome, after: Outcome): Effect {
  if (before.failure) return { outcome: 'untried' }
  if (after.failure) {
    const { kind } = after.failure
    const outcome = kind === 'fail' || kind === 'schema' ? 'refused' : 'broken'
    return { outcome, message: describeFailure(after.failure) }
  }
  if (before.render.text === after.render.text) {
    const isSame = notesOf(before.render) === notesOf(after.render)
    return isSame ? { outcome: 'dead' } : { outcome: 'changed', change: 'the notes' }
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

function problemOf({ name, outcome, context }: CoveredKey): [name: string, problem: string][] {
  if (outcome === 'dead') return [[name, `changes nothing, last tried under ${context}.`]]
  if (outcome !== 'untried') return []
  return [[name, 'no profile takes a different value here. Add a profile.']]
}
