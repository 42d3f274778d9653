import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { batchSize } from '../render/bulk/driver-template.ts'
import { type ChooseJobs, likelyJobs, sharedJobs } from './choose-jobs.ts'
import type { Killers } from './killers.ts'
import type { Mutant } from './mutant.ts'
import { type Kill, type Plan, readKill } from './plan.ts'
import { rankTests } from './rank.ts'
import type { Records } from './records.ts'
import { renderTogether } from './render-together.ts'
import type { MutantRenderer } from './renderer.ts'
import type { MutationState } from './state.ts'
import {
  createTrial,
  lastVerdict,
  planOf,
  preferTests,
  renderJobs,
  type Trial,
  type Verdict,
} from './trial.ts'

/** What trying mutants needs. */
export interface TrialSetting {
  readonly records: Records
  readonly renderer: MutantRenderer
  /** Who noticed mutants before. */
  readonly killers: Killers
  /** Whether an earlier run saw a job unchanged. */
  readonly lastSame: MutationState['lastSame']
  /** The jobs that execute a mutant's line. */
  readonly reach: (mutant: Mutant) => ReadonlySet<string>
  /** A folder for results. */
  readonly dir: string
  /** Runs the tests of a plan; kills are in its folder afterwards. */
  readonly runTests: (plan: Plan) => Promise<void>
  /** Called with each verdict. */
  readonly settle: (mutant: Mutant, verdict: Verdict, kill?: Kill) => void
}

/**
 * Most mutants die at once. So a stage renders little, lets the tests judge that can with it, and takes
 * only those further that live: first what the likeliest tests ask for, then what most tests ask for.
 * Those that changed nothing so far are then rendered together. One start of the tests takes so many mutants.
 */
const firstStages: readonly Stage[] = [
  { choose: likelyJobs({ tests: 5, processes: 1 }), tests: 5, mutants: 300 },
  { choose: sharedJobs(batchSize), tests: Infinity, mutants: 100 },
]
const lastStages: readonly Stage[] = [
  { choose: likelyJobs({ tests: 300, processes: 8 }), tests: Infinity, mutants: 80 },
  { choose: likelyJobs({ tests: Infinity, processes: Infinity }), tests: Infinity, mutants: 40 },
]

interface Stage {
  /** The jobs to render next. */
  readonly choose: ChooseJobs
  readonly tests: number
  readonly mutants: number
}

/** Gives each mutant its verdict. While tests judge one batch, the next is rendered. */
export async function tryMutants(mutants: readonly Mutant[], setting: TrialSetting): Promise<void> {
  const rank = rankTests(setting.records)
  let alive = mutants.map((mutant) => {
    const reached = setting.reach(mutant)
    const reaches = (job: string): boolean =>
      reached.has(job) && setting.renderer.canChange(job, mutant)
    return createTrial(
      { mutant, dir: setting.dir },
      rank(mutant),
      reaches,
      setting.lastSame(mutant),
    )
  })
  for (const stage of firstStages) alive = await runStage(alive, setting, stage)
  const quiet = alive.filter(({ changed }) => changed.size === 0)
  await renderTogether(quiet, setting)
  for (const stage of lastStages) alive = await runStage(alive, setting, stage)
  for (const trial of alive) settle(trial, setting, lastVerdict(trial, setting.renderer))
}

async function runStage(
  trials: readonly Trial[],
  setting: TrialSetting,
  stage: Stage,
): Promise<Trial[]> {
  const left: Trial[] = []
  let testing = Promise.resolve()
  for (let start = 0; start < trials.length; start += stage.mutants) {
    const batch = trials.slice(start, start + stage.mutants)
    const rendered = await renderBatch(batch, setting, stage)
    await testing
    testing = testBatch(rendered, setting, stage).then((undecided) => {
      left.push(...undecided)
    })
  }
  await testing
  return left
}

/** Renders more of each mutant; those that stay undecided come back. */
async function renderBatch(
  batch: readonly Trial[],
  setting: TrialSetting,
  stage: Stage,
): Promise<Trial[]> {
  const byId = new Map(setting.records.jobs.map((job) => [job.id, job]))
  const verdicts = await Promise.all(
    batch.map((trial) => {
      mkdirSync(join(setting.dir, trial.mutant.id), { recursive: true })
      preferTests(trial, setting.killers.of(trial.mutant))
      const jobs = stage.choose(trial, setting.renderer).flatMap((id) => byId.get(id) ?? [])
      return renderJobs(trial, jobs, setting.renderer)
    }),
  )
  return batch.filter((trial, index) => {
    const verdict = verdicts[index]
    if (verdict) settle(trial, setting, verdict)
    return !verdict
  })
}

async function testBatch(
  batch: readonly Trial[],
  setting: TrialSetting,
  stage: Stage,
): Promise<Trial[]> {
  const plan = planOf(batch, setting.dir, stage.tests)
  if (Object.keys(plan.tests).length > 0) await setting.runTests(plan)
  return batch.filter((trial) => {
    const kill = readKill(setting.dir, trial.mutant.id)
    if (kill) settle(trial, setting, { status: 'killed', by: `${kill.file} > ${kill.test}` }, kill)
    return !kill
  })
}

function settle(trial: Trial, setting: TrialSetting, verdict: Verdict, kill?: Kill): void {
  rmSync(join(setting.dir, trial.mutant.id), { recursive: true, force: true })
  if (kill) setting.killers.add(trial.mutant, kill)
  setting.settle(trial.mutant, verdict, kill)
}
