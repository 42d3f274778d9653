// All that the harness can find in a chart, as lines `<check> <object>`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSchemaChecker } from '../src/checks/kubernetes-schemas.ts'
import { checkLeftovers } from '../src/checks/leftovers.ts'
import { checkNames } from '../src/checks/names.ts'
import { checkPodSecurity } from '../src/checks/pod-security.ts'
import { checkSecretLeaks } from '../src/checks/secret-leaks.ts'
import { checkReferences } from '../src/graph/check-references.ts'
import { ManifestError } from '../src/objects/manifests.ts'
import { type Chart, createChart } from '../src/render/chart.ts'
import { copyChart } from '../src/render/chart-files.ts'
import { HelmError } from '../src/render/helm-errors.ts'
import type { Render } from '../src/render/render.ts'
import type { RenderRequest } from '../src/render/request.ts'
import { diffRenders } from '../src/upgrade/check-upgrade.ts'
import type { Edit, ForeignChart } from './fixtures/charts/foreign-chart.ts'
import { fixture, temporaryFolder } from './support.ts'

/** The version that the charts see. */
export const kube = '1.36'
const options = { release: 'r', schema: 'skip' } as const
/** Checks objects by the schemas of Kubernetes. */
export const schemaOf = createSchemaChecker(
  join(import.meta.dirname, '../../../schema/kubernetes'),
  fixture('charts/schemas'),
)

/** All that is found in the chart with these edits; empty: nothing. */
export async function checkUp(foreign: ForeignChart, edits: readonly Edit[]): Promise<string[]> {
  const chart = chartWith(foreign, edits)
  changedSettings(foreign, chart) // in one process with the cases
  const broken = await brokenRenders(foreign, chart)
  if (broken.length > 0) return unique(broken)
  const found = await Promise.all([
    problems(foreign, chart),
    helmsThatDiffer(foreign, chart),
    bytesThatDiffer(foreign, chart),
    restarts(foreign, chart, chartWith(foreign, [...edits, nextVersion(foreign)])),
    refusedChanges(foreign, chartWith(foreign, []), chart),
    lostRules(foreign, chart),
  ])
  return unique(found.flat())
}

/** Sorted, each once. */
export function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)].sort()
}

/** A copy of the chart with these edits. */
export function chartWith(foreign: ForeignChart, edits: readonly Edit[]): Chart {
  const path = join(temporaryFolder(), foreign.name)
  copyChart(fixture(`charts/${foreign.name}`), path)
  for (const [file, search, replacement] of edits) {
    const text = readFileSync(join(path, file), 'utf8')
    if (!text.includes(search)) throw new Error(`${file} has no ${JSON.stringify(search)}`)
    writeFileSync(
      join(path, file),
      text.replace(search, () => replacement),
    )
  }
  return createChart({ ...options, path })
}

function nextVersion(foreign: ForeignChart): Edit {
  const file = join(fixture(`charts/${foreign.name}`), 'Chart.yaml')
  const line = /^version: .*$/m.exec(readFileSync(file, 'utf8'))?.[0] ?? ''
  return ['Chart.yaml', line, 'version: 99.0.0']
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

async function brokenRenders(foreign: ForeignChart, chart: Chart): Promise<string[]> {
  const outcomes = await Promise.allSettled(rendersOf(foreign, chart))
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return []
    const { reason } = outcome
    if (reason instanceof HelmError) return [`renders ${reason.failure.template}`]
    if (reason instanceof ManifestError) return [`renders ${/^[^ :]+/.exec(reason.message)?.[0]}`]
    throw reason
  })
}

async function problems({ cases, external, ...foreign }: ForeignChart, chart: Chart) {
  const renders = await Promise.all(rendersOf({ cases, external, ...foreign }, chart))
  return renders
    .flatMap((render, index) => [
      ...checkReferences(render, { external }),
      ...checkNames(render),
      ...checkPodSecurity(render),
      ...checkLeftovers(render),
      ...checkSecretLeaks(render, cases[index]?.secrets ?? []),
      ...render.objects.flatMap((object) => schemaOf(object, kube)),
    ])
    .map(({ rule, object }) => `${rule} ${object}`)
}

async function helmsThatDiffer(foreign: ForeignChart, chart: Chart): Promise<string[]> {
  const four = await Promise.all(rendersOf(foreign, chart))
  const three = await Promise.all(rendersOf(foreign, chart, { helm: 3 }))
  return four.flatMap((render, index) => changes('equal-on-both-helms', render, three[index]))
}

// A chart with its own cache is rendered again, all cases by one process.
async function bytesThatDiffer(foreign: ForeignChart, chart: Chart): Promise<string[]> {
  const twin = createChart({ ...options, path: chart.path, cacheDir: temporaryFolder() })
  const again = await Promise.all(rendersOf(foreign, twin))
  return (await Promise.all(rendersOf(foreign, chart))).flatMap((render, index) =>
    render.text === again[index]?.text ? [] : changes('deterministic', render, again[index]),
  )
}

function changes(check: string, before: Render, after: Render | undefined): string[] {
  if (!after) throw new Error('there is no render to compare')
  return diffRenders(before, after).changed.map(({ object }) => `${check} ${object}`)
}

// New settings restart what reads them; the next version of the chart restarts nothing by itself.
async function restarts(foreign: ForeignChart, chart: Chart, next: Chart): Promise<string[]> {
  const wanted = changedSettings(foreign, chart)
  const [base] = await Promise.all(rendersOf(foreign, chart))
  const [newer] = await Promise.all(rendersOf(foreign, next))
  if (!base || !newer) throw new Error(`${foreign.name} has no cases`)
  const needless = diffRenders(base, newer).restarts.map((name) => `no-needless-restart ${name}`)
  const missing = wanted.map(async ([workload, render]) =>
    diffRenders(base, await render).restarts.includes(workload) ? [] : [`restarts ${workload}`],
  )
  return [...needless, ...(await Promise.all(missing)).flat()]
}

function changedSettings({ restarts }: ForeignChart, chart: Chart) {
  return Object.entries(restarts).map(
    ([workload, values]) => [workload, chart.render({ kube, values })] as const,
  )
}

async function refusedChanges(foreign: ForeignChart, previous: Chart, chart: Chart) {
  const before = await Promise.all(rendersOf(foreign, previous))
  const after = await Promise.all(rendersOf(foreign, chart))
  return before.flatMap((render, index) => {
    const next = after[index]
    if (!next) throw new Error('there is no render to compare')
    return diffRenders(render, next).refused.map(({ object }) => `upgrade ${object}`)
  })
}

async function lostRules(foreign: ForeignChart, chart: Chart): Promise<string[]> {
  const messages = Object.keys(foreign.refuses)
  const values = Object.values(foreign.refuses)
  const outcomes = await Promise.allSettled(values.map((one) => chart.render({ values: one })))
  return messages.flatMap((message, index) => {
    const { reason } = { reason: undefined, ...outcomes[index] }
    const isRefused = reason instanceof HelmError && reason.failure.lines.includes(message)
    return isRefused ? [] : [`refuses ${message}`]
  })
}
