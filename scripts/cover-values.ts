// Usage: npm run cover:values -- [--only web.] [--verbose] [--taint]
// Changes every key of the values schema under values in which its feature is on. A key that changes nothing, and that no
// rule refuses, is dead: it fails, unless scripts/lib/cover-exceptions.ts says why it may.
// --taint puts text that YAML reads as something else into every key that takes text: it must come out as it went in.
import { measureValuesCoverage, type TaintOptions, taintValues } from 'chart-harness'
import { bases } from '../test/rules/bases.ts'
import { chart } from '../test/rules/project.ts'
import { readArgs, runScript } from './lib/cli.ts'
import { exceptions, taintExceptions } from './lib/cover-exceptions.ts'
import { formatCoverage } from './lib/cover-report.ts'
import { samples } from './lib/fuzz-samples.ts'
import '../test/rules/project.ts'

await runScript(async () => {
  const { values } = readArgs(
    'cover-values: npm run cover:values -- [--only web.] [--verbose] [--taint]',
    {
      args: process.argv.slice(2),
      options: {
        only: { type: 'string', default: '' },
        verbose: { type: 'boolean', default: false },
        taint: { type: 'boolean', default: false },
      },
    },
  )
  const started = performance.now()
  const options = {
    bases,
    samples,
    only: (name: string) => name.startsWith(values.only),
    request: { release: 'mastodon' },
    tell: (line: string) => console.error(line),
  }
  if (values.taint) return taint({ ...options, exceptions: taintExceptions })
  const coverage = await measureValuesCoverage(chart, { ...options, exceptions })
  const seconds = (performance.now() - started) / 1000
  console.log(formatCoverage(coverage, seconds, values.verbose))
  if (coverage.problems.length > 0) process.exitCode = 1
})

async function taint(options: TaintOptions): Promise<void> {
  const { keys, renders, visible, problems } = await taintValues(chart, options)
  console.log(
    [
      ...problems,
      `${keys} keys with text, ${visible} seen in the output as they are, ${renders} renders: ${problems.length} problems`,
    ].join('\n'),
  )
  if (problems.length > 0) process.exitCode = 1
}
