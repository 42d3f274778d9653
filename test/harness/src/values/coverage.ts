import type { Chart, Outcome } from '../render/chart.ts'
import type { RenderRequest } from '../render/request.ts'
import { createArbitraries, type Samples } from './arbitrary.ts'
import { type Base, checkBases } from './bases.ts'
import { otherValues } from './changes.ts'
import {
  type Context,
  changed,
  contextOf,
  type Surroundings,
  switchedContexts,
} from './contexts.ts'
import { describeEffect, type Effect, strongest } from './effects.ts'
import type { ValuesKey } from './keys.ts'
import { find, renderInto } from './rendered.ts'
import { openValuesSchema } from './values-schema.ts'

/** What to measure, and under which values. */
export interface ValuesCoverageOptions {
  /** Values in which features are on; the defaults alone are always tried, too. */
  readonly bases: readonly Base[]
  /** Values for places of which the schema does not say enough, by the end of the key's name. */
  readonly samples?: Samples
  /** Keys that may be without effect, each with the reason. */
  readonly exceptions?: Readonly<Record<string, string>>
  /** Which keys; default: all. */
  readonly only?: (name: string) => boolean
  /** How all are rendered, e.g. with another Kubernetes version. */
  readonly request?: RenderRequest
  readonly tell?: (line: string) => void
}

/** What changing one key came to. */
export interface CoveredKey extends Effect {
  readonly name: string
  /** The reason why the key may be without effect. */
  readonly exception?: string
}

/** Each key with the effect that it has. */
export interface ValuesCoverage {
  readonly keys: readonly CoveredKey[]
  /** Dead keys that no exception names, and exceptions that nobody needs. Empty: all is well. */
  readonly problems: readonly string[]
}

const contextsPerKey = 40
const valuesPerContext = 3

/** Changes every key of the chart's values, and tells which change nothing. */
export async function measureValuesCoverage(
  chart: Chart,
  options: ValuesCoverageOptions,
): Promise<ValuesCoverage> {
  const { samples = {}, only = () => true, exceptions = {} } = options
  const schema = openValuesSchema(chart.path)
  checkBases(schema, options.bases)
  const around = { schema, samples, make: createArbitraries(schema, samples) }
  const leaves = schema.keys.filter(({ isLeaf, name }) => isLeaf && only(name))
  if (leaves.length === 0)
    throw new Error('values coverage: no key is to be measured. Name others.')
  const bases = [...options.bases, { name: 'the defaults', values: {} }]
  const trials = leaves.map((key) => new Trial(key, attemptsOf(key, bases, around)))
  await runTrials(chart, trials, options)
  const keys = trials.map(({ key, effect }): CoveredKey => {
    const exception = exceptions[key.name]
    return { name: key.name, ...effect, ...(exception === undefined ? {} : { exception }) }
  })
  return { keys, problems: [...problemsOf(keys), ...unneeded(keys, exceptions, only)] }
}

/** One change: the values before and after it. */
interface Attempt {
  readonly context: Context
  readonly after: object
  readonly value: unknown
}

class Trial {
  readonly key: ValuesKey
  readonly attempts: Iterator<Attempt>
  effect: Effect = { outcome: 'untried' }

  constructor(key: ValuesKey, attempts: Iterator<Attempt>) {
    this.key = key
    this.attempts = attempts
  }
}

function* attemptsOf(
  key: ValuesKey,
  bases: readonly Base[],
  around: Surroundings,
): Generator<Attempt> {
  let contexts = 0
  for (const context of contextsOf(key, bases, around)) {
    if (++contexts > contextsPerKey) return
    let tried = 0
    const { schema, make, samples } = around
    for (const value of otherValues(key, context.current, schema, make, samples)) {
      const after = changed(key, context, value, around)
      if (!after) continue
      yield { context, after, value }
      if (++tried >= valuesPerContext) break
    }
  }
}

function* contextsOf(
  key: ValuesKey,
  bases: readonly Base[],
  around: Surroundings,
): Generator<Context> {
  for (const base of bases) yield contextOf(key, base, around)
  for (const base of bases) yield* switchedContexts(key, base, around)
}

async function runTrials(
  chart: Chart,
  trials: readonly Trial[],
  { request = {}, tell = () => {} }: ValuesCoverageOptions,
): Promise<void> {
  const rendered = new Map<string, Outcome>()
  let open = trials
  for (let round = 1; open.length > 0; round++) {
    // Of many keys one attempt each, of the few that resist several: a round has its price.
    const each = Math.ceil(perRound / open.length)
    const tries = open.flatMap((trial) => {
      return take(trial.attempts, each).map((attempt) => ({ trial, attempt }))
    })
    tell(`round ${round}: ${open.length} keys, ${tries.length} changes`)
    const values = tries.flatMap(({ attempt }) => [attempt.context.values, attempt.after])
    await renderInto(rendered, chart, values, request)
    for (const { trial, attempt } of tries) {
      const { context, after, value } = attempt
      const [before, then] = [find(rendered, context.values), find(rendered, after)]
      const effect = describeEffect(before, then)
      trial.effect = strongest(trial.effect, { ...effect, context: context.name, value })
    }
    const tried = new Set(tries.map(({ trial }) => trial))
    open = open.filter((trial) => tried.has(trial) && !isSettled(trial.effect))
  }
}

function isSettled({ outcome }: Effect): boolean {
  return outcome === 'changed' || outcome === 'broken'
}

const perRound = 200

function take<T>(from: Iterator<T>, count: number): T[] {
  const taken: T[] = []
  for (let next = from.next(); !next.done; next = from.next()) {
    taken.push(next.value)
    if (taken.length === count) break
  }
  return taken
}

function problemsOf(keys: readonly CoveredKey[]): string[] {
  return keys.flatMap(({ name, outcome, exception, context, message }) => {
    if (outcome === 'broken') return [`${name}: breaks the chart: ${message}`]
    if (exception !== undefined) return []
    if (outcome === 'dead') return [`${name}: changes nothing, last tried under ${context}.`]
    if (outcome === 'untried') return [`${name}: no base takes another value here. Add a base.`]
    return []
  })
}

function unneeded(
  keys: readonly CoveredKey[],
  exceptions: Readonly<Record<string, string>>,
  only: (name: string) => boolean,
): string[] {
  const dead = new Set(
    keys
      .filter(({ outcome }) => outcome === 'dead' || outcome === 'untried')
      .map(({ name }) => name),
  )
  return Object.keys(exceptions)
    .filter((name) => only(name) && !dead.has(name))
    .map((name) => `${name}: is excepted, but is no dead key. Remove the exception.`)
}
