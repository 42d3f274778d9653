import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kept } from '../../objects/once.ts'
import { valuesIn } from '../../objects/paths.ts'
import { parseYaml, YamlError } from '../../objects/yaml.ts'
import { hashOf } from '../disk-cache.ts'
import type { RunHelm } from '../helm-runner.ts'
import { argumentsOf, type ResolvedRequest } from '../request.ts'
import { type DriverChart, driverChart } from './driver-chart.ts'
import { batchSize, driverSetOf, withoutSet } from './driver-template.ts'
import { type BatchResult, runBatch } from './run-batch.ts'

interface Batcher {
  readonly cacheDir: string
  readonly helm: RunHelm
  readonly charts: Map<string, Promise<DriverChart | undefined>>
}

interface Waiting {
  readonly request: ResolvedRequest
  readonly done: (result: Promise<BatchResult>) => void
}

/**
 * Runs requests that are made in one tick and differ only in `values` and their release in one process,
 * and all others in processes of their own. The results are the same to the byte.
 */
export function createBatcher(
  cacheDir: string,
  helm: RunHelm,
): (request: ResolvedRequest) => Promise<BatchResult> {
  const waiting = new Map<string, Waiting[]>()
  const batcher: Batcher = { cacheDir, helm, charts: new Map() }
  const flush = (): void => {
    const groups = [...waiting.values()]
    waiting.clear()
    for (const group of groups) for (const part of parts(group)) settle(part, batcher)
  }
  return (request) =>
    new Promise((resolve) => {
      if (waiting.size === 0) setImmediate(flush)
      const key = groupOf(request)
      const group = waiting.get(key) ?? []
      waiting.set(key, [...group, { request, done: resolve }])
    })
}

/** Requests of one group can share a process. */
function groupOf(request: ResolvedRequest): string {
  const { helm, quick, chartHash } = request
  const args = argumentsOf(driverSetOf(request) ? withoutSet(request) : { ...request, values: {} })
  return hashOf(`${helm}${quick}`, chartHash, ...args)
}

// Two processes for two cores, but not for a handful.
const handful = 8

function parts(group: readonly Waiting[]): Waiting[][] {
  const half = group.length <= handful ? group.length : Math.ceil(group.length / 2)
  const size = Math.min(half, batchSize)
  return Array.from({ length: Math.ceil(group.length / size) }, (_, index) =>
    group.slice(index * size, (index + 1) * size),
  )
}

function settle(part: readonly Waiting[], batcher: Batcher): void {
  const results = runPart(
    part.map(({ request }) => request),
    batcher,
  )
  part.forEach(({ done }, index) => {
    done(results.then((all) => all[index] as BatchResult))
  })
}

async function runPart(
  requests: readonly ResolvedRequest[],
  batcher: Batcher,
): Promise<BatchResult[]> {
  const results = await drive(requests, batcher)
  const plain = (request: ResolvedRequest): Promise<BatchResult> =>
    batcher.helm(request.helm, argumentsOf(request), request.values)
  return Promise.all(requests.map((request, index) => results[index] ?? plain(request)))
}

// Empty where the driver cannot render these.
async function drive(
  requests: readonly ResolvedRequest[],
  batcher: Batcher,
): Promise<readonly (BatchResult | undefined)[]> {
  const [first] = requests
  if (!first || (requests.length === 1 && !first.templates && !first.showNotes)) return []
  const sets = requests.map(driverSetOf).filter((set) => set !== undefined)
  const chart = await driverOf(first, batcher)
  if (!chart || sets.length < requests.length || hasNull(first.files)) return []
  const { templates: asked, ...whole } = first
  const wanted = asked?.map((template) => `${chart.name}/${template}`)
  const templates = chart.templates.filter((name) => wanted?.includes(name) ?? true)
  if (templates.length < (asked?.length ?? 0)) return [] // Helm says which is missing
  const args = argumentsOf({ ...withoutSet(whole), chart: chart.path })
  return runBatch(sets, {
    ...{ helm: first.helm, templates, quick: first.quick === true },
    run: (values) => batcher.helm(first.helm, args, values),
  })
}

function driverOf(
  { helm, chart, chartHash }: ResolvedRequest,
  batcher: Batcher,
): Promise<DriverChart | undefined> {
  const print = async (dir: string): Promise<string> =>
    (await batcher.helm(helm, ['template', 'names', dir])).stdout
  return kept(batcher.charts, chartHash, () =>
    driverChart(chart, chartHash, join(batcher.cacheDir, 'drivers'), print),
  )
}

// A null in a file removes a default before `values` come; the driver sees only what is left.
function hasNull(files: readonly string[]): boolean {
  return files.some((file) => valuesIn(read(file)).some(({ value }) => value === null))
}

function read(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof YamlError || (error as NodeJS.ErrnoException).code) return null
    throw error
  }
}
