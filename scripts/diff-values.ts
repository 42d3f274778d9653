// Usage: npm run diff -- old.yaml new.yaml [--chart-from DIR|TGZ] [--chart-to DIR|TGZ] [-f values.yaml]…
// What an upgrade from one set of values, or one chart, to another does: which objects and fields change, which pods
// restart, which Jobs run, and which changes Kubernetes refuses (then it exits with 1). Secrets are masked.
import { createChart, HelmError, type Render } from 'chart-harness'
import { type Call, fail, runScript } from './lib/cli.ts'
import { compareForPeople } from './lib/diff-compare.ts'
import { type DiffOptions, openChart, readDiffOptions, type Side } from './lib/diff-options.ts'
import { formatComparison } from './lib/diff-report.ts'
import '../test/rules/project.ts'

/** What `npm run diff` does. */
export async function main({ args, cwd, print }: Call): Promise<number> {
  const options = readDiffOptions(args, cwd)
  const before = await renderSide(options.from, options)
  const after = await renderSide(options.to, options)
  const comparison = compareForPeople(before, after)
  print(options.json ? JSON.stringify(comparison, null, 2) : formatComparison(comparison))
  return comparison.refused.length > 0 ? 1 : 0
}

async function renderSide(side: Side, options: DiffOptions): Promise<Render> {
  const opened = await openChart(side.chart, options.cwd)
  const { release, namespace, helm } = options
  try {
    const chart = createChart({ path: opened.path, release, namespace })
    return await chart.render({ files: side.files, helm })
  } catch (error) {
    if (!(error instanceof HelmError)) throw error
    const { command, lines } = error.failure
    return fail([`diff-values: ${command} fails:`, ...lines.map((line) => `  ${line}`)].join('\n'))
  } finally {
    opened.remove()
  }
}

await runScript(main, import.meta)
