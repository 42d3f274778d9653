// How the release scripts run Helm: its newest supported version, with a cache of their own.
import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolveTool } from 'chart-harness'
import { $ } from 'zx'
import type { Call } from './cli.ts'
import '../../test/rules/project.ts'

/** What one Helm command answered; `reason` is its error without Helm's wrapping. */
export interface HelmAnswer {
  ok: boolean
  reason: string
}

/** Runs Helm with these arguments; a non-zero exit is an answer, not an exception. */
export type Helm = (args: readonly string[]) => Promise<HelmAnswer>

/** The Helm that releases are made with: 4, whose packages are the same bytes again. */
export async function findHelm(): Promise<string> {
  return (await resolveTool('helm4')).path
}

/** Makes a {@link Helm}. An empty `HELM_CACHE_HOME` makes sure that a pull comes from the server. */
export function createHelm(binary: string, env: Call['env']): Helm {
  return async (args) => {
    const { exitCode, stderr } = await $({
      env,
      nothrow: true,
      quiet: true,
    })`${binary} ${args}`
    return { ok: exitCode === 0, reason: readReason(stderr) }
  }
}

/** The cause at the end of Helm's last error line: `Error: …: Get "https://…": <cause>`. */
export function readReason(stderr: string): string {
  const line =
    stderr
      .trim()
      .split('\n')
      .findLast((text) => text.startsWith('Error: ')) ?? stderr.trim()
  return line
    .replace(/^Error: /, '')
    .replace(/^.*": /, '')
    .replace(/^failed to [^:]*: /, '')
    .replace(/: \[map\[.*$/, '')
}

/** The SHA-256 of a file, as Helm's index writes it. */
export async function sha256(file: string): Promise<string> {
  return hash('sha256', await readFile(file))
}
