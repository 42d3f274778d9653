// What must be true of two renders of the same values: the same bytes, both Helms, another version of the chart.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Problem } from '../objects/types.ts'
import { type Chart, createChart } from '../render/chart.ts'
import { copyChart } from '../render/chart-files.ts'
import type { Render } from '../render/render.ts'
import type { RenderRequest } from '../render/request.ts'
import { diffRenders } from '../upgrade/check-upgrade.ts'
import { show } from '../upgrade/finding.ts'

/** The names of the comparisons: Helm 3 and 4 can only be compared when both have rendered. */
export function comparisonNames(helms: number): readonly string[] {
  const always = ['same-bytes', 'version-restarts-nothing']
  return helms > 1 ? [...always, 'helm-3-equals-helm-4'] : always
}

/** A chart in a temporary folder. */
export interface TemporaryChart {
  readonly chart: Chart
  remove(): void
}

/** Copies the chart and gives the copy another version; `remove` deletes it. */
export function createBumpedChart(path: string, namespace: string): TemporaryChart {
  const dir = mkdtempSync(join(tmpdir(), 'chart-bumped-'))
  const file = join(path, 'Chart.yaml')
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(/^version:.*$/m, 'version: 99.99.99')
  if (changed === text) throw new Error(`${file} has no line "version: …" to change`)
  const copy = copyChart(path, join(dir, 'chart'), { 'Chart.yaml': changed })
  return {
    chart: createChart({ path: copy, namespace, cacheDir: join(dir, 'cache') }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** Makes every comparison of one request; `renders` has the render of each Helm. */
export async function compareRenders(
  renders: readonly Render[],
  request: RenderRequest,
  chart: Chart,
  bumped: Chart,
): Promise<Problem[]> {
  const [first, second] = renders
  const last = renders.at(-1)
  if (!first || !last) throw new Error('there is no render to compare')
  const again = renders.map(({ helm }) => chart.render({ ...request, helm, fresh: true }))
  const [after, ...repeated] = await Promise.all([
    bumped.render({ ...request, helm: last.helm }),
    ...again,
  ])
  return [
    ...repeated.flatMap((render, index) => checkSameBytes(renders[index] ?? first, render)),
    ...(second ? checkSameObjects(first, second) : []),
    ...checkNothingRestarts(last, after),
  ]
}

/** Two renders of the same values have the same bytes. */
export function checkSameBytes(first: Render, second: Render): Problem[] {
  if (first.text === second.text) return []
  const [before, after] = [first.text.split('\n'), second.text.split('\n')]
  const line = before.findIndex((text, index) => text !== after[index])
  const shown = isInSecret(before, line)
    ? 'inside a Secret'
    : `"${before[line] ?? ''}", then "${after[line] ?? ''}"`
  const message = `rendering twice gives different texts; they first differ in line ${line + 1}: ${shown}.`
  return [{ rule: 'same-bytes', object: 'all objects', message }]
}

function isInSecret(lines: readonly string[], line: number): boolean {
  const start = lines.slice(0, line).lastIndexOf('---')
  const end = lines.indexOf('---', line)
  return lines.slice(start + 1, end < 0 ? undefined : end).includes('kind: Secret')
}

/** Helm 3 and Helm 4 render the same objects. */
export function checkSameObjects(helm3: Render, helm4: Render): Problem[] {
  const { added, changed, removed } = diffRenders(helm3, helm4)
  const rule = 'helm-3-equals-helm-4'
  return [
    ...added.map((object) => ({ rule, object, message: 'only Helm 4 renders it.' })),
    ...removed.map((object) => ({ rule, object, message: 'only Helm 3 renders it.' })),
    ...changed.flatMap(({ object, changes }) =>
      changes.map(({ path, before, after }) => {
        const message = object.startsWith('Secret/')
          ? 'differs between Helm 3 and Helm 4.'
          : `is ${show(before)} with Helm 3 and ${show(after)} with Helm 4.`
        return { rule, object, path, message }
      }),
    ),
  ]
}

/** If only the version of the chart changes, no pod restarts, no Job runs again and nothing is refused. */
export function checkNothingRestarts(before: Render, after: Render): Problem[] {
  const { added, removed, restarts, refused } = diffRenders(before, after)
  const rule = 'version-restarts-nothing'
  const because = 'when only the version of the chart changes.'
  return [
    ...added.map((object) => ({ rule, object, message: `appears ${because}` })),
    ...removed.map((object) => ({ rule, object, message: `disappears ${because}` })),
    ...restarts.map((object) => ({ rule, object, message: `restarts ${because}` })),
    ...refused.map(({ object, path, message }) => {
      return { rule, object, path, message: `${message} ${because}` }
    }),
  ]
}
