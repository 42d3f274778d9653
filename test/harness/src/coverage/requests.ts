import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { RecordedRequest } from '../render/recorder.ts'

/** Thrown when coverage cannot be measured: one sentence with the remedy. */
export class CoverageError extends Error {
  override readonly name = 'CoverageError'
}

/**
 * The requests for this chart that were recorded into these folders, each once; `expected` is `fails`
 * if some test wants that.
 */
export function readRequests(dirs: readonly string[], chart: string): readonly RecordedRequest[] {
  const requests = new Map<string, RecordedRequest>()
  for (const request of dirs.flatMap(readRecording)) {
    const { id, expected, files } = request
    if (request.chart !== resolve(chart) || files.some((file) => !existsSync(file))) continue
    const fails = expected === 'fails' || requests.get(id)?.expected === 'fails'
    requests.set(id, { ...request, expected: fails ? 'fails' : 'renders' })
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
