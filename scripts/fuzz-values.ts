// Usage: npm run fuzz -- [--runs 1000] [--seed N] [--helm 3] [--invalid] [--keep]
// Renders random values that the schema accepts, over the examples and over sets with everything enabled, and checks the
// manifests. A defect is reduced to the smallest values that show it; --keep writes them to test/fuzz/, where npm test reads them.
// --invalid makes one mistake in each set of values: the schema or a rule must refuse it and name the key. ajv reads the
// schema; 40 sets, drawn by the seed, go through Helm 3 and Helm 4 with their own checks, too.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Counterexample, type FuzzReport, fuzzInvalidValues, fuzzValues } from 'chart-harness'
import { stringify } from 'yaml'
import { oracle } from '../test/rules/oracle.ts'
import { profiles } from '../test/rules/profiles.ts'
import { chart, root } from '../test/rules/project.ts'
import { type Call, readArgs, readCount, readHelm, runScript } from './lib/cli.ts'
import { suggestions } from './lib/fuzz-suggestions.ts'

/** What `npm run fuzz` does. */
export async function main({ args, print, warn }: Call): Promise<number> {
  const { values } = readArgs(import.meta, args, {
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string' },
      helm: { type: 'string', default: '4' },
      invalid: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  })
  const runs = readCount(import.meta, 'runs', values.runs)
  const seed = readCount(import.meta, 'seed', values.seed ?? `${Date.now() % 1_000_000}`, 0)
  const request = { release: 'fuzz', helm: readHelm(import.meta, values.helm) }
  const throughHelm = { cases: 40, helms: [3, 4] } as const
  const options = { profiles, suggestions, oracle, runs, seed, request, tell: warn, throughHelm }
  const what = values.invalid ? 'invalid values' : 'values'
  const started = performance.now()
  const report = await (values.invalid ? fuzzInvalidValues : fuzzValues)(chart, options)
  print(formatFuzz(what, report, (performance.now() - started) / 1000))
  if (report.counterexamples.length === 0) return 0
  if (values.keep) print(`kept: ${keepCounterexamples(report).join(', ')}`)
  return 1
}

/** One line of numbers, then each defect with the values and the command that show it. */
function formatFuzz(what: string, report: FuzzReport, seconds: number): string {
  const { seed, runs, rendered, refused, counterexamples } = report
  const perMinute = Math.round((runs / seconds) * 60)
  const numbers = `${runs} ${what} in ${seconds.toFixed(1)} s (${perMinute} a minute), seed ${seed}: ${rendered} rendered, ${refused} refused, ${counterexamples.length} defects`
  const shown = counterexamples.map((one) =>
    one.isSmallest
      ? describe(one, report, what)
      : `${one.message}\n  in ${one.times} cases\n${one.command}`,
  )
  return [...shown, numbers].join('\n\n')
}

function describe(one: Counterexample, { seed, runs }: FuzzReport, what: string): string {
  const mode = what === 'invalid values' ? ' --invalid' : ''
  return [
    `${one.message}\n  in ${one.times} cases; the first is run ${one.run} over the profile "${one.profile}"`,
    ...one.changes.map((change) => `  ${change.slice(0, 100)}`),
    '',
    `cat > /tmp/found.yaml <<'END'\n${stringify(one.values, { version: '1.1' })}END`,
    one.command.replace(/^.* \| (?=helm template )/s, '').replace(' -f - ', ' -f /tmp/found.yaml '),
    `npm run fuzz -- --seed ${seed} --runs ${runs}${mode}`,
  ].join('\n')
}

/** Keeps each defect's values as a case of `npm test`; gives the names of the files. */
function keepCounterexamples(report: FuzzReport): string[] {
  return report.counterexamples.map((one) => {
    const name = `seed-${report.seed}-run-${one.run}.yaml`
    const broke = one.message.split('\n')[0]
    writeFileSync(
      join(root, 'test/fuzz', name),
      `# Once: ${broke}\n${stringify(one.values, { version: '1.1' })}`,
    )
    return name
  })
}

await runScript(main, import.meta)
