// All that the harness can find in a chart, as lines `<check> <object>`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  checkNothingRestarts,
  checkSameBytes,
  checkSameObjects,
  createBumpedChart,
} from '../src/checks/comparisons.ts'
import { createSchemaChecker } from '../src/checks/kubernetes-schemas.ts'
import { checkLeftovers } from '../src/checks/leftovers.ts'
import { checkNames } from '../src/checks/names.ts'
import { checkPodSecurity } from '../src/checks/pod-security.ts'
import { checkSecretLeaks } from '../src/checks/secret-leaks.ts'
import { checkReferences } from '../src/graph/check-references.ts'
import type { Externals } from '../src/graph/references.ts'
import { ManifestError } from '../src/objects/manifests.ts'
import type { Problem } from '../src/objects/types.ts'
import { parseYaml } from '../src/objects/yaml.ts'
import { type Chart, createChart } from '../src/render/chart.ts'
import { copyChart } from '../src/render/chart-files.ts'
import { HelmError } from '../src/render/helm-errors.ts'
import type { Render } from '../src/render/render.ts'
import type { RenderRequest } from '../src/render/request.ts'
import { diffRenders } from '../src/upgrade/check-upgrade.ts'
import { fixture, temporaryFolder } from './support.ts'

/** A text in a file of the chart, and what is put in its place. */
interface ChartEdit {
  readonly file: string
  readonly replace: string
  readonly by: string
}

/** A mistake that a chart's author makes, everything that is found (`<check> <object>`), and the edits that make it. */
interface ChartFault {
  readonly fault: string
  readonly finds: readonly string[]
  readonly edits: readonly ChartEdit[]
}

/** A chart that the harness has never seen, and what must be known for checking it. */
export interface ForeignChart {
  readonly name: string
  /** Values that render, and which of them only Secrets may hold; the last has most. */
  readonly cases: readonly {
    readonly values: object
    readonly apis?: readonly string[]
    readonly secrets?: readonly string[]
  }[]
  /** Values that the chart's own rules refuse, by the message. */
  readonly refuses: Readonly<Record<string, object>>
  /** Values that restart pods, compared with the first case: by the workload. */
  readonly restarts: Readonly<Record<string, object>>
  readonly external: Externals
  readonly faults: readonly ChartFault[]
  /** Faults that no values of `cases` show. */
  readonly hiddenFaults: readonly ChartFault[]
}

/** The charts, as `<name>.yaml` beside their folders describes them. */
export const foreignCharts: readonly ForeignChart[] = ['bookshop', 'mailroom'].map((name) => {
  const text = readFileSync(fixture(`charts/${name}.yaml`), 'utf8')
  return parseYaml(text, name) as ForeignChart
})

/** The version that the charts see. */
export const kube = '1.36'
/** Checks objects by the schemas of Kubernetes. */
export const schemaOf = createSchemaChecker(
  join(import.meta.dirname, '../../../schema/kubernetes'),
  fixture('charts/schemas'),
)

/** All that is found in the chart with these edits; empty: nothing. */
export async function checkUp(
  foreign: ForeignChart,
  edits: readonly ChartEdit[] = [],
): Promise<string[]> {
  const chart = chartWith(foreign, edits)
  const changed = Object.entries(foreign.restarts).map(
    ([workload, values]) => [workload, chart.render({ kube, values })] as const, // in one process with the cases
  )
  const outcomes = await Promise.allSettled(rendersOf(foreign, chart))
  const broken = outcomes.flatMap((one) =>
    one.status === 'rejected' ? [brokenBy(one.reason)] : [],
  )
  if (broken.length > 0) return unique(broken)
  const renders = await Promise.all(rendersOf(foreign, chart))
  const previous = await Promise.all(rendersOf(foreign, chartWith(foreign)))
  const missing = changed.map(async ([workload, render]) =>
    diffOf(renders[0], await render).restarts.includes(workload) ? [] : [`restarts ${workload}`],
  )
  return unique([
    ...renders.flatMap((render, index) => [
      ...problemsOf(foreign, render, foreign.cases[index]?.secrets ?? []),
      ...diffOf(previous[index], render).refused.map(({ object }) => `upgrade ${object}`),
    ]),
    ...(await comparisons(foreign, chart, renders)),
    ...(await Promise.all(missing)).flat(),
    ...(await lostRules(foreign, chart)),
  ])
}

