// What the tests, examples, fuzz runs and coverage runs asked Helm for before the chart was redesigned.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** One recorded request. Helm is not part of it: every request is rendered with both. */
export interface OracleRequest {
  /** A hash of everything else but `from`. */
  readonly id: string
  /** Who asked: a test file, `fuzz`, `cover:values`, ... */
  readonly from: readonly string[]
  readonly release: string
  readonly namespace: string
  /** The contents of values files, weakest first. */
  readonly files?: readonly string[]
  /** Values on top of the files. */
  readonly values?: object
  readonly kube?: string
  readonly apis?: readonly string[]
  readonly isUpgrade?: boolean
  /** Whether the chart refused it when it was recorded. Only the order of rendering depends on it. */
  readonly isRefused?: boolean
}

/** Reads all recorded requests. */
export function readRequests(): OracleRequest[] {
  const text = gunzipSync(readFileSync(join(import.meta.dirname, 'requests.jsonl.gz'))).toString()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OracleRequest)
}

/** About `count` requests, always the same ones: all examples, and the first by their ids, which are hashes. */
export function sampleOf(all: readonly OracleRequest[], count: number): OracleRequest[] {
  const isExample = ({ from }: OracleRequest): boolean => from.includes('examples')
  const examples = all.filter(isExample)
  const others = all
    .filter((request) => !isExample(request))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, Math.max(0, count - examples.length))
  return [...examples, ...others]
}
