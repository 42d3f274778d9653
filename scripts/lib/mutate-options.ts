// The command line of `npm run mutate`.
import { execFileSync } from 'node:child_process'
import { relative } from 'node:path'
import { fail, readArgs } from './cli.ts'

/** Which mutants to try, and what to do with them. */
export interface MutateOptions {
  /** Whether a file of the chart, relative to it, is chosen. */
  readonly only: (file: string) => boolean
  readonly sample?: number
  readonly seed: string
  readonly list: boolean
  readonly json?: string
}

const usage =
  'mutate-templates: npm run mutate -- [--all | --files templates/web … | --since REF] [--sample N [--seed S]] [--list] [--json FILE]'

/** Reads the command line; `known` are the templates, `changed` gives the files that differ from a commit. */
export function readMutateOptions(
  args: readonly string[],
  known: readonly string[],
  changed: (ref: string) => readonly string[],
): MutateOptions {
  const { values, positionals } = readArgs(usage, {
    args: [...args],
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
    ...(values.sample === undefined ? {} : { sample: countOf(values.sample) }),
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

function countOf(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  return fail(`mutate-templates: --sample ${text}: give a number of mutants, e.g. 100.`)
}

/** The files below `chart` that differ from a commit, committed or not. */
export function changedSince(ref: string, root: string, chart: string): string[] {
  const folder = relative(root, chart)
  try {
    const args = ['diff', '--name-only', '--relative', ref, '--', '.']
    const names = execFileSync('git', args, { cwd: chart, encoding: 'utf8', stdio: 'pipe' })
    return names.split('\n').filter((name) => name !== '')
  } catch {
    return fail(
      `mutate-templates: git does not know a commit "${ref}" of ${folder}. Name one, or use --files.`,
    )
  }
}
