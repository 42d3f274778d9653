// Checks sets of values from the files to the rendered objects.
import {
  type Chart,
  createChart,
  formatProblem,
  type Problem,
  type Render,
  resolveTool,
  runRules,
} from 'chart-harness'
import { comparisons, createTwins, type Twins } from '../../test/rules/comparisons.ts'
import { needsOf } from '../../test/rules/external.ts'
import { exampleRules, userAdvice, userRules } from '../../test/rules/rules.ts'
import { compareRenders } from './check-compare.ts'
import { explainFindings } from './check-explain.ts'
import { readInputs, withValue } from './check-inputs.ts'
import { judgeRender, mergeHelms } from './check-judge.ts'
import type { CheckOptions, ValueSet } from './check-options.ts'
import { renderSet } from './check-render.ts'
import { addSecondOpinion, askKubeconform, type CheckedSet } from './check-second-opinion.ts'
import type { Finding, HelmReport } from './check-types.ts'
import '../../test/rules/project.ts'

const namespace = 'mastodon'

interface Context {
  readonly chart: Chart
  readonly twins: Twins
  readonly options: CheckOptions
  /** Of the Helms, in the order of `options.helms`. */
  readonly versions: readonly string[]
}

/** Checks every set; `tell` gets a line before each step. */
export async function checkSets(
  options: CheckOptions,
  tell: (line: string) => void,
): Promise<CheckedSet[]> {
  const tools = await Promise.all(options.helms.map((helm) => resolveTool(`helm${helm}`)))
  await resolveTool('kubeconform')
  const twins = createTwins(options.chart, namespace)
  const versions = tools.map(({ version }) => version)
  const chart = createChart({ path: options.chart, namespace })
  const context = { chart, twins, options, versions }
  const checked: CheckedSet[] = []
  try {
    for (const [index, set] of options.sets.entries()) {
      tell(`[${index + 1}/${options.sets.length}] ${set.name}`)
      checked.push(await checkSet(context, set))
    }
  } finally {
    twins.remove()
  }
  const renders = checked.flatMap((set) => set.renders)
  if (renders.length > 0) tell(`kubeconform, Kubernetes ${options.minors.join(', ')}`)
  const answers = await askKubeconform(renders, options.minors)
  return Promise.all(checked.map((set) => addSecondOpinion(set, answers, options.cwd)))
}

async function checkSet(context: Context, set: ValueSet): Promise<CheckedSet> {
  const { chart, options } = context
  const { findValue, findings: shape, warnings } = readInputs(chart.path, set.files, options)
  if (shape.some(({ stage }) => stage === 'file')) return failed(set, shape, warnings)
  const schema = shape.length > 0 ? 'skip' : 'helm'
  const kube = options.kube === undefined ? {} : { kube: options.kube }
  const attempts = await Promise.all(
    options.helms.map((helm) => renderSet(chart, set, { helm, schema, ...kube })),
  )
  const refusals = mergeHelms(
    attempts.flatMap(({ findings }) => findings),
    options.helms.length,
  )
  // Of values of the wrong shape only the rules are worth hearing; other errors repeat the shape's.
  const told = shape.length > 0 ? refusals.filter(({ stage }) => stage === 'rule') : refusals
  const findings = [...shape, ...told].map((finding) => withValue(findValue, finding))
  if (findings.length > 0) return failed(set, findings, warnings)
  return judge(
    context,
    set,
    attempts.flatMap(({ render }) => render ?? []),
    warnings,
  )
}

async function judge(
  { twins, options, versions }: Context,
  set: ValueSet,
  renders: readonly Render[],
  warnings: readonly string[],
): Promise<CheckedSet> {
  const compared = await compareRenders(set, renders, twins, options.kube)
  const rules = set.isExample ? exampleRules : userRules
  const judged = renders.map((render, index) =>
    judgeRender(render, rules, options.minors, versions[index] ?? ''),
  )
  const last = renders.slice(-1)
  const advice = set.isExample
    ? []
    : last.flatMap((render) => runRules(render, userAdvice).problems)
  const findings = [
    ...(await explainFindings(
      mergeHelms(
        judged.flatMap((one) => one.findings),
        options.helms.length,
      ),
      options.cwd,
    )),
    ...compared.map((problem): Finding => ({ stage: 'check', message: formatProblem(problem) })),
  ]
  const report = {
    name: set.name,
    files: set.files,
    ok: findings.length === 0,
    helms: judged.map((one) => withComparisons(one.report, compared, options.helms.length)),
    findings,
    warnings: [...warnings, ...advice.map(formatProblem)],
    needs: last.flatMap(needsOf),
  }
  return { report, renders }
}

function withComparisons(
  report: HelmReport,
  compared: readonly Problem[],
  helms: number,
): HelmReport {
  const total = comparisons.length - (helms === 1 ? 1 : 0)
  const failures = new Set(compared.map(({ rule }) => rule)).size
  return {
    ...report,
    rules: report.rules + total,
    rulesPassed: report.rulesPassed + total - failures,
  }
}

function failed(
  set: ValueSet,
  findings: readonly Finding[],
  warnings: readonly string[],
): CheckedSet {
  const { name, files } = set
  const report = { name, files, ok: false, helms: [], findings, warnings, needs: [] }
  return { report, renders: [] }
}
