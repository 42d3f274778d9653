// Usage: npm run fuzz -- [--runs 1000] [--seed N] [--helm 3] [--invalid] [--keep]
// Renders random values that the schema accepts, over the examples and over sets in which everything is on, and judges what
// comes out. A defect ends as the smallest values that show it; --keep writes them to test/fuzz/, where npm test reads them.
// --invalid makes one mistake in each set of values: the schema or a rule must refuse it and name the key. ajv reads the
// schema; 40 sets, drawn by the seed, go through Helm 3 and Helm 4 with their own checks, too.
import { fuzzInvalidValues, fuzzValues } from 'chart-harness'
import { oracle } from '../test/rules/oracle.ts'
import { profiles } from '../test/rules/profiles.ts'
import { chart } from '../test/rules/project.ts'
import { fail, readArgs, runScript } from './lib/cli.ts'
import { formatFuzz, keepCounterexamples } from './lib/fuzz-report.ts'
import { suggestions } from './lib/fuzz-suggestions.ts'

await runScript(async ({ args, print, warn }) => {
  const { values } = readArgs(import.meta, args, {
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string' },
      helm: { type: 'string', default: '4' },
      invalid: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  })
  const runs = wholeNumber('runs', values.runs)
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : wholeNumber('seed', values.seed)
  const helm = wholeNumber('helm', values.helm) === 3 ? 3 : 4
  const request = { release: 'fuzz', helm } as const
  const throughHelm = { cases: 40, helms: [3, 4] } as const
  const options = { profiles, suggestions, oracle, runs, seed, request, tell: warn, throughHelm }
  const what = values.invalid ? 'invalid values' : 'values'
  const started = performance.now()
  const report = await (values.invalid ? fuzzInvalidValues : fuzzValues)(chart, options)
  print(formatFuzz(what, report, (performance.now() - started) / 1000))
  if (report.counterexamples.length === 0) return 0
  if (values.keep) print(`kept: ${keepCounterexamples(report).join(', ')}`)
  return 1
})

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  return fail(`fuzz-values: --${name} ${text} must be a whole number, 1 or more.`)
}
