// Usage: npm run coverage -- [--record DIR] [--json]
// Runs the tests with the recorder (or takes what it wrote to DIR before), measures which branches of the chart's templates
// their requests and the examples execute, and writes coverage/lcov.info. Exit code 1 unless all explicit branches are covered.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Coverage,
  CoverageError,
  formatCoverage,
  formatLcov,
  measureCoverage,
  readRequests,
  recordVariable,
  reportCoverage,
  runCommand,
} from 'chart-harness'
import { chart, matrix, renderExample, root } from '../test/rules/project.ts'
import { fail, readArgs, runScript } from './lib/cli.ts'

await runScript(async ({ args }) => {
  const { values } = readArgs(import.meta, args, {
    options: { record: { type: 'string' }, json: { type: 'boolean', default: false } },
  })
  const dir = mkdtempSync(join(tmpdir(), 'coverage-'))
  try {
    const record = values.record ?? (await recordTests(join(dir, 'tests')))
    const start = performance.now()
    const coverage = await measure(record, join(dir, 'examples'))
    writeLcov(coverage)
    const report = reportCoverage(coverage)
    console.log(values.json ? JSON.stringify(report, null, 2) : formatCoverage(report))
    console.error(
      `measured in ${((performance.now() - start) / 1000).toFixed(1)} s, in addition to the tests`,
    )
    return report.problems.length > 0 ? 1 : 0
  } catch (error) {
    if (error instanceof CoverageError) fail(`measure-coverage: ${error.message}`)
    throw error
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

async function recordTests(dir: string): Promise<string> {
  const start = performance.now()
  const vitest = join(root, 'node_modules/.bin/vitest')
  const env = { ...process.env, [recordVariable]: dir }
  const args = ['run', '--config', 'test/vitest.config.ts', '--reporter=dot']
  const { code, stdout, stderr } = await runCommand(vitest, args, { cwd: root, env })
  console.error(`tests in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (code !== 0)
    fail(`measure-coverage: the tests fail, so they cover nothing. Fix them.\n${stdout}${stderr}`)
  return dir
}

async function measure(record: string, examples: string): Promise<Coverage> {
  process.env[recordVariable] = examples
  await Promise.all(matrix.map(({ example, helm }) => renderExample(example, { helm })))
  const requests = readRequests([record, examples], chart.path)
  return measureCoverage({ chart: chart.path, requests })
}

// The folder ignores itself, so that nobody commits a tracefile.
function writeLcov(coverage: Coverage): void {
  const dir = join(root, 'coverage')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, '.gitignore'), '*\n')
  writeFileSync(join(dir, 'lcov.info'), formatLcov(coverage, 'chart/'))
}
