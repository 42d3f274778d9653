// What is released: the checks of the repository, and the chart as an archive that is made from a commit.
import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isRecord, parseYaml, resolveTool } from 'chart-harness'
import { $ } from 'zx'
import '../../test/rules/project.ts'
import { type Call, fail } from './cli.ts'

const shownFiles = 3

/** Fails unless everything in the repository is committed. */
export async function checkTree(root: string): Promise<void> {
  const status = await $({ cwd: root, nothrow: true, quiet: true })`git status --porcelain`
  if (status.exitCode === 127) fail('release: git is not installed. Install it, then try again.')
  if (status.stderr.includes('not a git repository'))
    fail(`release: ${root} is not a git repository. Run this in a clone of the chart's repository.`)
  if (status.exitCode !== 0) throw status
  const files = status.stdout.split('\n').flatMap((line) => (line ? [line.slice(3)] : []))
  if (files.length === 0) return
  const shown = files.slice(0, shownFiles).join(', ')
  const more = files.length > shownFiles ? `, and ${files.length - shownFiles} more` : ''
  fail(
    `release: not everything is committed (${shown}${more}). Commit or remove it, because a release is made from a commit.`,
  )
}

/** Fails unless CHANGELOG.md describes this version. */
export async function checkChangelog(root: string, version: string): Promise<void> {
  const file = join(root, 'CHANGELOG.md')
  const text = existsSync(file) ? await readFile(file, 'utf8') : ''
  const sections = text.split(/^## /m).slice(1)
  const section = sections.find((body) => body.startsWith(`[${version}]`))
  const wanted = `"## [${version}] - YYYY-MM-DD"`
  if (section === undefined)
    return fail(
      `release: CHANGELOG.md has no section for ${version}. Put its entries under ${wanted}.`,
    )
  const [heading = '', ...lines] = section.split('\n')
  if (!/^\[\S+\] - \d{4}-\d{2}-\d{2}\s*$/.test(heading))
    fail(`release: CHANGELOG.md has no date for ${version}. Write ${wanted}.`)
  if (!lines.some((line) => /^\s*[-*] \S/.test(line)))
    fail(
      `release: CHANGELOG.md has no entries for ${version}. Add a "- " line for each change that users notice.`,
    )
}

/** Runs `npm start`, which renders and checks every example, and fails when it does. */
export async function checkExamples({ cwd, env }: Pick<Call, 'cwd' | 'env'>): Promise<void> {
  const run = await $({ cwd, env, nothrow: true, stdio: ['ignore', 2, 2] })`npm start --silent`
  if (run.exitCode !== 0)
    fail(
      'release: the examples do not pass. Correct what "npm start" prints above, then try again.',
    )
}

/** What one Helm command answered; `reason` is its error without Helm's wrapping. */
export interface HelmAnswer {
  readonly ok: boolean
  readonly reason: string
}

/** Runs Helm with these arguments; a non-zero exit is an answer, not an exception. */
export type Helm = (args: readonly string[]) => Promise<HelmAnswer>

/** The Helm that releases are made with: 4, whose packages have the same bytes each time. */
export async function createHelm(env: Call['env']): Promise<Helm> {
  const { path } = await resolveTool('helm4')
  return async (args) => {
    const { exitCode, stderr } = await $({ env, nothrow: true, quiet: true })`${path} ${args}`
    return { ok: exitCode === 0, reason: readReason(stderr) }
  }
}

/** The cause at the end of Helm's last error line: `Error: …: Get "https://…": <cause>`. */
export function readReason(stderr: string): string {
  const lines = stderr.trim().split('\n')
  const line = lines.findLast((text) => text.startsWith('Error: ')) ?? stderr.trim()
  return line
    .replace(/^Error: /, '')
    .replace(/^.*": /, '')
    .replace(/^failed to [^:]*: /, '')
    .replace(/: \[map\[.*$/, '')
}

/** An archive that `helm package` made. */
export interface Package {
  readonly name: string
  readonly file: string
  readonly archive: string
}

/**
 * Packages `chart/` as it is in the last commit that changed it. Files that git ignores stay out, and
 * because every file carries that commit's time, the same chart gives the same bytes again.
 */
export async function packageChart(
  root: string,
  version: string,
  helm: Helm,
  workDir: string,
): Promise<Package> {
  const git = $({ cwd: root, quiet: true })
  const commit = (await git`git log -1 --format=%H -- chart`).stdout.trim()
  if (!commit)
    fail(`release: ${join(root, 'chart')} is not in git. Run this in the repository's root.`)
  const source = await mkdtemp(join(workDir, 'source-'))
  await git`git -c core.autocrlf=false archive --output=${join(source, 'chart.tar')} ${commit} chart`
  await $({ quiet: true })`tar -xf ${join(source, 'chart.tar')} -C ${source}`
  const destination = join(workDir, 'package')
  const chart = join(source, 'chart')
  const answer = await helm(['package', chart, '--version', version, '--destination', destination])
  if (!answer.ok) fail(`release: Helm cannot package the chart: ${answer.reason}`)
  const metadata = parseYaml(await readFile(join(chart, 'Chart.yaml'), 'utf8'))
  if (!isRecord(metadata)) throw new Error('Helm packaged a chart without a name')
  const file = `${metadata.name}-${version}.tgz`
  return { name: String(metadata.name), file, archive: join(destination, file) }
}

/** The SHA-256 of a file, as Helm's index writes it. */
export async function sha256(file: string): Promise<string> {
  return hash('sha256', await readFile(file))
}

/** The files of a chart archive with their SHA-256. */
export async function readContents(archive: string, workDir: string): Promise<Map<string, string>> {
  const folder = await mkdtemp(join(workDir, 'contents-'))
  await $({ quiet: true })`tar -xzf ${archive} -C ${folder}`
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  )
  const pairs = files.map(async (file) => [relative(folder, file), await sha256(file)] as const)
  return new Map(await Promise.all(pairs))
}

/** The paths that one of two archives lacks or has with other bytes. Times are ignored. */
export function differingFiles(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): string[] {
  const paths = new Set([...one.keys(), ...other.keys()])
  return [...paths].filter((path) => one.get(path) !== other.get(path)).sort()
}
