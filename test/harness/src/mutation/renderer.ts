import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { groupOf } from '../render/bulk/batcher.ts'
import { type DriverChart, driverChart } from '../render/bulk/driver-chart.ts'
import { hidden } from '../render/bulk/driver-template.ts'
import type { BatchResult } from '../render/bulk/run-batch.ts'
import { parseHelmError } from '../render/helm-errors.ts'
import type { HelmJob, Renewal } from '../render/helm-job.ts'
import { createHelmRunner, type HelmRunner } from '../render/helm-runner.ts'
import { runCommand } from '../tools/run-command.ts'
import { defaultHelm, resolveTool } from '../tools/tools.ts'
import { affectedBy } from './affected.ts'
import { isSame } from './judge.ts'
import type { Mutant } from './mutant.ts'
import { mutableFiles } from './mutants.ts'
import type { RecordedJob } from './records.ts'

/** Results by the jobs' ids. */
export type Results = ReadonlyMap<string, BatchResult>

/** Renders a chart with a fault in it. */
export interface MutantRenderer {
  /** Jobs of one group are rendered together. */
  groupOf(job: string): string
  /** Whether a change of the mutant's file can change what the job gives. */
  canChange(job: string, mutant: Mutant): boolean
  /** Renders with these mutants in the chart, at most one in a file. */
  render(jobs: readonly RecordedJob[], mutants: readonly Mutant[]): Promise<Results>
  /** Whether a result says the same as without a mutant. */
  isSame(job: string, result: BatchResult): boolean
  /** The same, but for what may differ. */
  isAlike(job: string, result: BatchResult): boolean
}

/** A copy of the chart that holds one mutant at a time. */
interface Place {
  readonly name: string
  readonly path: string
  /** The bulk engine's form of the copy, unless the chart has none. */
  readonly driver?: DriverChart
}

// As many as Helm runs at a time.
const copies = 2

/**
 * Renders all jobs without a mutant, in copies of the chart below `dir`; later renders wait until
 * one is free. Templates that a mutant cannot change are not rendered again.
 * @param ignore what may differ in results that are alike
 */
export async function createMutantRenderer(
  chart: string,
  dir: string,
  jobs: readonly RecordedJob[],
  ignore?: RegExp,
): Promise<MutantRenderer> {
  const run = createHelmRunner(dir, chart)
  rmSync(join(dir, 'drivers'), { recursive: true, force: true })
  const names = Array.from({ length: copies }, (_, index) => `place-${index}`)
  const free = await Promise.all(names.map((name) => createPlace(chart, dir, name)))
  const [first] = free
  if (!first) throw new Error('a renderer needs a copy of the chart')
  const affected = affectedBy(mutableFiles(chart))
  const everything = { templates: affected('values.yaml'), others: new Map() }
  const before = await renderIn(first, run, jobs, () => everything)
  const waiting: ((place: Place) => void)[] = []
  const take = async (): Promise<Place> =>
    free.pop() ?? (await new Promise<Place>((resolve) => waiting.push(resolve)))
  const give = (place: Place): void => {
    const next = waiting.shift()
    if (next) next(place)
    else free.push(place)
  }
  const groups = new Map(
    jobs.map((job) => [job.id, job.expected === 'renders' ? groupOf(moved(job, first)) : job.id]),
  )
  const failing = executedOf(first, before)
  return {
    groupOf: (id) => groups.get(id) ?? id,
    canChange: (id, { file }) => {
      const executed = failing.get(id)
      return executed === undefined || affected(file).some((name) => executed.has(name))
    },
    isSame: (id, result) => isSame(before.get(id), result),
    isAlike: (id, result) => isSame(before.get(id), result, ignore),
    render: async (jobs, mutants) => {
      const templates = [...new Set(mutants.flatMap(({ file }) => affected(file)))].sort()
      const place = await take()
      const restores = mutants.map((mutant) => put(mutant, place))
      try {
        return await renderIn(
          place,
          run,
          jobs,
          ({ id }) => {
            const others = before.get(id)?.files
            return others && { templates, others }
          },
          before,
        )
      } finally {
        for (const restore of restores) restore()
        give(place)
      }
    },
  }
}

// The bulk engine's form of the copy is made while no mutant is in it.
async function createPlace(chart: string, dir: string, name: string): Promise<Place> {
  const path = join(dir, name)
  const drivers = join(dir, 'drivers')
  rmSync(path, { recursive: true, force: true })
  cpSync(chart, path, { recursive: true })
  const helm = await resolveTool(`helm${await defaultHelm()}`)
  const driver = await driverChart(path, name, drivers, async (names) => {
    return (await runCommand(helm.path, ['template', 'names', names])).stdout
  })
  return { name, path, ...(driver ? { driver } : {}) }
}

/** Of the jobs that fail, the files that Helm read before it gave up: all later ones change nothing. */
function executedOf({ driver }: Place, before: Results): ReadonlyMap<string, ReadonlySet<string>> {
  const paths = (driver?.units ?? []).map((unit) => unit.slice(unit.indexOf('/') + 1))
  const failed = [...before].filter(([, { code }]) => code !== 0)
  return new Map(
    failed.flatMap(([id, { stderr }]): [string, ReadonlySet<string>][] => {
      const { kind, template = '' } = parseHelmError(stderr, '')
      const last = paths.indexOf(template.slice(template.indexOf('/') + 1))
      if (kind === 'schema') return [[id, new Set(['values.yaml'])]]
      return last < 0 ? [] : [[id, new Set([...paths.slice(0, last + 1), 'values.yaml'])]]
    }),
  )
}

async function renderIn(
  place: Place,
  run: HelmRunner,
  jobs: readonly RecordedJob[],
  renewalOf: (job: RecordedJob) => Renewal | undefined,
  before?: Results,
): Promise<Results> {
  const results = jobs.map(async (job) => {
    const renew = job.templates ? undefined : renewalOf(job)
    return [
      job.id,
      await run({ ...moved(job, place, before?.get(job.id)), ...(renew ? { renew } : {}) }),
    ] as const
  })
  return new Map(await Promise.all(results))
}

/** The job for the copy. That values fit the schema was seen when it was recorded, or without a mutant. */
function moved(job: RecordedJob, { path, name }: Place, before?: BatchResult): HelmJob {
  const fails = job.expected === 'fails'
  const isChecked = fails && (!before || parseHelmError(before.stderr, '').kind === 'schema')
  const skip = '--skip-schema-validation'
  const flags = isChecked || job.flags.includes(skip) ? job.flags : [...job.flags, skip]
  return { ...job, path, chartHash: name, flags, alone: fails, keep: false }
}

/** Writes the mutant into both forms of the copy; gives the way back. */
function put(mutant: Mutant, { path, driver }: Place): () => void {
  const plain = join(path, mutant.file)
  const source = readFileSync(plain, 'utf8')
  const mutated = mutant.apply(source)
  const files = driver === undefined ? [plain] : [plain, drivenFile(driver.path, mutant.file)]
  for (const file of files) writeFileSync(file, mutated)
  return () => {
    for (const file of files) writeFileSync(file, source)
  }
}

function drivenFile(driver: string, name: string): string {
  const file = [name, hidden(name)].map((form) => join(driver, form)).find(existsSync)
  if (file === undefined) throw new Error(`${driver} has no ${name}`)
  return file
}
