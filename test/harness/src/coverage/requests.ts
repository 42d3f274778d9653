import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { HelmJob } from '../render/helm-job.ts'
import type { RecordedRequest } from '../render/recorder.ts'
import { CoverageError } from './coverage-error.ts'

/** What a request asks of a chart, as the driver of the probes needs it. */
export interface Request {
  readonly id: string
  readonly job: Omit<HelmJob, 'chartHash'>
  /** Whether some test wants it to fail. */
  readonly mayFail: boolean
  readonly helm: 3 | 4
  readonly templates?: readonly string[]
  readonly kube?: string
  readonly apis: readonly string[]
  readonly isUpgrade: boolean
}

/** The requests for this chart that were recorded into these folders, each once. */
export function readRequests(dirs: readonly string[], chart: string): readonly Request[] {
  const requests = new Map<string, Request>()
  for (const { id, job, expected } of dirs.flatMap(readRecording)) {
    if (job.path !== resolve(chart) || job.files.some((file) => !existsSync(file))) continue
    const mayFail = expected === 'fails' || requests.get(id)?.mayFail === true
    requests.set(id, requestOf(id, job, mayFail))
  }
  return [...requests.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** All requests that were recorded into a folder. */
export function readRecording(dir: string): RecordedRequest[] {
  const files = existsSync(dir) ? readdirSync(dir).filter((file) => file.endsWith('.jsonl')) : []
  if (files.length === 0)
    throw new CoverageError(`${dir} holds no recorded requests. Run the tests with the recorder.`)
  return files
    .flatMap((file) => readFileSync(join(dir, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as RecordedRequest)
}

function requestOf(id: string, job: Request['job'], mayFail: boolean): Request {
  const { helm, templates, flags } = job
  const [kube] = flagValues(flags, '--kube-version')
  return {
    ...{ id, job, mayFail, helm },
    ...(templates ? { templates } : {}),
    ...(kube ? { kube } : {}),
    ...{ apis: flagValues(flags, '--api-versions'), isUpgrade: flags.includes('--is-upgrade') },
  }
}

function flagValues(flags: readonly string[], name: string): string[] {
  return flags.flatMap((flag, index) => (flags[index - 1] === name ? [flag] : []))
}
