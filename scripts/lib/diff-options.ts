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
  readonly from: Side
  readonly to: Side
  readonly release: string
  readonly namespace: string
  readonly helm: 3 | 4
  readonly json: boolean
}

/** Reads the command line; a mistake is one sentence. */
export function readDiffOptions(args: readonly string[]): DiffOptions {
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
    return {
      chart,
      files: [...values.values, ...(file === undefined ? [] : [file])].map((path) => resolve(path)),
    }
  }
  const options = { from: side(charts[0], old), to: side(charts[1], fresh), release, namespace }
  checkFiles([...options.from.files, ...options.to.files])
  return { ...options, helm: helm === '3' ? 3 : 4, json }
}

function checkFiles(paths: readonly string[]): void {
  const read = [...new Set(paths)].map(readValuesFile)
  const problems = read.filter((file) => typeof file === 'string')
  if (problems.length > 0) fail(problems.map((problem) => `diff-values: ${problem}`).join('\n'))
}

/** A chart's folder; a package is unpacked into a temporary one, which `remove` deletes. */
export interface OpenedChart {
  readonly path: string
  remove(): void
}

/** Opens a chart's folder or package. */
export async function openChart(path: string): Promise<OpenedChart> {
  const name = displayName(resolve(path))
  if (existsSync(join(path, 'Chart.yaml'))) return { path: resolve(path), remove: () => {} }
  if (!existsSync(path))
    fail(`diff-values: ${name} does not exist. Name a chart's folder or package.`)
  if (!/\.(tgz|tar\.gz)$/.test(path))
    fail(
      `diff-values: ${name} is no chart, it has no Chart.yaml. Name a chart's folder or package.`,
    )
  const dir = mkdtempSync(join(tmpdir(), 'diff-chart-'))
  const remove = (): void => rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const { code, stderr } = await runCommand('tar', ['-xzf', resolve(path), '-C', dir])
  const [folder] = code === 0 ? readdirSync(dir) : []
  if (folder !== undefined && existsSync(join(dir, folder, 'Chart.yaml')))
    return { path: join(dir, folder), remove }
  remove()
  const reason = stderr.trim().split('\n')[0] ?? ''
  return fail(
    `diff-values: ${name} is no chart package${reason && ` (${reason})`}. Package it with helm package.`,
  )
}
