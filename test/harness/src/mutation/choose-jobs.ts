import { batchSize } from '../bulk/driver-template.ts'
import type { RecordedTest } from './records.ts'
import type { MutantRenderer } from './renderer.ts'
import type { Trial } from './trial.ts'

/** Chooses what to render next of a mutant, of that which was not rendered yet. */
export type ChooseJobs = (trial: Trial, renderer: MutantRenderer) => string[]

/** What the first tests of a trial ask for: as much as so many processes of Helm can render, or one test's. */
export function likelyJobs(most: {
  readonly tests: number
  readonly processes: number
}): ChooseJobs {
  return (trial, { groupOf }) => {
    const jobs = new Set<string>()
    const groups = new Map<string, number>()
    let [processes, tests] = [0, 0]
    for (const test of trial.tests) {
      if (tests >= most.tests) break
      const missing = missingJobs(trial, test).filter((id) => !jobs.has(id))
      if (missing.length === 0) continue
      const added = missing.filter((id) => (groups.get(groupOf(id)) ?? 0) % batchSize === 0).length
      if (jobs.size > 0 && processes + added > most.processes) continue
      processes += added
      tests += 1
      for (const id of missing) {
        jobs.add(id)
        groups.set(groupOf(id), (groups.get(groupOf(id)) ?? 0) + 1)
      }
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

function missingJobs(trial: Trial, test: RecordedTest): string[] {
  return trial.tried.has(test) ? [] : test.jobs.filter((id) => !trial.rendered.has(id))
}