/** Sorted, each once. */
export function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)].sort()
}

/** A copy of the chart with these edits. */
export function chartWith(foreign: ForeignChart, edits: readonly ChartEdit[] = []): Chart {
  const original = fixture(`charts/${foreign.name}`)
  const files: Record<string, string> = {}
  for (const { file, replace, by } of edits) {
    const text = files[file] ?? readFileSync(join(original, file), 'utf8')
    if (!text.includes(replace)) throw new Error(`${file} has no ${JSON.stringify(replace)}`)
    files[file] = text.replace(replace, () => by)
  }
  const path = copyChart(original, join(temporaryFolder(), foreign.name), files)
  return createChart({ path, release: 'r', schema: 'skip' })
}

/** All cases, rendered. */
export function rendersOf(
  foreign: ForeignChart,
  chart: Chart,
  more: RenderRequest = {},
): Promise<Render>[] {
  return foreign.cases.map(({ secrets: _, ...request }) =>
    chart.render({ kube, ...request, ...more }),
  )
}

function diffOf(before: Render | undefined, after: Render): ReturnType<typeof diffRenders> {
  if (!before) throw new Error('there is no render to compare')
  return diffRenders(before, after)
}

function brokenBy(reason: unknown): string {
  if (reason instanceof HelmError) return `renders ${reason.failure.template}`
  if (reason instanceof ManifestError) return `renders ${/^[^ :]+/.exec(reason.message)?.[0]}`
  throw reason
}

function problemsOf({ external }: ForeignChart, render: Render, secrets: readonly string[]) {
  return lines([
    ...checkReferences(render, { external }),
    ...checkNames(render),
    ...checkPodSecurity(render),
    ...checkLeftovers(render),
    ...checkSecretLeaks(render, secrets),
    ...render.objects.flatMap((object) => schemaOf(object, kube)),
  ])
}

function lines(problems: readonly Problem[]): string[] {
  return problems.map(({ rule, object }) => `${rule} ${object}`)
}

// With a separate cache the chart is rendered again, all cases by one process.
async function comparisons(
  foreign: ForeignChart,
  chart: Chart,
  renders: readonly Render[],
): Promise<string[]> {
  const options = { release: 'r', schema: 'skip' } as const
  const twin = createChart({ ...options, path: chart.path, cacheDir: temporaryFolder() })
  const bumped = createBumpedChart(chart.path, 'default')
  onTestFinished(() => bumped.remove())
  const others = [
    [(four: Render, three: Render) => checkSameObjects(three, four), chart, { helm: 3 }],
    [checkSameBytes, twin, {}],
    [checkNothingRestarts, bumped.chart, options],
  ] as const
  const found = others.map(async ([check, other, request]) => {
    const compared = await Promise.all(rendersOf(foreign, other, request))
    return renders.flatMap((render, index) => check(render, compared[index] as Render))
  })
  return lines((await Promise.all(found)).flat())
}

async function lostRules({ refuses }: ForeignChart, chart: Chart): Promise<string[]> {
  const refused = Object.entries(refuses).map(([message, values]) =>
    chart.render({ values }).then(
      () => false,
      (error: unknown) => error instanceof HelmError && error.failure.lines.includes(message),
    ),
  )
  const kept = await Promise.all(refused)
  return Object.keys(refuses).flatMap((message, index) =>
    kept[index] ? [] : [`refuses ${message}`],
  )
}
