import { readFileSync } from 'node:fs'
import { printCommand, shellCommand } from '../tools/run-command.ts'
import { hashOf } from './disk-cache.ts'

/** One `helm template`: what it renders and how. */
export interface HelmJob {
  readonly helm: 3 | 4
  /** The chart: a folder or a package. */
  readonly path: string
  /** A hash of the chart's files. */
  readonly chartHash: string
  readonly release: string
  readonly namespace: string
  /** Values files, below `values`. */
  readonly files: readonly string[]
  readonly values?: object
  /** `--kube-version`, `--api-versions`, `--is-upgrade`, `--skip-schema-validation`. */
  readonly flags: readonly string[]
  /** Only these templates, by their paths in the chart. */
  readonly templates?: readonly string[]
  /** Must have a process of its own. */
  readonly alone: boolean
  /** Run Helm even though an equal run was kept. */
  readonly fresh?: boolean
  /** `false`: neither look for a kept result nor keep this one. */
  readonly keep?: boolean
  /** Of a refusal by the chart the message is enough, without the place. */
  readonly quick?: boolean
  /** The notes are wanted, too, which a bulk run gives with the render. */
  readonly notes?: boolean
}

/** The arguments of Helm and what it reads from standard input. */
export function commandLine(job: HelmJob): {
  readonly args: readonly string[]
  readonly input: string
} {
  const { release, path, namespace, files, values, flags, templates = [] } = job
  const args = [
    ...['template', release, path, '-n', namespace],
    ...files.flatMap((file) => ['-f', file]),
    ...(values ? ['-f', '-'] : []),
    ...flags,
    ...templates.flatMap((template) => ['--show-only', template]),
  ]
  return { args, input: values ? JSON.stringify(values) : '' }
}

/** The command as a user can paste it into a shell. */
export function commandOf(job: HelmJob): string {
  const { args, input } = commandLine(job)
  const line = `${shellCommand('helm', args)} # Helm ${job.helm}`
  return input === '' ? line : `${printCommand(input)} | ${line}`
}

/** A hash of all that a job asks, but for what is in the chart. */
export function jobId(job: HelmJob): string {
  const { args, input } = commandLine(job)
  return hashOf(String(job.helm), input, ...args, ...job.files.map(contentOf))
}

// Helm itself says best what is wrong with a file that cannot be read.
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return 'unreadable'
  }
}
