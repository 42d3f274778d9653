// Usage: npm run cover:values -- [--only web.] [--verbose]
// Changes every key of the values schema under values in which its feature is on. A key that changes nothing, and that no
// rule refuses, is dead: it fails, unless scripts/lib/cover-exceptions.ts says why it may.
import { measureValuesCoverage } from 'chart-harness'
import { chart } from '../test/matrix.ts'
import { readArgs, runScript } from './lib/cli.ts'
import { exceptions } from './lib/cover-exceptions.ts'
import { formatCoverage } from './lib/cover-report.ts'
import { bases } from './lib/fuzz-bases.ts'
import { samples } from './lib/fuzz-samples.ts'
import './lib/tools.ts'

await runScript(async () => {
  const { values } = readArgs('cover-values: npm run cover:values -- [--only web.] [--verbose]', {
    args: process.argv.slice(2),
    options: {
      only: { type: 'string', default: '' },
      verbose: { type: 'boolean', default: false },
    },
  })
  const started = performance.now()
  const coverage = await measureValuesCoverage(chart, {
    bases,
    samples,
    exceptions,
    only: (name) => name.startsWith(values.only),
    request: { release: 'mastodon' },
    tell: (line) => console.error(line),
  })
  const seconds = (performance.now() - started) / 1000
  console.log(formatCoverage(coverage, seconds, values.verbose))
  if (coverage.problems.length > 0) process.exitCode = 1
})
