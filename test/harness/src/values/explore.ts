import fc, { type Arbitrary } from 'fast-check'
import { type Path, valuesIn, withoutValueAt } from '../objects/paths.ts'
import type { Finding, Oracle } from './oracle.ts'
import type { TrialOptions } from './trials.ts'

/** What to try, and what must hold. */
export interface FuzzOptions extends TrialOptions {
  readonly oracle?: Oracle
  readonly runs: number
  readonly seed: number
  /** Of how many defects the values are made as small as possible; default: 5. */
  readonly shrinks?: number
}

/** One set of values to try: a profile with some keys set. */
export interface FuzzCase {
  readonly profile: string
  readonly values: object
  /** What was set, as `path: value`. */
  readonly changes: readonly string[]
  /** Of invalid values: the key that is wrong. */
  readonly mistake?: Path
}

/** A defect and values that show it. */
export interface Counterexample extends Finding, Omit<FuzzCase, 'mistake'> {
  /** The number of the case in the run with this seed. */
  readonly run: number
  /** How many cases showed it. */
  readonly times: number
  /** Whether the values were made as small as possible. */
  readonly isSmallest: boolean
}

/** The result of fuzzing. */
export interface FuzzReport {
  readonly seed: number
  readonly runs: number
  readonly rendered: number
  /** Values that the chart's rules refused. */
  readonly refused: number
  readonly counterexamples: readonly Counterexample[]
}

/** What is wrong with one set of values. */
export interface Judgement {
  readonly findings: readonly Finding[]
  readonly isRefused: boolean
}

/** Judges the values of a case, or smaller ones derived from them; `run` is the number of the case. */
export type Judge = (values: object, drawn: FuzzCase, run: number) => Promise<Judgement>

interface Defect {
  readonly finding: Finding
  readonly drawn: FuzzCase
  readonly run: number
  times: number
}

const batch = 100

/** Judges drawn cases, and makes the values of the first defects smaller. */
export async function explore(
  cases: Arbitrary<FuzzCase>,
  judge: Judge,
  options: FuzzOptions,
): Promise<FuzzReport> {
  const { runs, seed, shrinks = 5, tell = () => {} } = options
  const drawn = fc.sample(cases, { seed, numRuns: runs })
  const defects = new Map<string, Defect>()
  let refused = 0
  for (let start = 0; start < runs; start += batch) {
    const part = drawn.slice(start, start + batch)
    const judged = part.map(async (one, index) => ({
      drawn: one,
      run: start + index,
      ...(await judge(one.values, one, start + index)),
    }))
    for (const { findings, isRefused, ...one } of await Promise.all(judged)) {
      if (isRefused) refused++
      for (const finding of findings) {
        const defect = defects.get(finding.signature) ?? { finding, ...one, times: 0 }
        defect.times++
        defects.set(finding.signature, defect)
      }
    }
    tell(`${start + part.length} of ${runs}: ${refused} refused, ${defects.size} defects`)
  }
  const counterexamples: Counterexample[] = []
  for (const { finding, drawn, run, times } of defects.values()) {
    const isSmallest = counterexamples.length < shrinks
    if (isSmallest) tell(`making smaller: ${finding.message}`)
    const smaller = isSmallest
      ? await shrink(finding, drawn, (values) => judge(values, drawn, run))
      : {}
    counterexamples.push({ ...finding, ...drawn, ...smaller, run, times, isSmallest })
  }
  return { seed, runs, rendered: runs - refused, refused, counterexamples }
}

/** The case without all that the defect does not need. */
async function shrink(
  finding: Finding,
  { values }: FuzzCase,
  judge: (values: object) => Promise<Judgement>,
): Promise<Finding & { readonly values: object }> {
  const show = async (candidate: object): Promise<Finding | undefined> => {
    const { findings } = await judge(candidate)
    return findings.find(({ signature }) => signature === finding.signature)
  }
  const smallest = await smallestValues(values, async (one) => (await show(one)) !== undefined)
  return { ...((await show(smallest)) ?? finding), values: smallest }
}

const mostRounds = 20

/** The least of the values that still shows a defect; all keys and items that may go are tried at once. */
async function smallestValues(
  values: object,
  shows: (values: object) => Promise<boolean>,
): Promise<object> {
  let smallest = values
  for (let round = 0; round < mostRounds; round++) {
    const [, ...paths] = valuesIn(smallest).map(({ path }) => path)
    const answers = await Promise.all(paths.map((path) => shows(without(smallest, [path]))))
    const dispensable = paths.filter((_, index) => answers[index])
    const [first] = dispensable
    if (!first) return smallest
    const all = without(smallest, dispensable)
    smallest = (await shows(all)) ? all : without(smallest, [first])
  }
  return smallest
}

// From the end, so that the numbers of items still hold.
function without(values: object, paths: readonly Path[]): object {
  return paths.reduceRight<unknown>((left, path) => withoutValueAt(left, path), values) as object
}
