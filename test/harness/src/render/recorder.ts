import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type HelmJob, jobId } from './helm-job.ts'

/**
 * Names a folder in which every test worker writes down what it asks Helm for: one JSON line a
 * request. Coverage, mutation and the render in advance work on what the tests really ask.
 */
export const recordVariable = 'CHART_HARNESS_RECORD'

/** A request that a test made. */
export interface RecordedRequest {
  readonly id: string
  readonly job: HelmJob
  /** Whether the test wants a render or a failure. */
  readonly expected: 'renders' | 'fails'
  /** The test file, when the runner told it, and the test. */
  readonly file?: string
  readonly test?: string
}

/** Who is asking; set by the setup file for vitest. */
export type Requester = () => Pick<RecordedRequest, 'file' | 'test'>

let requester: Requester = () => ({})

/** Tells the recorder how to find out which test is running. */
export function setRequester(ask: Requester): void {
  requester = ask
}

/** Writes the request down, when the variable is set. */
export function recordRequest(job: HelmJob, expected: RecordedRequest['expected']): void {
  const dir = process.env[recordVariable]
  if (!dir || job.fresh) return
  mkdirSync(dir, { recursive: true })
  const { chartHash: _, ...asked } = job
  const line = JSON.stringify({ id: jobId(job), job: asked, expected, ...requester() })
  appendFileSync(join(dir, `${process.pid}.jsonl`), `${line}\n`)
}
