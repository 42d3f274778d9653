import { readFileSync } from 'node:fs'
import type { BatchResult } from './bulk/run-batch.ts'

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
  const known = results.get(file)
  if (known) return known
  if (results.size >= mostResults) results.clear()
  const result = JSON.parse(readFileSync(file, 'utf8')) as BatchResult
  results.set(file, result)
  return result
}
