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
