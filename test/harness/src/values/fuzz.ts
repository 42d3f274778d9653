import fc, { type Arbitrary } from 'fast-check'
import type { Chart, Outcome, RenderOptions } from '../chart.ts'
import type { Samples } from './arbitrary.ts'
import type { Base } from './bases.ts'
import { checkBases } from './bases.ts'
import { type FuzzCase, validCases } from './cases.ts'
import { invalidCases } from './invalid-cases.ts'
import { type Finding, judgeOutcome, type Oracle } from './oracle.ts'
import { renderMany } from './render-many.ts'
import { smallestValues } from './shrink.ts'
import { openValuesSchema, type ValuesSchema } from './values-schema.ts'

/** What to try, and what must hold. */
export interface FuzzOptions {
  readonly bases: readonly Base[]
  /** Values for places of which the schema does not say enough, by the end of the key's name. */
  readonly samples?: Samples
  readonly oracle?: Oracle
  readonly runs: number
  readonly seed: number
  /** How all are rendered. */
  readonly request?: RenderOptions
  /** Which of several cases with the same defect is shrunk to the simplest; default: the first 5 defects. */
  readonly shrinks?: number
  readonly tell?: (line: string) => void
}

/** A defect and the simplest values that show it. */
export interface Counterexample extends Finding {
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
  const judge: Judge = async (values, isTwice) => {
    const isLegal = schema.violations(values).length === 0
    return isLegal ? judgeValid(chart, values, options, isTwice) : { findings: [], isRefused: true }
  }
  return explore(cases, judge, options)
}

/** Renders values with one mistake: the schema or a rule must refuse them, in words. */
export async function fuzzInvalidValues(chart: Chart, options: FuzzOptions): Promise<FuzzReport> {
  const schema = openValuesSchema(chart.path)
  checkBases(schema, options.bases)
  const cases = invalidCases(schema, options.bases)
  const judge: Judge = (values) => judgeInvalid(chart, values, schema, options)
  return explore(cases, judge, options)
}

interface Judgement {
  readonly findings: readonly Finding[]
  readonly isRefused: boolean
}

/** Judges values; `isTwice`: renders them twice and compares the bytes, too. */
type Judge = (values: object, isTwice: boolean) => Promise<Judgement>

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
  const findings = judgeOutcome(outcome, values, oracle)
  if (!outcome.render) return { findings, isRefused: true }
  if (!isTwice) return { findings, isRefused: false }
  const apis = [...(request.apis ?? []), twin]
  const [again] = await renderMany(chart, [{ ...wanted, apis }])
  return { findings: [...findings, ...differences(outcome, again)], isRefused: false }
}

// Another flag makes another process of it, not an answer that was kept.
const twin = 'chart-harness.example/again'

function differences({ render }: Outcome, again: Outcome | undefined): Finding[] {
  if (render?.text === again?.render?.text) return []
  const message = 'two renders of the same values differ'
  return [{ signature: 'deterministic', message }]
}

async function judgeInvalid(
  chart: Chart,
  values: object,
  schema: ValuesSchema,
  options: FuzzOptions,
): Promise<Judgement> {
  const violations = schema.violations(values)
  if (violations.length > 0) {
    const isNamed = violations.every(({ message }) => message !== '')
    const unnamed = { signature: 'unnamed', message: 'the schema refuses without a message' }
    return { findings: isNamed ? [] : [unnamed], isRefused: true }
  }
  const { request = {}, oracle = {} } = options
  const [outcome] = await renderMany(chart, [{ ...request, values, schema: 'skip' }])
  if (!outcome) throw new Error('nothing was rendered')
  const broken = judgeOutcome(outcome, values, oracle)
  return { findings: broken, isRefused: outcome.failure !== undefined }
}

interface Failed {
  readonly finding: Finding
  readonly run: number
  times: number
}

async function explore(
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
      part.map(({ values }, index) => judge(values, index % 4 === 0)),
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

function note(failed: Map<string, Failed>, finding: Finding, run: number): void {
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
  const isTwice = finding.signature === 'deterministic'
  const values = await smallestValues(found.values, async (candidate) => {
    const { findings } = await judge(candidate, isTwice)
    return findings.some(isSame)
  })
  const { findings } = await judge(values, isTwice)
  const same = findings.find(isSame) ?? finding
  return { ...same, ...found, values, run, times, isSmallest: true }
}
