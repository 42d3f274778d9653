// Usage: npm run mutate -- [--all | --files templates/web … | --since REF] [--sample N [--seed S]] [--list] [--json FILE]
// Puts small faults into the chart's templates, one at a time, and sees whether the tests notice. Without a choice: into
// the templates that the last commit changed. Verdicts are kept, so a run continues where one stopped. Fails when fewer
// than 95 % are noticed; scripts/lib/mutate-exceptions.yaml lists those that need not be, and why.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  formatReport,
  mutableFiles,
  mutantsOf,
  readExceptions,
  runMutation,
} from 'chart-harness/mutation'
import { runScript } from './lib/cli.ts'
import { changedSince, readMutateOptions } from './lib/mutate-options.ts'
import '../test/rules/project.ts'

const wanted = 0.95
const root = join(import.meta.dirname, '..')
const chart = join(root, 'chart')
// The name of a Job ends in a hash of its template's text, so even a different indentation changes it.
const hashes = /-[0-9a-f]{8}\b/g
const exceptionsFile = join(import.meta.dirname, 'lib/mutate-exceptions.yaml')

await runScript(async ({ args, print, warn }) => {
  const all = mutableFiles(chart)
  const known = all.map(({ file }) => file)
  const options = readMutateOptions(args, known, (ref) => changedSince(ref, root, chart))
  const files = all.filter(({ file }) => options.only(file))
  if (files.length === 0) {
    print('no template is chosen: nothing to mutate')
    return 0
  }
  if (options.list) {
    for (const { id, file, line, operator, description } of mutantsOf(files))
      print(`${id} ${file}:${line} ${operator}: ${description}`)
    return 0
  }
  const report = await runMutation({
    ...{ chart, only: options.only, seed: options.seed, tell: warn },
    ...(options.sample === undefined ? {} : { sample: options.sample }),
    exceptions: readExceptions(exceptionsFile),
    ignore: hashes,
    suite: {
      root,
      config: join(root, 'test/vitest.config.ts'),
      tests: ['test/chart', 'test/rules'],
    },
    sources: ['test/chart', 'test/rules', 'test/harness/src', 'values-examples', 'schema'],
  })
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(report, null, 2))
  print(formatReport(report, wanted))
  return report.score < wanted || report.needless.length > 0 ? 1 : 0
})
