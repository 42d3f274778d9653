// What `npm run fuzz` prints, and the files that it keeps.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Counterexample, FuzzReport } from 'chart-harness'
import { stringify } from 'yaml'

const dir = join(import.meta.dirname, '../../test/fuzz')

/** One line of numbers, then each defect with the values and the command that show it. */
export function formatFuzz(what: string, report: FuzzReport, seconds: number): string {
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
export function keepCounterexamples(report: FuzzReport): string[] {
  mkdirSync(dir, { recursive: true })
  return report.counterexamples.map((one) => {
    const name = `seed-${report.seed}-run-${one.run}.yaml`
    const broke = one.message.split('\n')[0]
    writeFileSync(join(dir, name), `# Once: ${broke}\n${stringify(one.values, { version: '1.1' })}`)
    return name
  })
}
