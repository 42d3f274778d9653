import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadManifests } from '../objects/manifests.ts'
import type { BatchResult } from '../render/bulk/run-batch.ts'
import { copyChart } from '../render/chart-files.ts'
import { parseHelmError } from '../render/helm-errors.ts'
import { createHelmRunner } from '../render/helm-runner.ts'
import type { RecordedRequest } from '../render/recorder.ts'
import type { Mutant } from './mutants.ts'

/** Results by the ids of the requests. */
type Results = ReadonlyMap<string, BatchResult>

/** Renders a chart with a fault in it, and compares. */
export interface MutantRenderer {
  /** Renders these requests with the mutant; returns the results that differ from those without it. */
  changes(mutant: Mutant, ids: readonly string[]): Promise<Results>
  /** Whether a result holds the same objects and notes, or the same message, as without a mutant. */
  isAlike(id: string, result: BatchResult): boolean
}

/**
 * Renders the requests without a mutant first. Copies of the chart are made below `dir`.
 * @param ignore what may differ in objects that are alike; with the flag `g`
 */
export async function createMutantRenderer(
  chart: string,
  dir: string,
  requests: readonly RecordedRequest[],
  ignore?: RegExp,
): Promise<MutantRenderer> {
  const byId = new Map(requests.map((request) => [request.id, request]))
  const render = async (path: string, cache: string, ids: Iterable<string>): Promise<Results> => {
    const run = createHelmRunner(cache, path)
    const results = [...ids].map(async (id) => {
      const request = byId.get(id)
      if (!request) throw new Error(`there is no request ${id}`)
      return [id, await run({ ...inBulk(request), chart: path, chartHash: cache })] as const
    })
    return new Map(await Promise.all(results))
  }
  const before = await render(chart, join(dir, 'unchanged'), byId.keys())
  return {
    changes: async (mutant, ids) => {
      const own = join(dir, mutant.id)
      const copy = join(own, 'chart')
      const source = readFileSync(join(chart, mutant.file), 'utf8')
      copyChart(chart, copy, { [mutant.file]: mutant.apply(source) })
      const results = await render(copy, own, ids)
      rmSync(own, { recursive: true, force: true })
      return new Map([...results].filter(([id, result]) => !isSame(before.get(id), result)))
    },
    isAlike: (id, result) => isAlike(before.get(id), result, ignore),
  }
}

/** The request, to be rendered in bulk. Coverage knows that the schema accepts its values. */
function inBulk(request: RecordedRequest): RecordedRequest {
  const alone = request.expected === 'fails'
  return { ...request, schema: 'skip', alone, quick: true, showNotes: true, keep: false }
}

/** Whether Helm prints the same text, or the chart refuses with the same message. */
function isSame(before: BatchResult | undefined, after: BatchResult): boolean {
  if (!before || before.code !== after.code) return false
  if (after.code !== 0) return messageOf(before) === messageOf(after)
  return before.stdout === after.stdout && haveSameNotes(before, after)
}

// A result of a plain Helm run has no notes.
function haveSameNotes(before: BatchResult, after: BatchResult): boolean {
  return after.notes === undefined || before.notes === after.notes
}

/** Whether they are the same apart from blanks, comments, the order of keys, and what is ignored. */
export function isAlike(
  before: BatchResult | undefined,
  after: BatchResult,
  ignore?: RegExp,
): boolean {
  if (before?.code !== 0 || after.code !== 0) return isSame(before, after)
  const [old, fresh] = [before, after].map(({ stdout }) => objectsOf(stdout, ignore))
  return haveSameNotes(before, after) && isDeepStrictEqual(old, fresh)
}

function objectsOf(text: string, ignore?: RegExp): unknown {
  try {
    const objects = loadManifests(text, 'default')
    return ignore ? JSON.parse(JSON.stringify(objects).replaceAll(ignore, '')) : objects
  } catch {
    return text // not even objects: only the same text is the same
  }
}

function messageOf({ stderr }: BatchResult): string {
  const { kind, cause } = parseHelmError(stderr, '')
  return `${kind}: ${cause}`
}

/** Whether Helm could not even execute or parse what it was given: nothing that a test must notice. */
export function isBroken(result: BatchResult): boolean {
  return result.code !== 0 && parseHelmError(result.stderr, '').kind !== 'fail'
}
