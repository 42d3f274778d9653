import { batchSize } from '../render/bulk/driver-template.ts'
import type { MutantRenderer } from './renderer.ts'
import { missingJobs, type Trial } from './trial.ts'

/** Chooses what to render next of a mutant, of that which was not rendered yet. */
export type ChooseJobs = (trial: Trial, renderer: MutantRenderer) => string[]

/** What the first tests of a trial ask for: as much as so many processes of Helm can render, or one test's. */
export function likelyJobs(most: {
  readonly tests: number
  readonly processes: number
}): ChooseJobs {
  return (trial, { groupOf }) => {
    const jobs = new Set<string>()
    let groups: ReadonlyMap<string, number> = new Map()
    let tests = 0
    for (const test of trial.tests) {
      if (tests >= most.tests) break
      const missing = missingJobs(trial, test).filter((id) => !jobs.has(id))
      if (missing.length === 0) continue
      const after = new Map(groups)
      for (const id of missing) after.set(groupOf(id), (after.get(groupOf(id)) ?? 0) + 1)
      if (jobs.size > 0 && processesOf(after) > most.processes) continue
      groups = after
      tests += 1
      for (const id of missing) jobs.add(id)
    }
    return [...jobs]
  }
}

/** So many jobs, those for which most tests of a trial wait. */
export function sharedJobs(count: number): ChooseJobs {
  return (trial) => {
    const waiting = new Map<string, number>()
    for (const test of trial.tests) {
      const [only, ...others] = missingJobs(trial, test)
      if (only !== undefined && others.length === 0) waiting.set(only, (waiting.get(only) ?? 0) + 1)
    }
    const sorted = [...waiting].sort(([, a], [, b]) => b - a)
    return sorted.slice(0, count).map(([id]) => id)
  }
}

/** How many processes render groups of these sizes. */
function processesOf(groups: ReadonlyMap<string, number>): number {
  return [...groups.values()].reduce((sum, size) => sum + Math.ceil(size / batchSize), 0)
}
