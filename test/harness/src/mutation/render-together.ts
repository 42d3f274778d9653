import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedJob } from './records.ts'
import { missingJobs, note, type Trial } from './trial.ts'
import type { TrialSetting } from './try-mutants.ts'

type Setting = Pick<TrialSetting, 'records' | 'renderer' | 'dir'>

/**
 * Renders all that is left of mutants that most likely change nothing. They are put into the chart
 * together, one of each template: what is the same with all of them is taken to be the same with each, as
 * one that does nothing but hide what another does is rare. (A default in the values is easily hidden, so
 * these are rendered alone.) Of what is not the same, halves of them are rendered, and at last each alone.
 */
export async function renderTogether(trials: readonly Trial[], setting: Setting): Promise<void> {
  const { jobs } = setting.records
  await Promise.all(groupsOf(trials).map((group) => findChanges(group, jobs, setting)))
}

/** As few groups as can be, none with two mutants of a file. */
function groupsOf(trials: readonly Trial[]): Trial[][] {
  const groups: Trial[][] = []
  const counts = new Map<string, number>()
  for (const trial of trials.filter(isTemplate)) {
    const index = counts.get(trial.mutant.file) ?? 0
    counts.set(trial.mutant.file, index + 1)
    groups[index] = [...(groups[index] ?? []), trial]
  }
  const alone = trials.filter((trial) => !isTemplate(trial)).map((trial) => [trial])
  return [...groups, ...alone]
}

function isTemplate({ mutant }: Trial): boolean {
  return mutant.file.startsWith('templates/')
}

async function findChanges(
  all: readonly Trial[],
  asked: readonly RecordedJob[],
  setting: Setting,
): Promise<void> {
  const { renderer, dir } = setting
  const group = all.filter((trial) => waiting(trial).length > 0)
  const left = new Set(group.flatMap(waiting))
  const jobs = asked.filter(({ id }) => left.has(id))
  if (jobs.length === 0) return
  const results = await renderer.render(
    jobs,
    group.map(({ mutant }) => mutant),
  )
  const [first, ...others] = group
  if (first && others.length === 0) {
    mkdirSync(join(dir, first.mutant.id), { recursive: true })
    note(first, results, renderer)
    return
  }
  const changed = jobs.filter(({ id }) => {
    const result = results.get(id)
    return !result || !renderer.isSame(id, result)
  })
  const same = jobs.filter((job) => !changed.includes(job))
  for (const { rendered } of group) for (const { id } of same) rendered.add(id)
  const half = Math.ceil(group.length / 2)
  for (const part of [group.slice(0, half), group.slice(half)]) {
    await findChanges(part, changed, setting)
  }
}

function waiting(trial: Trial): string[] {
  return trial.tests.flatMap((test) => missingJobs(trial, test))
}
