import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { kept } from '../objects/once.ts'
import type { BatchResult } from './bulk/run-batch.ts'
import { type ResolvedRequest, requestId } from './request.ts'

/**
 * Names a folder in which every test worker records what it asks Helm for: one JSON line per
 * request. Coverage and mutation work on what the tests really ask.
 */
export const recordVariable = 'CHART_HARNESS_RECORD'

/** A request that a test made. */
export interface RecordedRequest extends Omit<ResolvedRequest, 'chartHash'> {
  readonly id: string
  /** Whether the test expects a render or a failure. */
  readonly expected: 'renders' | 'fails'
  /** The test file, when the runner said it, and the test. */
  readonly file?: string
  readonly test?: string
}

/** Who is asking; set by the setup file for vitest. */
export type Requester = () => Pick<RecordedRequest, 'file' | 'test'>

let requester: Requester = () => ({})

/** Says how to find out which test is running. */
export function setRequester(ask: Requester): void {
  requester = ask
}

/** Records the request, when the variable is set. */
export function recordRequest(
  request: ResolvedRequest,
  expected: RecordedRequest['expected'],
): void {
  const dir = process.env[recordVariable]
  if (!dir || request.fresh) return
  mkdirSync(dir, { recursive: true })
  const { chartHash: _, ...asked } = request
  const line = JSON.stringify({ ...asked, id: requestId(request), expected, ...requester() })
  appendFileSync(join(dir, `${process.pid}.jsonl`), `${line}\n`)
}

/** Thrown when coverage cannot be measured: one sentence with the remedy. */
export class CoverageError extends Error {
  override readonly name = 'CoverageError'
}

/**
 * The requests for this chart that were recorded into these folders, each once; `expected` is `fails`
 * if some test expects that.
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

/**
 * Results that stand in for those of Helm: how a test run sees a changed chart without a change on
 * disk. The environment variable names a JSON file, a new one for each overlay; all other requests run as always.
 */
export const overlayVariable = 'CHART_HARNESS_OVERLAY'

/** The files with the results, by the requests' ids. */
export type Overlay = Readonly<Record<string, string>>

let read: { readonly file: string; readonly overlay: Overlay } | undefined

/** The result that the overlay has for this request. */
export function overlaidResult(id: string): BatchResult | undefined {
  const file = process.env[overlayVariable]
  if (!file) return undefined
  if (read?.file !== file) {
    read = { file, overlay: JSON.parse(readFileSync(file, 'utf8')) as Overlay }
  }
  const result = read.overlay[id]
  return result === undefined ? undefined : readResult(result)
}

// Many tests ask for the same.
const results = new Map<string, BatchResult>()
const mostResults = 500

/** The result in a file, which must never change. */
export function readResult(file: string): BatchResult {
  const read = (): BatchResult => JSON.parse(readFileSync(file, 'utf8'))
  return kept(results, file, read, mostResults)
}
