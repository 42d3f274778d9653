// Usage: npm start -- [-f values.yaml]… [--helm 3|4] [--kube 1.36] [--chart DIR] [--json] [--quiet]
// Renders and checks every example, or your values (several files are merged as Helm does), with Helm 3 and 4
// against every Kubernetes minor, and writes rendered/<values>/<kind>-<name>.yaml, secrets masked.
import { join, relative } from 'node:path'
import { readOptions } from './lib/check-options.ts'
import { formatFindings, formatNeeds, formatTable } from './lib/check-report.ts'
import { checkSets } from './lib/check-run.ts'
import type { CheckedSet } from './lib/check-second-opinion.ts'
import { writeRender } from './lib/check-write.ts'
import { type Call, runScript } from './lib/cli.ts'

const rendered = join(import.meta.dirname, '../rendered')

/** What `npm start` does. */
export async function main({ args, cwd, print, warn }: Call): Promise<number> {
  const options = readOptions(args, cwd)
  const tell = (line: string): void => {
    if (!options.quiet && !options.json) warn(line)
  }
  const checked = await checkSets(options, tell)
  const written = checked.map(write)
  const reports = checked.map(({ report }) => report)
  const ok = reports.every((report) => report.ok)
  const code = ok ? 0 : 1
  if (options.json) {
    print(JSON.stringify({ ok, kubernetes: options.minors, sets: reports }, null, 2))
    return code
  }
  for (const report of reports) {
    if (!report.ok) warn(formatFindings(report, cwd))
    for (const warning of report.warnings) warn(`${report.name}: warning: ${warning}`)
  }
  if (options.quiet) return code
  print(formatTable(reports, options.minors))
  for (const line of formatNeeds(reports)) print(line)
  if (written.some(Boolean)) print(`rendered: ${relative(cwd, rendered)}/`)
  return code
}

/** Writes the objects of the last Helm; nothing when the values could not be rendered. */
function write({ report, renders }: CheckedSet): boolean {
  const render = renders.at(-1)
  if (render) writeRender(rendered, report.name, render)
  return render !== undefined
}

await runScript(main, import.meta)
