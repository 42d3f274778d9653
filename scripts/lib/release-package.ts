// The chart as an archive: made from a commit, never from the working tree, and compared by content.
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isRecord } from 'chart-harness'
import { parse } from 'yaml'
import { $ } from 'zx'
import { fail } from './cli.ts'
import { type Helm, sha256 } from './release-helm.ts'

/** An archive that `helm package` made. */
export interface Package {
  name: string
  file: string
  archive: string
}

/**
 * Packages `chart/` as the last commit that changed it has it. Files that git ignores stay out, and
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
  const name = readName(await readFile(join(chart, 'Chart.yaml'), 'utf8'))
  const file = `${name}-${version}.tgz`
  return { name, file, archive: join(destination, file) }
}

function readName(chartYaml: string): string {
  const metadata: unknown = parse(chartYaml)
  if (isRecord(metadata)) return String(metadata.name)
  throw new Error('Helm packaged a chart without a name')
}

/** The files of a chart archive with their SHA-256, sorted by path. */
export async function readContents(archive: string, workDir: string): Promise<Map<string, string>> {
  const folder = await mkdtemp(join(workDir, 'contents-'))
  await $({ quiet: true })`tar -xzf ${archive} -C ${folder}`
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const pairs = files.map(
    async (file): Promise<[string, string]> => [relative(folder, file), await sha256(file)],
  )
  return new Map(await Promise.all(pairs))
}

/** The paths that one of two archives lacks or has with other bytes. Times don't count. */
export function differingFiles(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): string[] {
  const paths = new Set([...one.keys(), ...other.keys()])
  return [...paths].filter((path) => one.get(path) !== other.get(path)).sort()
}
