import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ResolvedRequest, requestId } from './request.ts'

/**
 * Names a folder in which every test worker records what it asks Helm for: one JSON line per
 * request. Coverage and mutation work on what the tests really ask.
 */
export const recordVariable = 'CHART_HARNESS_RECORD'

/** A request that a test made. */
export interface RecordedRequest extends Omit<ResolvedRequest, 'chartHash'> {
  readonly id: string
  /** Whether the test wants a render or a failure. */
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
