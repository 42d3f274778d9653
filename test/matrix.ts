// The declared matrix: every file of values-examples/ with Helm 3 and 4. Global setup renders it once
// into the cache; tests take their renders from here, so that they all ask for the same ones.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Chart, createChart, type Render, type RenderOptions } from 'chart-harness'
import '../scripts/lib/tools.ts'

const root = join(import.meta.dirname, '..')
const dir = join(root, 'values-examples')

/** The chart of this repository. */
export const chart: Chart = createChart({ path: join(root, 'chart'), namespace: 'mastodon' })

/** The examples' names, without `.yaml`. */
export const examples: readonly string[] = existsSync(dir)
  ? readdirSync(dir)
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => basename(file, '.yaml'))
      .sort()
  : []

/** Every example with both Helms. */
export const matrix: readonly { readonly example: string; readonly helm: 3 | 4 }[] =
  examples.flatMap((example) => ([3, 4] as const).map((helm) => ({ example, helm })))

/** Renders an example; the release is called like the example. */
export function renderExample(example: string, options: RenderOptions = {}): Promise<Render> {
  return chart.render({ release: example, ...options, files: [join(dir, `${example}.yaml`)] })
}
