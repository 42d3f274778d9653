import { join } from 'node:path'
import { expect, test } from 'vitest'
import { likelyJobs, sharedJobs } from '../src/mutation/choose-jobs.ts'
import { createKillers } from '../src/mutation/killers.ts'
import { type Mutant, mutantsOf } from '../src/mutation/mutants.ts'
import type { Kill } from '../src/mutation/plan.ts'
import type { RecordedTest } from '../src/mutation/records.ts'
import type { MutantRenderer } from '../src/mutation/renderer.ts'
import { type MutationState, openState } from '../src/mutation/state.ts'
import { createTrial, lastVerdict, type Trial } from '../src/mutation/trial.ts'
import { temporaryFolder } from './support.ts'

const source = ['a: {{ .a | quote }}', 'b: {{ .b | quote }}', 'c: {{ .c | quote }}', ''].join('\n')
const mutants = mutantsOf([{ file: 'templates/a.yaml', source }])
const on = (line: number): Mutant => {
  const mutant = mutants.find((one) => one.line === line)
  if (!mutant) throw new Error(`no mutant on line ${line}`)
  return mutant
}
const kill = (test: string): Kill => ({ mutant: '', file: 'a.test.ts', test, message: '' })
const same = { status: 'equivalent', by: 'renders the same objects' } as const

/** The state in a file, opened by a run with these contents of files. */
function stateIn(path: string, contents: Readonly<Record<string, string>> = {}): MutationState {
  const of = (name: string): string => contents[name] ?? name
  return openState(path, { all: of('all'), file: ({ file }) => of(file), test: of })
}

test('a kill holds until the mutated file or the test changes', () => {
  const path = join(temporaryFolder(), 'state.json')
  const mutant = on(1)
  stateIn(path).set(mutant, { status: 'killed', by: 'a' }, kill('a'))
  expect(stateIn(path, { all: 'other' }).get(mutant)?.verdict.status).toBe('killed')
  expect(stateIn(path, { 'a.test.ts': 'other' }).get(mutant)).toBeUndefined()
  expect(stateIn(path, { [mutant.file]: 'other' }).get(mutant)).toBeUndefined()
  expect(stateIn(path, { [mutant.file]: 'other' }).lastKill(mutant)?.test).toBe('a')
})

test('a survival holds until anything changes', () => {
  const path = join(temporaryFolder(), 'state.json')
  stateIn(path).set(on(1), { status: 'survived', by: '' })
  expect(stateIn(path).get(on(1))?.verdict.status).toBe('survived')
  expect(stateIn(path, { all: 'other' }).get(on(1))).toBeUndefined()
})

test('what stays the same is known of the jobs that there were, on the same basis', () => {
  const path = join(temporaryFolder(), 'state.json')
  const knows = (state: MutationState): boolean[] => ['1', '2', '3'].map(state.lastSame(on(1)))
  const first = stateIn(path)
  first.know(['1', '2'], 'chart')
  first.set(on(1), same)
  const second = stateIn(path)
  second.know(['1', '2', '3'], 'chart')
  expect(knows(second)).toEqual([true, true, false])
  const other = stateIn(path)
  other.know(['1', '2', '3'], 'another chart')
  expect(knows(other)).toEqual([false, false, false])
})

test('a job that was away is looked at anew', () => {
  const path = join(temporaryFolder(), 'state.json')
  const runs = [['1', '2'], ['1'], ['1', '2']]
  for (const jobs of runs.slice(0, 2)) {
    const state = stateIn(path)
    state.know(jobs, 'chart')
    state.set(on(1), same)
  }
  const last = stateIn(path)
  last.know(runs[2] ?? [], 'chart')
  expect(['1', '2'].map(last.lastSame(on(1)))).toEqual([true, false])
})

test('who noticed a mutant comes first, then who noticed its neighbours, then who noticed most', () => {
  const known = new Map([[on(1).id, kill('far')]])
  const killers = createKillers(mutants, ({ id }) => known.get(id))
  killers.add(on(3), kill('own'))
  killers.add(on(2), kill('near'))
  for (let times = 0; times < 3; times++) {
    killers.add({ ...on(1), file: 'templates/b.yaml' }, kill('frequent'))
  }
  expect(killers.of(on(3)).map((one) => one.test)).toEqual(['own', 'near', 'far', 'frequent'])
  const elsewhere = { ...on(3), file: 'templates/c.yaml' }
  expect(killers.of(elsewhere)[0]?.test).toBe('frequent')
})

/** A trial with tests that ask for these jobs; jobs of a group have the same first letter. */
function trialOf(tests: readonly string[]): { trial: Trial; renderer: MutantRenderer } {
  const recorded: RecordedTest[] = tests.map((jobs, index) => ({
    ...{ file: 'a', name: String(index), jobs: jobs.split(' ') },
  }))
  const trial = createTrial({ mutant: on(1), dir: '' }, recorded, () => true)
  return { trial, renderer: { groupOf: (job: string) => job[0] ?? '' } as MutantRenderer }
}

test('a process renders what several tests ask for', () => {
  const { trial, renderer } = trialOf(['a4 a5', 'a1', 'b1', 'a2'])
  const chosen = likelyJobs({ tests: 5, processes: 1 })(trial, renderer)
  expect(chosen).toEqual(['a4', 'a5', 'a1', 'a2'])
  expect(likelyJobs({ tests: 1, processes: 9 })(trial, renderer)).toEqual(['a4', 'a5'])
})

test('what most tests wait for is chosen, without what was rendered', () => {
  const { trial, renderer } = trialOf(['a1', 'a2 a3', 'a2', 'a2', 'a3', 'a1', 'a1'])
  expect(sharedJobs(2)(trial, renderer)).toEqual(['a1', 'a2'])
  trial.rendered.add('a1').add('a2')
  expect(sharedJobs(2)(trial, renderer)).toEqual(['a3'])
})

test('a mutant that no test reaches any more is not the same, but unreached', () => {
  const { trial, renderer } = trialOf(['a1'])
  const { tests, ...begun } = trial
  const now = (reaches: boolean) =>
    createTrial(
      begun,
      tests,
      () => reaches,
      () => true,
    )
  expect(lastVerdict(now(false), renderer).status).toBe('unreached')
  expect(lastVerdict(now(true), renderer).status).toBe('equivalent')
})
