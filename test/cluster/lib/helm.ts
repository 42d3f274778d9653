import { type CommandResult, resolveTool, runCommand } from 'chart-harness'
import { commandTimeout, printed } from './kubectl.ts'
import { chartFolder } from './run.ts'

/** The majors of Helm that the chart supports. */
export type HelmMajor = 3 | 4

/** A release and the Helm that handles it. */
export interface Release {
  readonly name: string
  readonly namespace: string
  readonly helm: HelmMajor
}

/** What a release is made from: `values` override those of the `files`. */
export interface ReleaseOptions {
  readonly files?: readonly string[]
  readonly values?: object
  /** Waits until all is ready; the default. */
  readonly wait?: boolean
  /** Rolls back after a failure: `--atomic`, or `--rollback-on-failure` with Helm 4. */
  readonly atomic?: boolean
  readonly timeout?: string
}

/** Runs Helm; the caller judges a failure. */
async function tryHelm(
  { helm: major, namespace }: Release,
  args: readonly string[],
  input = '',
): Promise<CommandResult> {
  const { path } = await resolveTool(`helm${major}`)
  return runCommand(path, [...args, '--namespace', namespace], { input, timeout: commandTimeout })
}

/** Runs a command such as `helm(release, 'rollback', '1')`; throws with Helm's message when it fails. */
export async function helm(
  release: Release,
  command: string,
  ...rest: readonly string[]
): Promise<string> {
  const args = [...command.split(' '), release.name, ...rest]
  return printed(`helm${release.helm}`, args, await tryHelm(release, args))
}

/** Installs or upgrades; the caller judges a failure. */
export function tryDeploy(
  verb: 'install' | 'upgrade',
  release: Release,
  options: ReleaseOptions = {},
): Promise<CommandResult> {
  const { files = [], values = {}, wait = true, atomic = false, timeout = '4m' } = options
  const rollBack = release.helm === 3 ? '--atomic' : '--rollback-on-failure'
  const args = [
    ...[verb, release.name, chartFolder(), '--timeout', timeout],
    ...[...files, '-'].flatMap((file) => ['--values', file]),
    ...(wait ? ['--wait', '--wait-for-jobs'] : []),
    ...(atomic ? [rollBack] : []),
  ]
  return tryHelm(release, args, `${JSON.stringify(values)}\n`)
}

/** Installs the chart; throws with Helm's message when that fails. */
export async function install(release: Release, options?: ReleaseOptions): Promise<string> {
  return printed('helm', ['install', release.name], await tryDeploy('install', release, options))
}

/** Upgrades the release; throws with Helm's message when that fails. */
export async function upgrade(release: Release, options?: ReleaseOptions): Promise<string> {
  return printed('helm', ['upgrade', release.name], await tryDeploy('upgrade', release, options))
}

/** Uninstalls the release and waits until its objects are gone. */
export function uninstall(release: Release): Promise<string> {
  return helm(release, 'uninstall', '--wait', '--timeout', '4m')
}
