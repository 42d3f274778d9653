import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { driverChart } from '../bulk/driver-chart.ts'
import { hidden } from '../bulk/driver-template.ts'
import type { BatchResult } from '../bulk/run-batch.ts'
import { createHelmRunner, type HelmRunner } from '../helm-runner.ts'
import { runCommand } from '../run-command.ts'
import { defaultHelm, resolveTool } from '../tools.ts'
import type { Mutant } from './mutant.ts'
import type { RecordedJob } from './records.ts'

/** Results by the jobs' ids. */
export type Results = ReadonlyMap<string, BatchResult>

/** Renders a chart with a fault in it. */
export interface MutantRenderer {
  /** How many mutants can be rendered at a time. */
  readonly places: number
  /** Without a mutant: the chart as it is. */
  render(jobs: readonly RecordedJob[], mutant?: Mutant): Promise<Results>
}

/** A copy of the chart that holds one mutant at a time. */
interface Place {
  readonly name: string
  readonly path: string
  /** The bulk engine's form of the copy, unless the chart has none. */
  readonly driver?: string
}

/** Makes `count` copies of the chart below `dir`; a render waits until one is free. */
export async function createMutantRenderer(
  chart: string,
  dir: string,
  count = 2,
): Promise<MutantRenderer> {
  const run = createHelmRunner(dir, chart)
  rmSync(join(dir, 'drivers'), { recursive: true, force: true })
  const names = Array.from({ length: count }, (_, index) => `place-${index}`)
  const free = await Promise.all(names.map((name) => createPlace(chart, dir, name)))
  const waiting: ((place: Place) => void)[] = []
  const take = async (): Promise<Place> =>
    free.pop() ?? (await new Promise<Place>((resolve) => waiting.push(resolve)))
  const give = (place: Place): void => {
    const next = waiting.shift()
    if (next) next(place)
    else free.push(place)
  }
  return {
    places: count,
    render: async (jobs, mutant) => {
      const place = await take()
      try {
        return await renderIn(place, run, jobs, mutant)
      } finally {
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
  return { name, path, ...(driver ? { driver: driver.path } : {}) }
}

async function renderIn(
  place: Place,
  run: HelmRunner,
  jobs: readonly RecordedJob[],
  mutant?: Mutant,
): Promise<Results> {
  const restore = mutant ? put(mutant, place) : () => {}
  try {
    const results = jobs.map(async (job) => {
      const result = run(moved(job, place))
      // Only the bulk engine renders notes, and it takes two.
      if (mutant?.file.endsWith('NOTES.txt')) await run(moved(job, place))
      return [job.id, await result] as const
    })
    return new Map(await Promise.all(results))
  } finally {
    restore()
  }
}

/** The job for the copy. That values fit the schema was seen when it was recorded. */
function moved(job: RecordedJob, { path, name }: Place): Parameters<HelmRunner>[0] {
  const fails = job.expected === 'fails'
  const skip = '--skip-schema-validation'
  const flags = fails || job.flags.includes(skip) ? job.flags : [...job.flags, skip]
  return { ...job, path, chartHash: name, flags, alone: fails, keep: false }
}

/** Writes the mutant into both forms of the copy; gives the way back. */
function put(mutant: Mutant, { path, driver }: Place): () => void {
  const plain = join(path, mutant.file)
  const source = readFileSync(plain, 'utf8')
  const mutated = mutant.apply(source)
  const files = driver === undefined ? [plain] : [plain, drivenFile(driver, mutant.file)]
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
