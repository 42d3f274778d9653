// The command line of diff-values, and the charts that it names.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runCommand } from 'chart-harness'
import { displayName, readValuesFile } from './check-files.ts'
import { fail, readArgs } from './cli.ts'

const ownChart = join(import.meta.dirname, '../../chart')
const usage =
  'diff-values: npm run diff -- old.yaml new.yaml [--chart-from DIR|TGZ] [--chart-to DIR|TGZ] [-f values.yaml]… [--release NAME] [--namespace NAME] [--helm 3|4] [--json]'

/** One side of the comparison. */
export interface Side {
  readonly chart: string
  readonly files: readonly string[]
}

/** What is to be compared. */
export interface DiffOptions {
  /** Below it, paths are shown relative. */
  readonly cwd: string
  readonly from: Side
  readonly to: Side
  readonly release: string
  readonly namespace: string
  readonly helm: 3 | 4
  readonly json: boolean
}

/** Reads the command line, with paths relative to `cwd`; a mistake is one sentence. */
export function readDiffOptions(args: readonly string[], cwd: string): DiffOptions {
  const { values, positionals } = readArgs(usage, {
    args: [...args],
    allowPositionals: true,
    options: {
      values: { type: 'string', short: 'f', multiple: true, default: [] },
      'chart-from': { type: 'string' },
      'chart-to': { type: 'string' },
      release: { type: 'string', default: 'mastodon' },
      namespace: { type: 'string', short: 'n', default: 'default' },
      helm: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
    },
  })
  const { release, namespace, helm, json } = values
  const [old, fresh, more] = positionals
  const charts = [values['chart-from'] ?? ownChart, values['chart-to'] ?? ownChart] as const
  const nothingDiffers = old === undefined && charts[0] === charts[1]
  if (nothingDiffers || more !== undefined || (old !== undefined && fresh === undefined))
    fail(`diff-values: name two values files, or two charts. Usage: ${usage.split(/: /)[1]}`)
  if (helm !== '3' && helm !== '4') fail(`diff-values: --helm ${helm} is not known. Write 3 or 4.`)
  const side = (chart: string, file: string | undefined): Side => {
    const paths = [...values.values, ...(file === undefined ? [] : [file])]
    return { chart, files: paths.map((path) => resolve(cwd, path)) }
  }
  const [from, to] = [side(charts[0], old), side(charts[1], fresh)]
  checkFiles([...from.files, ...to.files], cwd)
  return { cwd, from, to, release, namespace, helm: helm === '3' ? 3 : 4, json }
}

function checkFiles(paths: readonly string[], cwd: string): void {
  const read = [...new Set(paths)].map((path) => readValuesFile(path, cwd))
  const problems = read.filter((file) => typeof file === 'string')
  if (problems.length > 0) fail(problems.map((problem) => `diff-values: ${problem}`).join('\n'))
}

/** A chart's folder; a package is unpacked into a temporary one, which `remove` deletes. */
export interface OpenedChart {
  readonly path: string
  remove(): void
}

/** Opens a chart's folder or package, which is relative to `cwd`. */
export async function openChart(given: string, cwd: string): Promise<OpenedChart> {
  const path = resolve(cwd, given)
  const name = displayName(path, cwd)
  if (existsSync(join(path, 'Chart.yaml'))) return { path, remove: () => {} }
  if (!existsSync(path))
    fail(`diff-values: ${name} does not exist. Name a chart's folder or package.`)
  if (!/\.(tgz|tar\.gz)$/.test(path))
    fail(
      `diff-values: ${name} is no chart, it has no Chart.yaml. Name a chart's folder or package.`,
    )
  const dir = mkdtempSync(join(tmpdir(), 'diff-chart-'))
  const remove = (): void => rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const { code, stderr } = await runCommand('tar', ['-xzf', path, '-C', dir])
  const [folder] = code === 0 ? readdirSync(dir) : []
  if (folder !== undefined && existsSync(join(dir, folder, 'Chart.yaml')))
    return { path: join(dir, folder), remove }
  remove()
  const reason = stderr.trim().split('\n')[0] ?? ''
  return fail(
    `diff-values: ${name} is no chart package${reason && ` (${reason})`}. Package it with helm package.`,
  )
}
