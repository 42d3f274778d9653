import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandResult, resolveTool, runCommand, shellCommand } from 'chart-harness'

/** The majors of Helm that the chart supports. */
export type HelmMajor = 3 | 4

/** The repository's root. */
export const root = join(import.meta.dirname, '..', '..', '..')

/** The environment variable with the copy of the chart that this run installs. */
export const chartVariable = 'CLUSTER_TEST_CHART'

/** A release and the Helm that handles it. */
export interface Release {
  readonly name: string
  readonly namespace: string
  readonly helm: HelmMajor
}

/** What a release is made from: `values` go over the `files`. */
export interface ReleaseOptions {
  readonly files?: readonly string[]
  readonly values?: object
  /** Waits until all is ready; the default. */
  readonly wait?: boolean
  /** Takes everything back at a failure: `--atomic`, or `--rollback-on-failure` with Helm 4. */
  readonly atomic?: boolean
  readonly timeout?: string
}

/** The path of an example, for example `example('minimal')`. */
export function example(name: string): string {
  return join(root, 'values-examples', `${name}.yaml`)
}

/** The chart that this run installs: a copy, so that an edit does not mix two charts. */
function chartPath(): string {
  return process.env[chartVariable] ?? join(root, 'chart')
}

/** Runs Helm; a failure is for the caller to judge. */
async function tryHelm(major: HelmMajor, args: readonly string[]): Promise<CommandResult> {
  const { path } = await resolveTool(`helm${major}`)
  return runCommand(path, args)
}

/** Runs Helm and returns what it printed; throws with its message when it fails. */
export async function helm(major: HelmMajor, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tryHelm(major, args)
  if (code === 0) return stdout
  throw new Error(`${shellCommand(`helm${major}`, args)} ended with ${code}:\n${stderr || stdout}`)
}

/** Installs or upgrades; a failure is for the caller to judge. */
export async function tryDeploy(
  verb: 'install' | 'upgrade',
  release: Release,
  options: ReleaseOptions = {},
): Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-test-'))
  try {
    const overlay = join(folder, 'values.json')
    writeFileSync(overlay, JSON.stringify(options.values ?? {}), { mode: 0o600 })
    const files = [...(options.files ?? []), overlay].flatMap((file) => ['--values', file])
    return await tryHelm(release.helm, [
      ...[verb, release.name, chartPath(), '--namespace', release.namespace, ...files],
      ...flags(release.helm, options),
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function flags(
  major: HelmMajor,
  { wait = true, atomic = false, timeout = '6m' }: ReleaseOptions,
): string[] {
  const takeBack = major === 3 ? '--atomic' : '--rollback-on-failure'
  const waiting = wait ? ['--wait', '--wait-for-jobs'] : []
  return [...waiting, ...(atomic ? [takeBack] : []), '--timeout', timeout]
}

/** Installs the chart; throws with Helm's message when that fails. */
export function install(release: Release, options: ReleaseOptions = {}): Promise<string> {
  return succeed('install', release, options)
}

/** Upgrades the release; throws with Helm's message when that fails. */
export function upgrade(release: Release, options: ReleaseOptions = {}): Promise<string> {
  return succeed('upgrade', release, options)
}

async function succeed(
  verb: 'install' | 'upgrade',
  release: Release,
  options: ReleaseOptions,
): Promise<string> {
  const { code, stdout, stderr } = await tryDeploy(verb, release, options)
  if (code === 0) return stdout
  const { namespace, name } = release
  throw new Error(
    `helm${release.helm} ${verb} ${name} in ${namespace} ended with ${code}:\n${stderr}`,
  )
}

/** Uninstalls the release and waits until its objects are gone. */
export async function uninstall(release: Release): Promise<string> {
  return helm(release.helm, [
    ...['uninstall', release.name, '--namespace', release.namespace, '--wait', '--timeout', '4m'],
  ])
}
