import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '../render/disk-cache.ts'
import { readResult } from '../render/recorder.ts'
import { limiter } from '../tools/run-command.ts'
import type { Mutant } from './mutants.ts'
import { type Attempt, type Kill, type Plan, readKill, resultFile, type Verdict } from './plan.ts'
import { isBroken, type MutantRenderer } from './renderer.ts'
import type { RecordedTest } from './suite.ts'

/** What trying mutants needs. */
export interface TrialSetting {
  readonly tests: readonly RecordedTest[]
  readonly renderer: MutantRenderer
  /** The ids of the requests that execute a mutant's line. */
  readonly reach: (mutant: Mutant) => readonly string[]
  /** A folder for results. */
  readonly dir: string
  /** Runs the tests of a plan; kills are in its folder afterwards. */
  readonly runTests: (plan: Plan) => Promise<void>
  /** Called with each verdict. */
  readonly settle: (mutant: Mutant, verdict: Verdict, kill?: Kill) => void
}

/** A mutant that is being tried. The results that it changes are on disk. */
interface Trial {
  readonly mutant: Mutant
  /** The requests that execute its line and were not rendered yet; the most common come first. */
  waiting: readonly string[]
  readonly changed: Set<string>
  /** Those of the changed that Helm cannot execute or parse. */
  readonly broken: Set<string>
  readonly tried: Set<RecordedTest>
}

/**
 * Most mutants die at once. So each round renders more requests for the mutants that are still alive, and runs
 * the tests whose requests are all rendered; one run of the tests takes this many mutants.
 */
const rounds = [
  { requests: 5, mutants: 200 },
  { requests: 60, mutants: 100 },
  { requests: Infinity, mutants: 25 },
]

const atOnce = limiter(3)

/** Gives each mutant its verdict. */
export async function tryMutants(mutants: readonly Mutant[], setting: TrialSetting): Promise<void> {
  const popularity = countTests(setting.tests)
  let alive = mutants.map((mutant): Trial => {
    const asked = setting.reach(mutant).filter((id) => popularity.has(id))
    const waiting = asked.sort((a, b) => (popularity.get(b) ?? 0) - (popularity.get(a) ?? 0))
    return { mutant, waiting, changed: new Set(), broken: new Set(), tried: new Set() }
  })
  const unreached = alive.filter(({ waiting }) => waiting.length === 0)
  for (const { mutant } of unreached)
    setting.settle(mutant, { status: 'unreached', by: 'no test executes its line' })
  alive = alive.filter(({ waiting }) => waiting.length > 0)
  for (const round of rounds) {
    const left: Trial[] = []
    for (let start = 0; start < alive.length; start += round.mutants) {
      const part = alive.slice(start, start + round.mutants)
      await Promise.all(
        part.map((trial) => atOnce(() => renderMore(trial, round.requests, setting))),
      )
      left.push(...(await judge(part, setting)))
    }
    alive = left
  }
}

/** How many tests make each request. */
function countTests(tests: readonly RecordedTest[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const id of tests.flatMap(({ requests }) => requests))
    counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

async function renderMore(trial: Trial, count: number, setting: TrialSetting): Promise<void> {
  const { mutant, changed, broken } = trial
  mkdirSync(join(setting.dir, mutant.id), { recursive: true })
  const results = await setting.renderer.changes(mutant, trial.waiting.slice(0, count))
  trial.waiting = trial.waiting.slice(count)
  for (const [id, result] of results) {
    changed.add(id)
    if (isBroken(result)) broken.add(id)
    writeAtomically(resultFile(setting.dir, mutant.id, id), JSON.stringify(result))
  }
}

/** Settles what can be settled by running tests; returns the other mutants. */
async function judge(trials: readonly Trial[], setting: TrialSetting): Promise<Trial[]> {
  const plan = planOf(trials, setting)
  if (Object.keys(plan.tests).length > 0) await setting.runTests(plan)
  return trials.filter((trial) => {
    const kill = readKill(setting.dir, trial.mutant.id)
    const verdict: Verdict | undefined = kill
      ? { status: 'killed', by: `${kill.file} > ${kill.test}` }
      : verdictOf(trial, setting)
    if (!verdict) return true
    rmSync(join(setting.dir, trial.mutant.id), { recursive: true, force: true })
    setting.settle(trial.mutant, verdict, kill)
    return false
  })
}

/** The verdict about a mutant that no test noticed; undefined while there is more to render. */
function verdictOf(trial: Trial, { renderer, dir, reach }: TrialSetting): Verdict | undefined {
  const { mutant, changed, waiting } = trial
  if (isAllBroken(trial)) return { status: 'broken', by: 'breaks every render that it changes' }
  if (waiting.length > 0) return undefined
  const differs = (id: string): boolean =>
    !renderer.isAlike(id, readResult(resultFile(dir, mutant.id, id)))
  if (![...changed].some(differs)) return { status: 'equivalent', by: 'renders the same objects' }
  return { status: 'survived', by: `changes ${changed.size} of ${reach(mutant).length} renders` }
}

function isAllBroken({ changed, broken }: Trial): boolean {
  return changed.size > 0 && changed.size === broken.size
}

/** What tests can judge of these mutants: each is tried on the tests that see a change and whose results are complete. */
function planOf(trials: readonly Trial[], { tests, dir }: TrialSetting): Plan {
  const plan: Record<string, Record<string, Attempt[]>> = {}
  for (const trial of trials) {
    if (isAllBroken(trial)) continue
    const { mutant, changed, tried } = trial
    const waiting = new Set(trial.waiting)
    for (const test of tests) {
      const requests = test.requests.filter((id) => changed.has(id))
      const isReady = requests.length > 0 && !test.requests.some((id) => waiting.has(id))
      if (!isReady || tried.has(test)) continue
      tried.add(test)
      const file = plan[test.file] ?? {}
      plan[test.file] = file
      file[test.name] = [...(file[test.name] ?? []), { mutant: mutant.id, requests }]
    }
  }
  return { dir, tests: plan }
}
