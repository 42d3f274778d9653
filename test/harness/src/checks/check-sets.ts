// Checks sets of values, from the files to the rendered objects.
import type { Problem } from '../objects/types.ts'
import { type ChartOptions, createChart } from '../render/chart.ts'
import type { Render } from '../render/render.ts'
import { limiter } from '../tools/run-command.ts'
import { resolveTool } from '../tools/tools.ts'
import { compareRenders, comparisonNames, createBumpedChart } from './comparisons.ts'
import { type ByMinor, explainFindings, type Judges, judgeRender } from './judge-render.ts'
import { runKubeconform } from './kubeconform.ts'
import { openSchemas, type Schemas } from './kubernetes-schemas.ts'
import { formatProblem, type Rule, runRules } from './rules.ts'
import { type HelmReport, mergeHelms, type SetFinding, type SetReport } from './set-report.ts'
import { type Tried, tryValues } from './try-values.ts'

/** One set of values: files over each other, and what must be true of what they render. */
export interface ValuesSet {
  readonly name: string
  readonly release: string
  readonly files: readonly string[]
  readonly rules: readonly Rule[]
  /** Rules whose problems are only warnings. */
  readonly advice: readonly Rule[]
}

/** How sets are checked. */
export interface CheckSetsOptions {
  /** The chart's folder. */
  readonly chart: string
  readonly namespace: string
  /** How the chart words its refusals. */
  readonly messages?: Pick<ChartOptions, 'keysIn' | 'wordsOf'>
  readonly helms: readonly (3 | 4)[]
  /** The folder of vendored schemas, and the minors that count. */
  readonly schemas: string
  readonly minors: readonly string[]
  /** Folders with schemas of kinds that are not Kubernetes' own; the first that has a kind counts. */
  readonly crds?: readonly string[]
  /** The Kubernetes version that the chart sees. */
  readonly kube?: string | undefined
  /** Whether kubeconform also checks every object. */
  readonly kubeconform: boolean
  /** Below it, paths are shown relative. */
  readonly cwd: string
  /** Gets a line before each step. */
  readonly tell: (line: string) => void
}

/** One set after all checks, with its renders; none when it could not be rendered. */
export interface CheckedSet {
  readonly report: SetReport
  readonly renders: readonly Render[]
}

interface TriedSet extends Tried {
  readonly set: ValuesSet
  /** What the comparisons found. */
  readonly compared: readonly Problem[]
}

/** Renders every set, compares its renders with each other, and checks them against rules and schemas. */
export async function checkSets(
  sets: readonly ValuesSet[],
  options: CheckSetsOptions,
): Promise<CheckedSet[]> {
  const tools = await Promise.all(options.helms.map((helm) => resolveTool(`helm${helm}`)))
  const versions = tools.map(({ version }) => version)
  const { chart: path, namespace, minors, schemas } = options
  const chart = createChart({ path, namespace, ...options.messages })
  const bumped = createBumpedChart(path, namespace)
  const tried: TriedSet[] = []
  try {
    for (const [index, set] of sets.entries()) {
      options.tell(`[${index + 1}/${sets.length}] ${set.name}`)
      const { kube } = options
      const { release, files } = set
      const request = { release, files, ...(kube === undefined ? {} : { kube }) }
      const one = await tryValues(chart, request, options)
      const isThere = one.renders.length > 0
      const compare = () => compareRenders(one.renders, request, chart, bumped.chart)
      tried.push({ ...one, set, compared: isThere ? await compare() : [] })
    }
  } finally {
    bumped.remove()
  }
  const known = openSchemas(schemas, options.crds ?? [])
  const renders = tried.flatMap((one) => one.renders)
  const judges = {
    schemas: known,
    minors,
    kubeconform: await askKubeconform(renders, known, options),
  }
  return Promise.all(
    tried.map((one) => judgeSet(one, { ...judges, rules: one.set.rules }, versions, options)),
  )
}

/** What kubeconform says about all renders, by minor; undefined when it is not asked. */
async function askKubeconform(
  renders: readonly Render[],
  known: Schemas,
  { kubeconform, minors, schemas, crds = [], tell }: CheckSetsOptions,
): Promise<ByMinor | undefined> {
  if (!kubeconform || renders.length === 0) return undefined
  tell(`kubeconform, Kubernetes ${minors.join(', ')}`)
  const texts = renders.map(({ text }) => text)
  const objects = renders.flatMap((render) => render.objects)
  const limit = limiter(2)
  const answers = minors.map((minor) => {
    const left = objects.filter((object) => known.isUncheckable(object, minor))
    const skip = [...new Set(left.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`))]
    return limit(
      async () => [minor, await runKubeconform(texts, minor, { schemas, crds, skip })] as const,
    )
  })
  return new Map(await Promise.all(answers))
}

async function judgeSet(
  { set, renders, compared, findings: refusals, warnings }: TriedSet,
  judges: Judges,
  versions: readonly string[],
  { chart, cwd, helms }: CheckSetsOptions,
): Promise<CheckedSet> {
  const judged = renders.map((render, index) => judgeRender(render, judges, versions[index] ?? ''))
  const wrong = mergeHelms(
    judged.flatMap(({ findings }) => findings),
    helms.length,
  )
  const findings = [
    ...refusals,
    ...(await explainFindings(wrong, chart, cwd)),
    ...compared.map((problem): SetFinding => ({ stage: 'check', message: formatProblem(problem) })),
  ]
  const advice = renders.slice(-1).flatMap((render) => runRules(render, set.advice).problems)
  const rows = judged.map(({ report }) => withComparisons(report, compared, helms.length))
  const unchecked = [...new Set(judged.flatMap((one) => one.unchecked))].sort()
  const report = {
    ...{ name: set.name, files: set.files, ok: findings.length === 0, helms: rows, findings },
    unchecked,
    warnings: [...warnings, ...advice.map(formatProblem)],
  }
  return { report, renders }
}

/** The row of the table with the comparisons among the rules. */
function withComparisons(row: HelmReport, compared: readonly Problem[], helms: number): HelmReport {
  const comparisons = comparisonNames(helms).length
  const failed = new Set(compared.map(({ rule }) => rule)).size
  return {
    ...row,
    rules: row.rules + comparisons,
    rulesPassed: row.rulesPassed + comparisons - failed,
  }
}
