// What npm run mutate is asked for.
import { expect, test } from 'vitest'
import { readMutateOptions } from '../../scripts/lib/mutate-options.ts'

const known = ['templates/NOTES.txt', 'templates/web/deployment.yaml', 'values.yaml']
const changed = (ref: string): string[] => (ref === 'HEAD~1' ? ['chart/values.yaml'] : [])

/** The files that these arguments choose. */
function chosen(...args: string[]): string[] {
  return known.filter(readMutateOptions(args, known, changed).only)
}

test.each([
  [['--all'], known],
  [[], ['values.yaml']],
  [['--since', 'v1'], []],
  [['--files', 'templates/web'], ['templates/web/deployment.yaml']],
  [['--files', 'chart/templates/web/'], ['templates/web/deployment.yaml']],
  [
    ['--files', 'values.yaml', 'templates/NOTES.txt'],
    ['templates/NOTES.txt', 'values.yaml'],
  ],
])('%o chooses %o', (args, files) => {
  expect(chosen(...args)).toEqual(files)
})

test.each([
  [['--files', 'templates/we'], 'mutate-templates: the chart has no template templates/we.'],
  [['--all', '--since', 'v1'], 'mutate-templates: --all, --files and --since exclude each other.'],
  [['--sample', '0'], 'mutate-templates: --sample 0: give a number of mutants, e.g. 100.'],
  [['--frog'], "mutate-templates: unknown option '--frog'."],
])('%o is one sentence', (args, message) => {
  expect(() => readMutateOptions(args, known, changed)).toThrow(message)
})
