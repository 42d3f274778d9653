import type { Chart, Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import { LookupError, type Render } from '../render/render.ts'
import type { RenderRequest } from '../render/request.ts'
import { diffRenders } from '../upgrade/check-upgrade.ts'
import type { Suggestions } from './arbitrary.ts'
import { changed, contextsOf } from './contexts.ts'
import type { ValuesKey } from './keys.ts'
import { openSurroundings, otherValues, type Profile, type Surroundings } from './surroundings.ts'
import { type Change, runTrials, type Trial } from './trials.ts'

/** What to measure, and under which values. */
export interface ValuesCoverageOptions {
  /** Values under which features are on; the defaults are always tried, too. */
  readonly profiles: readonly Profile[]
  /** Values for places of which the schema does not say enough, by the end of the key's name. */
  readonly suggestions?: Suggestions
  /** Keys that may have no effect, each with the reason. */
  readonly exceptions?: Readonly<Record<string, string>>
  /** Which keys; default: all. */
  readonly only?: (name: string) => boolean
  /** How all are rendered, e.g. with another Kubernetes version. */
  readonly request?: RenderRequest
  readonly tell?: (line: string) => void
}

/** What came of changing one value. */
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

interface KeyTrial extends Trial {
  effect: Effect
}

const contextsPerKey = 40
const valuesPerContext = 3

/** Changes every key of the chart's values, and says which change nothing. */
export async function measureValuesCoverage(
  chart: Chart,
  options: ValuesCoverageOptions,
): Promise<ValuesCoverage> {
  const { only = () => true, exceptions = {} } = options
  const around = openSurroundings(chart, options)
  const leaves = around.schema.keys.filter(({ isLeaf, name }) => isLeaf && only(name))
  if (leaves.length === 0)
    throw new Error('values coverage: no key is to be measured. Name others.')
  const profiles = [...options.profiles, { name: 'the defaults', values: {} }]
  const trials = leaves.map(
    (key): KeyTrial => ({
      key,
      changes: changesOf(key, profiles, around),
      effect: { outcome: 'untried' },
    }),
  )
  await runTrials(chart, trials, { ...options, judge })
  const keys = trials.map(({ key, effect }): CoveredKey => {
    const exception = exceptions[key.name]
    return { name: key.name, ...effect, ...(exception === undefined ? {} : { exception }) }
  })
  return { keys, problems: [...problemsOf(keys), ...needless(keys, exceptions, only)] }
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

const ranks = ['untried', 'dead', 'refused', 'changed', 'broken'] as const

/** Keeps the effect that says most of the key. */
function judge(trial: KeyTrial, change: Change, before: Outcome, after: Outcome): boolean {
  const effect = effectOf(before, after)
  if (ranks.indexOf(effect.outcome) > ranks.indexOf(trial.effect.outcome))
    trial.effect = { ...effect, context: change.context.name, value: change.value }
  return effect.outcome === 'changed' || effect.outcome === 'broken'
}

function effectOf(before: Outcome, after: Outcome): Effect {
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

function problemsOf(keys: readonly CoveredKey[]): string[] {
  return keys.flatMap(({ name, outcome, exception, context, message }) => {
    if (outcome === 'broken') return [`${name}: breaks the chart: ${message}`]
    if (exception !== undefined) return []
    if (outcome === 'dead') return [`${name}: changes nothing, last tried under ${context}.`]
    if (outcome === 'untried')
      return [`${name}: no profile takes a different value here. Add a profile.`]
    return []
  })
}

function needless(
  keys: readonly CoveredKey[],
  exceptions: Readonly<Record<string, string>>,
  only: (name: string) => boolean,
): string[] {
  const isDead = ({ outcome }: CoveredKey): boolean => outcome === 'dead' || outcome === 'untried'
  const dead = new Set(keys.filter(isDead).map(({ name }) => name))
  return Object.keys(exceptions)
    .filter((name) => only(name) && !dead.has(name))
    .map((name) => `${name}: is excepted, but is not a dead key. Remove the exception.`)
}
