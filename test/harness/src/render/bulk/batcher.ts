import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml, YamlError } from '../../objects/yaml.ts'
import type { CommandResult } from '../../tools/run-command.ts'
import { hashOf } from '../disk-cache.ts'
import { commandLine, type HelmJob } from '../helm-job.ts'
import { type DriverChart, driverChart } from './driver-chart.ts'
import { type DriverSet, driverSetOf, withoutSet } from './driver-set.ts'
import { batchSize } from './driver-template.ts'
import { type BatchResult, runBatch } from './run-batch.ts'

/** Ways to run Helm that the batcher uses. */
export interface Runs {
  readonly cacheDir: string
  readonly helm: (job: HelmJob, args: readonly string[], input: string) => Promise<CommandResult>
  readonly plain: (job: HelmJob) => Promise<CommandResult>
}

interface Waiting {
  readonly job: HelmJob
  readonly done: (result: Promise<BatchResult>) => void
}

/**
 * Runs jobs that are asked for in one tick and differ in nothing but `values` and their release in one
 * process, and all others in processes of their own. The results are the same to the byte.
 */
export function createBatcher(runs: Runs): (job: HelmJob) => Promise<BatchResult> {
  const waiting = new Map<string, Waiting[]>()
  const charts = new Map<string, Promise<DriverChart | undefined>>()
  const flush = (): void => {
    const groups = [...waiting.values()]
    waiting.clear()
    for (const group of groups) for (const part of parts(group)) settle(part, runs, charts)
  }
  return (job) =>
    new Promise((resolve) => {
      if (waiting.size === 0) setImmediate(flush)
      const key = groupOf(job)
      const group = waiting.get(key) ?? []
      waiting.set(key, [...group, { job, done: resolve }])
    })
}

/** Jobs of one group can share a process. */
function groupOf(job: HelmJob): string {
  const { args } = commandLine(driverSetOf(job) ? withoutSet(job) : { ...job, values: {} })
  return hashOf(`${job.helm}${job.quick}`, job.chartHash, ...args)
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

function settle(
  part: readonly Waiting[],
  runs: Runs,
  charts: Map<string, Promise<DriverChart | undefined>>,
): void {
  const results = runPart(
    part.map(({ job }) => job),
    runs,
    charts,
  )
  part.forEach(({ done }, index) => {
    done(results.then((all) => all[index] as BatchResult))
  })
}

async function runPart(
  jobs: readonly HelmJob[],
  runs: Runs,
  charts: Map<string, Promise<DriverChart | undefined>>,
): Promise<BatchResult[]> {
  const [first] = jobs
  const pays = jobs.length > 1 || [first?.templates, first?.notes].some(Boolean)
  const chart = first && pays ? await driverOf(first, runs, charts) : undefined
  const sets = jobs.map(driverSetOf).filter((set) => set !== undefined)
  const canDrive = first && chart && sets.length === jobs.length && !hasNull(first.files)
  const results = canDrive ? await drive(first, { chart, sets, runs }) : []
  return Promise.all(jobs.map((job, index) => results[index] ?? runs.plain(job)))
}

interface Drive {
  readonly chart: DriverChart
  readonly sets: readonly DriverSet[]
  readonly runs: Runs
}

function drive(
  first: HelmJob,
  { chart, sets, runs }: Drive,
): Promise<readonly (BatchResult | undefined)[]> {
  const { templates, ...whole } = first
  const wanted = templates?.map((template) => `${chart.name}/${template}`)
  const units = wanted ? chart.units.filter((unit) => wanted.includes(unit)) : chart.units
  if (units.length < (templates?.length ?? 0)) return Promise.resolve([]) // Helm says which is missing
  const { args } = commandLine({ ...withoutSet(whole), path: chart.path })
  return runBatch(sets, {
    ...{ helm: first.helm, units, quick: first.quick === true },
    run: (input) => runs.helm(first, args, input),
  })
}

function driverOf(
  job: HelmJob,
  runs: Runs,
  charts: Map<string, Promise<DriverChart | undefined>>,
): Promise<DriverChart | undefined> {
  const print = async (dir: string): Promise<string> => {
    return (await runs.helm(job, ['template', 'names', dir], '')).stdout
  }
  const known = charts.get(job.chartHash)
  const chart = known ?? driverChart(job.path, job.chartHash, join(runs.cacheDir, 'drivers'), print)
  charts.set(job.chartHash, chart)
  return chart
}

// A null in a file removes a default before `values` come; the driver sees only what is left.
function hasNull(files: readonly string[]): boolean {
  return files.some((file) => containsNull(read(file)))
}

function read(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof YamlError || (error as NodeJS.ErrnoException).code) return null
    throw error
  }
}

function containsNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null
  return Object.values(value).some(containsNull)
}
