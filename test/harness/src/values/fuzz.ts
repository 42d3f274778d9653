import fc, { type Arbitrary } from 'fast-check'
import type { Chart, Outcome } from '../render/chart.ts'
import type { RenderRequest } from '../render/request.ts'
import type { Samples } from './arbitrary.ts'
import type { Base } from './bases.ts'
import { checkBases } from './bases.ts'
import { type FuzzCase, validCases } from './cases.ts'
import { type Finding, judgeOutcome, type Oracle } from './oracle.ts'
import { renderMany } from './render-many.ts'
import { smallestValues } from './shrink.ts'
import { openValuesSchema } from './values-schema.ts'

/** What to try, and what must hold. */
export interface FuzzOptions {
  readonly bases: readonly Base[]
  /** Values for places of which the schema does not say enough, by the end of the key's name. */
  readonly samples?: Samples
  readonly oracle?: Oracle
  readonly runs: number
  readonly seed: number
  /** How all are rendered. */
  readonly request?: RenderRequest
  /** Which of several cases with the same defect is shrunk to the simplest; default: the first 5 defects. */
  readonly shrinks?: number
  readonly tell?: (line: string) => void
}

/** A finding, and the command that shows it. */
export interface Shown extends Finding {
  /** To paste into a shell: Helm with the values on standard input. */
  readonly command: string
}

/** A defect and the simplest values that show it. */
export interface Counterexample extends Shown {
  readonly values: object
  readonly base: string
  readonly changes: readonly string[]
  /** The number of the case in the run with this seed. */
  readonly run: number
  /** How many cases showed it. */
  readonly times: number
  /** Whether the values were made smaller; of many defects only the first are. */
  readonly isSmallest: boolean
}

/** What fuzzing came to. */
export interface FuzzReport {
  readonly seed: number
  readonly runs: number
  readonly rendered: number
  /** Values that the chart's rules refused. */
  readonly refused: number
  readonly counterexamples: readonly Counterexample[]
}

const batch = 100

/** Renders random values that the schema takes, and judges what comes out. */
export async function fuzzValues(chart: Chart, options: FuzzOptions): Promise<FuzzReport> {
  const schema = openValuesSchema(chart.path)
  checkBases(schema, options.bases)
  const { samples = {}, bases } = options
  const cases = validCases(schema, bases, samples)
  const judge: Judge = async (values, _, run) => {
    const isLegal = schema.violations(values).length === 0
    if (!isLegal) return { findings: [], isRefused: true }
    return judgeValid(chart, values, options, run % 4 === 0)
  }
  return explore(cases, judge, options)
}

/** What is wrong with one set of values. */
export interface Judgement {
  readonly findings: readonly Shown[]
  readonly isRefused: boolean
}

/** Judges the values of a case, or smaller ones that were made of them; `run` is the number of the case. */
export type Judge = (values: object, drawn: FuzzCase, run: number) => Promise<Judgement>

/** The findings with the command that rendered them. */
export function shownBy(outcome: Outcome, findings: readonly Finding[]): Shown[] {
  const { command } = outcome.render ?? outcome.failure
  return findings.map((finding) => ({ ...finding, command }))
}

async function judgeValid(
  chart: Chart,
  values: object,
  options: FuzzOptions,
  isTwice: boolean,
): Promise<Judgement> {
  const { request = {}, oracle = {} } = options
  const wanted = { ...request, values, showNotes: true, schema: 'skip' } as const
  const [outcome] = await renderMany(chart, [wanted])
  if (!outcome) throw new Error('nothing was rendered')
  const findings = shownBy(outcome, judgeOutcome(outcome, values, oracle))
  if (!outcome.render) return { findings, isRefused: true }
  if (!isTwice) return { findings, isRefused: false }
  const apis = [...(request.apis ?? []), twin]
  const [again] = await renderMany(chart, [{ ...wanted, apis }])
  return {
    findings: [...findings, ...shownBy(outcome, differences(outcome, again))],
    isRefused: false,
  }
}

// Another flag makes another process of it, not an answer that was kept.
const twin = 'chart-harness.example/again'

function differences({ render }: Outcome, again: Outcome | undefined): Finding[] {
  if (render?.text === again?.render?.text) return []
  const message = 'two renders of the same values differ'
  return [{ signature: 'deterministic', message }]
}

interface Failed {
  readonly finding: Shown
  readonly run: number
  times: number
}

/** Judges drawn cases, and makes the first defects smaller. */
export async function explore(
  cases: Arbitrary<FuzzCase>,
  judge: Judge,
  options: FuzzOptions,
): Promise<FuzzReport> {
  const { runs, seed, tell = () => {} } = options
  const drawn = fc.sample(cases, { seed, numRuns: runs })
  const failed = new Map<string, Failed>()
  let refused = 0
  for (let start = 0; start < drawn.length; start += batch) {
    const part = drawn.slice(start, start + batch)
    const judged = await Promise.all(
      part.map((drawnCase, index) => judge(drawnCase.values, drawnCase, start + index)),
    )
    for (const [index, { findings, isRefused }] of judged.entries()) {
      if (isRefused) refused++
      for (const finding of findings) note(failed, finding, start + index)
    }
    tell(`${start + part.length} of ${runs}: ${refused} refused, ${failed.size} defects`)
  }
  const first = [...failed.values()].slice(0, options.shrinks ?? 5)
  const counterexamples: Counterexample[] = []
  for (const one of first) {
    tell(`making smaller: ${one.finding.message}`)
    counterexamples.push(await shrink(drawn, judge, one))
  }
  const others = [...failed.values()].slice(first.length).flatMap((one): Counterexample[] => {
    const drawnCase = drawn[one.run]
    return drawnCase
      ? [{ ...one.finding, ...drawnCase, run: one.run, times: one.times, isSmallest: false }]
      : []
  })
  const all = [...counterexamples, ...others]
  return {
    seed,
    runs: drawn.length,
    rendered: drawn.length - refused,
    refused,
    counterexamples: all,
  }
}

function note(failed: Map<string, Failed>, finding: Shown, run: number): void {
  const known = failed.get(finding.signature)
  if (known) known.times++
  else failed.set(finding.signature, { finding, run, times: 1 })
}

/** The case without all that the defect does not need. */
async function shrink(
  drawn: readonly FuzzCase[],
  judge: Judge,
  { finding, run, times }: Failed,
): Promise<Counterexample> {
  const found = drawn[run]
  if (!found) throw new Error(`run ${run} was not drawn`)
  const isSame = (other: Finding): boolean => other.signature === finding.signature
  const values = await smallestValues(found.values, async (candidate) => {
    const { findings } = await judge(candidate, found, run)
    return findings.some(isSame)
  })
  const { findings } = await judge(values, found, run)
  const same = findings.find(isSame) ?? finding
  return { ...same, ...found, values, run, times, isSmallest: true }
}
