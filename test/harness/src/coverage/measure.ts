import { join, resolve } from 'node:path'
import { readChartFiles } from '../render/chart-files.ts'
import { cacheRoot, hashOf, openCache } from '../render/disk-cache.ts'
import { parseHelmError } from '../render/helm-errors.ts'
import { createHelm, createHelmRunner } from '../render/helm-runner.ts'
import { CoverageError, type RecordedRequest } from '../render/recorder.ts'
import { registeredPin } from '../tools/tool-pins.ts'
import { resolveTool } from '../tools/tools.ts'
import { findBranches } from './branches.ts'
import { type MeasuredBranch, measureBranches } from './measured.ts'
import { type Trace, traceRequests } from './trace.ts'
import { type Template, templateSources, traceChart } from './tracer.ts'

/** What to measure. */
export interface CoverageOptions {
  /** The chart's folder. */
  readonly chart: string
  readonly requests: readonly RecordedRequest[]
  /** Where renders and results are kept; default: the tools' cache. */
  readonly cacheDir?: string
}

/** What one request executed. */
export interface Execution {
  readonly id: string
  /** Whether a plain render works, or fails as some test expects. */
  readonly outcome: 'renders' | 'fails'
  /** Numbers of branches, counted over all templates; of a failing one those up to the failure. */
  readonly branches: readonly number[]
}

/** What requests execute of a chart. */
export interface Coverage {
  /** The chart's folder. */
  readonly chart: string
  readonly templates: readonly Template[]
  /** All branches of the templates, in the order of their numbers. */
  readonly branches: readonly MeasuredBranch[]
  /** How many render, fail as a test expects, or do not count: the schema refuses them, or no test expects a failure. */
  readonly requests: Readonly<Record<'rendering' | 'failing' | 'refused', number>>
}

/**
 * Runs the requests on a copy of the chart that says which branches it executes. Only what a plain render
 * does counts. Throws a CoverageError when that cannot be found out.
 */
export async function measureCoverage(options: CoverageOptions): Promise<Coverage> {
  const chart = resolve(options.chart)
  const cacheDir = options.cacheDir ?? cacheRoot(registeredPin('helm4').cache)
  const { hash: chartHash } = readChartFiles(chart)
  const templates = templateSources(chart).map((template) => ({
    ...template,
    branches: findBranches(template.file, template.source),
  }))
  const cache = openCache<readonly Execution[]>(join(cacheDir, 'coverage'))
  const helms = [...new Set(options.requests.map(({ helm }) => helm))].sort()
  const tools = await Promise.all(helms.map((helm) => resolveTool(`helm${helm}`)))
  const asked = options.requests.map(({ id, expected }) => `${id}${expected}`)
  const key = hashOf(chartHash, ...tools.map(({ version }) => version), ...asked)
  const executions =
    cache.get(key) ?? (await execute({ chart, chartHash, cacheDir, templates }, options))
  cache.set(key, executions)
  const all = templates.flatMap(({ branches }) => branches)
  const rendering = executions.filter(({ outcome }) => outcome === 'renders').length
  const failing = executions.length - rendering
  const refused = options.requests.length - executions.length
  return {
    ...{ chart, templates, branches: measureBranches(all, executions) },
    requests: { rendering, failing, refused },
  }
}

interface Subject {
  readonly chart: string
  readonly chartHash: string
  readonly cacheDir: string
  readonly templates: readonly Template[]
}

async function execute(subject: Subject, { requests }: CoverageOptions): Promise<Execution[]> {
  const { chart, cacheDir, templates } = subject
  const run = createHelm(cacheDir)
  const copy = await traceChart(chart, templates, join(cacheDir, 'tracers'), async (names) => {
    return (await run(requests[0]?.helm ?? 4, ['template', 'names', names])).stdout
  })
  const outcomes = await plainOutcomes(subject, requests)
  const counted = requests.filter(({ id }) => outcomes.has(id))
  const traces = await traceRequests(copy, counted, run)
  return counted.map(({ id }, index) => {
    const [outcome, trace] = [outcomes.get(id), traces[index]]
    if (!outcome || !trace) throw new Error(`${id} was not run`)
    checkAgreement(outcome, trace)
    const branches = [...trace.branches].sort((a, b) => a - b)
    return { id, outcome: outcome === 'renders' ? 'renders' : 'fails', branches }
  })
}

type PlainOutcome = 'renders' | 'fail' | 'template' | 'yaml'

/** How the requests end that count. */
async function plainOutcomes(
  { chart, chartHash, cacheDir }: Subject,
  requests: readonly RecordedRequest[],
): Promise<ReadonlyMap<string, PlainOutcome>> {
  const run = createHelmRunner(cacheDir, chart)
  const outcomes = new Map<string, PlainOutcome>()
  await Promise.all(
    requests.map(async (request) => {
      const { id, expected } = request
      const { code, stderr } = await run({ ...request, chartHash })
      const kind = code === 0 ? 'renders' : parseHelmError(stderr, '').kind
      if (kind === 'schema' || kind === 'usage' || (kind !== 'renders' && expected !== 'fails'))
        return
      outcomes.set(id, kind)
    }),
  )
  return outcomes
}

// The tracers change nothing, and `helm lint` differs from `helm template` only in what it makes of
// failures. A chart for which that is not so must not get numbers that look right.
function checkAgreement(outcome: PlainOutcome, { failure, ended, error }: Trace): void {
  const mustEnd = outcome === 'renders' || outcome === 'yaml'
  if (mustEnd === (ended && failure === undefined)) return
  const lint = failure ?? (ended ? 'it works' : error)
  throw new CoverageError(
    `a request ${outcome === 'renders' ? 'works' : 'fails'} with "helm template", but under "helm lint": ${lint}. Its coverage cannot be measured.`,
  )
}
