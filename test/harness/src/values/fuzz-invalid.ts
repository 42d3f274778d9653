import fc from 'fast-check'
import type { SchemaViolation } from '../checks/schema-violations.ts'
import { formatPath, type Path } from '../objects/paths.ts'
import type { Chart, Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import type { RenderRequest } from '../render/request.ts'
import { checkBases } from './bases.ts'
import {
  explore,
  type FuzzOptions,
  type FuzzReport,
  type Judge,
  type Judgement,
  type Shown,
  shownBy,
} from './fuzz.ts'
import { invalidCases } from './invalid-cases.ts'
import { type Finding, judgeOutcome, masked } from './oracle.ts'
import { renderMany } from './render-many.ts'
import { openValuesSchema } from './values-schema.ts'

/** What to try; ajv reads the schema, and of some cases Helm itself does. */
export interface InvalidFuzzOptions extends FuzzOptions {
  /** So many cases, drawn by the seed, are given to `helm template` of each of these majors, too. Default: none. */
  readonly throughHelm?: { readonly cases: number; readonly helms: readonly (3 | 4)[] }
}

/** Renders values with one mistake: the schema or a rule must refuse them, and name the key. */
export async function fuzzInvalidValues(
  chart: Chart,
  options: InvalidFuzzOptions,
): Promise<FuzzReport> {
  const schema = openValuesSchema(chart.path)
  checkBases(schema, options.bases)
  const cases = invalidCases(schema, options.bases)
  const chosen = runsForHelm(options)
  const judge: Judge = async (values, { mistake = [] }, run) => {
    const wrong = { values, mistake, violations: schema.violations(values) }
    const judgement = await judgeByAjv(chart, wrong, options)
    if (!chosen.has(run)) return judgement
    const findings = await judgeByHelm(chart, wrong, options)
    return { ...judgement, findings: [...judgement.findings, ...findings] }
  }
  return explore(cases, judge, options)
}

/** Values, the key in them that is wrong, and what ajv says; a null that takes away a default may be legal. */
interface Wrong {
  readonly values: object
  readonly mistake: Path
  readonly violations: readonly SchemaViolation[]
}

function runsForHelm({ runs, seed, throughHelm }: InvalidFuzzOptions): ReadonlySet<number> {
  const length = Math.min(runs, throughHelm?.cases ?? 0)
  const all = Array.from({ length: runs }, (_, run) => run)
  const some = fc.shuffledSubarray(all, { minLength: length, maxLength: length })
  return new Set(fc.sample(some, { seed, numRuns: 1 })[0])
}

async function judgeByAjv(
  chart: Chart,
  { values, mistake, violations }: Wrong,
  { request = {}, oracle = {} }: InvalidFuzzOptions,
): Promise<Judgement> {
  const isRefused = violations.length > 0
  if (isRefused && violations.some(({ path }) => isAt(mistake, path))) {
    return { findings: [], isRefused }
  }
  const schema = isRefused ? 'helm' : 'skip'
  const outcome = await renderOne(chart, { ...request, values, schema })
  const findings = isRefused
    ? [unnamed('the schema', mistake, violations.map(inWords).join('; '))]
    : [...judgeOutcome(outcome, values, oracle), ...namelessRefusal('the chart', outcome, mistake)]
  return { findings: shownBy(outcome, findings), isRefused: isRefused || !outcome.render }
}

/** Each Helm reads the schema with another library, and neither is ajv. */
async function judgeByHelm(
  chart: Chart,
  { values, mistake, violations }: Wrong,
  { request = {}, throughHelm }: InvalidFuzzOptions,
): Promise<Shown[]> {
  const findings: Shown[] = []
  for (const helm of throughHelm?.helms ?? []) {
    const outcome = await renderOne(chart, { ...request, values, helm, schema: 'helm' })
    const [violation] = violations
    const taken = outcome.render && violation ? [accepted(helm, violation)] : []
    const broken = outcome.failure ? judgeOutcome(outcome, values, {}) : []
    const nameless = namelessRefusal(`Helm ${helm}`, outcome, mistake)
    findings.push(...shownBy(outcome, [...taken, ...broken, ...nameless]))
  }
  return findings
}

async function renderOne(chart: Chart, request: RenderRequest): Promise<Outcome> {
  const [outcome] = await renderMany(chart, [request])
  if (!outcome) throw new Error('nothing was rendered')
  return outcome
}

function accepted(helm: 3 | 4, violation: SchemaViolation): Finding {
  const message = `Helm ${helm} takes what the schema refuses: ${inWords(violation)}`
  return { signature: `accepted ${helm} ${masked(violation.message)}`, message }
}

function namelessRefusal(who: string, { failure }: Outcome, mistake: Path): Finding[] {
  if (failure?.kind !== 'fail' && failure?.kind !== 'schema') return []
  const said = failure.violations?.map(({ path }) => path) ?? failure.cause.split(/[^\w.[\]/-]+/)
  const isNamed = said.some((path) => isAt(mistake, path))
  return isNamed ? [] : [unnamed(who, mistake, describeFailure(failure))]
}

function unnamed(who: string, mistake: Path, text: string): Finding {
  const message = `${who} refuses ${formatPath(mistake)} without naming it: ${text}`
  return { signature: `unnamed ${who} ${masked(text)}`, message }
}

function inWords({ path, message }: SchemaViolation): string {
  return `${path || '(root)'} ${message}`
}

/** Whether the text is the path of the key, or of something in it. */
function isAt(key: Path, text: string): boolean {
  const path = text.replaceAll(/\[(\d+)\]/g, '.$1').replace(/[.:]+$/, '')
  return `${path}.`.startsWith(`${key.join('.')}.`)
}
