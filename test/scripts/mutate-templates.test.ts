// The command line of npm run mutate.
import { expect, test } from 'vitest'
import { readMutateOptions } from '../../scripts/mutate-templates.ts'

const known = ['templates/NOTES.txt', 'templates/web/deployment.yaml', 'templates/web/service.yaml']
const changed = (ref: string): string[] => (ref === 'HEAD~1' ? ['chart/templates/NOTES.txt'] : [])

/** The files that these arguments choose. */
function chosen(...args: string[]): string[] {
  return known.filter(readMutateOptions(args, known, changed).only)
}

test.each([
  [['--all'], known],
  [[], ['templates/NOTES.txt']],
  [['--since', 'v1'], []],
  [['--files', 'templates/web'], known.slice(1)],
  [['--files', 'chart/templates/web/'], known.slice(1)],
  [
    ['--files', 'templates/web/service.yaml', 'templates/NOTES.txt'],
    ['templates/NOTES.txt', 'templates/web/service.yaml'],
  ],
])('%o chooses %o', (args, files) => {
  expect(chosen(...args)).toEqual(files)
})

test.each([
  [['--files', 'templates/we'], 'mutate-templates: the chart has no template templates/we.'],
  [
    ['--all', '--since', 'v1'],
    'mutate-templates: --all, --files and --since are mutually exclusive.',
  ],
  [['--sample', '0'], 'mutate-templates: --sample 0: give a number of mutants, e.g. 100.'],
  [['--frog'], "mutate-templates: unknown option '--frog'."],
])('%o is one sentence', (args, message) => {
  expect(() => readMutateOptions(args, known, changed)).toThrow(message)
})
