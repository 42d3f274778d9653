import { readResult } from '../render/overlay.ts'
import { isBroken } from './judge.ts'
import type { TestName } from './killers.ts'
import type { Mutant } from './mutant.ts'
import { type Attempt, type Plan, resultFile, writeResult } from './plan.ts'
import type { RecordedJob, RecordedTest } from './records.ts'
import type { MutantRenderer, Results } from './renderer.ts'

/** What became of a mutant. */
export interface Verdict {
  readonly status: 'killed' | 'survived' | 'equivalent' | 'broken' | 'unreached'
  /** The test that noticed it, or why it does not count. */
  readonly by: string
}

/** A mutant on its way: what it rendered so far. The results that it changes are on disk. */
export interface Trial {
  readonly mutant: Mutant
  readonly dir: string
  /** All tests that it reaches, the likeliest to notice it first. */
  tests: readonly RecordedTest[]
  readonly tried: Set<RecordedTest>
  readonly rendered: Set<string>
  readonly changed: Set<string>
  /** Those of the changed that Helm cannot execute or parse. */
  readonly broken: Set<string>
}

/**
 * Begins with a mutant; keeps its results below `dir`. What does not reach it counts as rendered, and so
 * does what is known to stay the same.
 */
export function createTrial(
  { mutant, dir }: Pick<Trial, 'mutant' | 'dir'>,
  tests: readonly RecordedTest[],
  reaches: (job: string) => boolean,
  isKnownSame: (job: string) => boolean = () => false,
): Trial {
  const seeing = tests.filter(({ jobs }) => jobs.some(reaches))
  const jobs = seeing.flatMap(({ jobs }) => jobs)
  const rendered = new Set(jobs.filter((id) => !reaches(id) || isKnownSame(id)))
  const sets = { tried: new Set<RecordedTest>(), changed: new Set<string>() }
  return { mutant, dir, tests: seeing, rendered, ...sets, broken: new Set() }
}

/** What a test asks for and the trial did not render yet. */
export function missingJobs({ tried, rendered }: Trial, test: RecordedTest): string[] {
  return tried.has(test) ? [] : test.jobs.filter((id) => !rendered.has(id))
}

/** Puts these tests before all others. */
export function preferTests(trial: Trial, preferred: readonly TestName[]): void {
  const first = preferred.flatMap(({ file, test }) => {
    return trial.tests.find((one) => one.file === file && one.name === test) ?? []
  })
  trial.tests = [...new Set([...first, ...trial.tests])]
}

/** Jobs that are rendered before all others: most mutants that break all break these. */
const scouts = 3

/**
 * Renders jobs of a mutant. Gives a verdict when there is nothing for tests to judge: the mutant
 * breaks whatever it changes.
 */
export async function renderJobs(
  trial: Trial,
  jobs: readonly RecordedJob[],
  renderer: MutantRenderer,
): Promise<Verdict | undefined> {
  const scouting = trial.tried.size === 0 && jobs.length > 2 * scouts
  const sorted = bySize(jobs, ({ id }) => renderer.groupOf(id))
  const parts = scouting ? [sorted.slice(0, scouts), sorted.slice(scouts)] : [jobs]
  for (const part of parts) {
    note(trial, await renderer.render(part, [trial.mutant]), renderer)
    if (trial.changed.size >= scouts && breaksAll(trial)) return broken
  }
  return undefined
}

/** Those of the largest group first. */
function bySize<T>(items: readonly T[], groupOf: (item: T) => string): T[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groupOf(item)
    groups.set(group, [...(groups.get(group) ?? []), item])
  }
  return [...groups.values()].sort((a, b) => b.length - a.length).flat()
}

const broken: Verdict = { status: 'broken', by: 'breaks every render that it changes' }

/** Takes down what a trial's mutant alone rendered. */
export function note(
  { dir, mutant, ...trial }: Trial,
  results: Results,
  { isSame }: MutantRenderer,
): void {
  for (const [id, result] of results) {
    trial.rendered.add(id)
    if (isSame(id, result)) continue
    trial.changed.add(id)
    if (isBroken(result)) trial.broken.add(id)
    writeResult(dir, { mutant: mutant.id, job: id }, result)
  }
}

function breaksAll({ changed, broken }: Trial): boolean {
  return changed.size === broken.size
}

/** The verdict about a mutant that no test noticed, after all its jobs. */
export function lastVerdict(trial: Trial, { isAlike }: MutantRenderer): Verdict {
  const { tests, changed, rendered, dir, mutant } = trial
  if (tests.length === 0) return { status: 'unreached', by: 'no test executes its line' }
  const differs = (job: string): boolean =>
    !isAlike(job, readResult(resultFile(dir, { mutant: mutant.id, job })))
  if (![...changed].some(differs)) return { status: 'equivalent', by: 'renders the same objects' }
  if (breaksAll(trial)) return broken
  return { status: 'survived', by: `changes ${changed.size} of ${rendered.size} renders` }
}

/**
 * What tests can judge of these mutants: each mutant goes to the first so many tests that see a
 * change, did not judge it yet, and ask for nothing that was not rendered.
 */
export function planOf(trials: readonly Trial[], dir: string, count: number): Plan {
  const tests: Record<string, Record<string, Attempt[]>> = {}
  for (const trial of trials) {
    for (const { test, jobs } of judges(trial).slice(0, count)) {
      trial.tried.add(test)
      const file = tests[test.file] ?? {}
      const attempts = file[test.name] ?? []
      attempts.push({ mutant: trial.mutant.id, jobs })
      file[test.name] = attempts
      tests[test.file] = file
    }
  }
  return { dir, tests }
}

// Of a mutant that breaks all that it changed so far it is open whether it counts.
function judges(trial: Trial): { readonly test: RecordedTest; readonly jobs: readonly string[] }[] {
  if (breaksAll(trial)) return []
  return trial.tests
    .filter((test) => !trial.tried.has(test))
    .filter((test) => test.jobs.every((id) => trial.rendered.has(id)))
    .map((test) => ({ test, jobs: test.jobs.filter((id) => trial.changed.has(id)) }))
    .filter(({ jobs }) => jobs.length > 0)
}
