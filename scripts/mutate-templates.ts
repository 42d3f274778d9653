// Usage: npm run mutate -- [--all | --files templates/web … | --since REF] [--sample N [--seed S]] [--list] [--json FILE]
// Puts small faults into the chart's templates, one at a time, and checks whether the tests notice. By default: into
// the templates that the last commit changed. Verdicts are kept, so a run continues where one stopped. Fails when fewer
// than 95 % are noticed; scripts/lib/mutate-exceptions.yaml lists those that need not be, and why.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  formatReport,
  mutableFiles,
  mutantsOf,
  readExceptions,
  runMutation,
} from 'chart-harness/mutation'
import { root } from '../test/rules/project.ts'
import { type Call, fail, readArgs, readCount, runScript } from './lib/cli.ts'

const wanted = 0.95
const chart = join(root, 'chart')
// The name of a Job ends in a hash of its template's text, so even a different indentation changes it.
const hashes = /-[0-9a-f]{8}\b/g
const exceptionsFile = join(import.meta.dirname, 'lib/mutate-exceptions.yaml')

/** What `npm run mutate` does. */
export async function main({ args, print, warn }: Call): Promise<number> {
  const all = mutableFiles(chart)
  const known = all.map(({ file }) => file)
  const options = readMutateOptions(args, known, changedSince)
  const files = all.filter(({ file }) => options.only(file))
  if (files.length === 0) {
    print('no template is selected: nothing to mutate')
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
}

/** Which mutants to try, and what to do with them. */
interface MutateOptions {
  /** Whether a file of the chart, relative to it, is chosen. */
  readonly only: (file: string) => boolean
  readonly sample?: number
  readonly seed: string
  readonly list: boolean
  readonly json?: string
}

/** Reads the command line; `known` are the templates, `changed` gives the files that differ from a commit. */
export function readMutateOptions(
  args: readonly string[],
  known: readonly string[],
  changed: (ref: string) => readonly string[],
): MutateOptions {
  const { values, positionals } = readArgs(import.meta, args, {
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      files: { type: 'string', multiple: true },
      since: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string', default: '' },
      list: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  })
  const files = [...(values.files ?? []), ...positionals]
  const chosen = [values.all, files.length > 0, values.since !== undefined].filter(Boolean)
  if (chosen.length > 1)
    fail('mutate-templates: --all, --files and --since are mutually exclusive.')
  const unknown = files.find((name) => !known.some(onlyThese([name])))
  if (unknown !== undefined)
    fail(
      `mutate-templates: the chart has no template ${unknown}. Name files, or folders, of chart/.`,
    )
  const since = values.since ?? 'HEAD~1'
  return {
    only: values.all ? () => true : onlyThese(files.length > 0 ? files : changed(since)),
    ...(values.sample === undefined
      ? {}
      : { sample: readCount(import.meta, 'sample', values.sample) }),
    ...(values.json === undefined ? {} : { json: values.json }),
    seed: values.seed,
    list: values.list,
  }
}

function onlyThese(files: readonly string[]): (file: string) => boolean {
  const names = files.map((file) => file.replace(/^chart\//, ''))
  return (file) =>
    names.some((name) => file === name || file.startsWith(`${name.replace(/\/$/, '')}/`))
}

/** The chart's files that differ from a commit, committed or not. */
function changedSince(ref: string): string[] {
  try {
    const args = ['diff', '--name-only', '--relative', ref, '--', '.']
    const names = execFileSync('git', args, { cwd: chart, encoding: 'utf8', stdio: 'pipe' })
    return names.split('\n').filter((name) => name !== '')
  } catch {
    return fail(
      `mutate-templates: git does not know the commit "${ref}". Name another, or use --files.`,
    )
  }
}

await runScript(main, import.meta)
