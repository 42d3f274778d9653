import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { extname, join, relative, resolve } from 'node:path'
import { startVitest } from 'vitest/node'
import { writeAtomically } from '../render/disk-cache.ts'
import { readRecording, recordVariable } from '../render/recorder.ts'
import { type Plan, planVariable } from './plan.ts'

/** The tests that should notice mutants. */
export interface TestSuite {
  /** The root of the project; names of test files are relative to it. */
  readonly root: string
  /** Vitest's configuration. */
  readonly config: string
  /** Filters of test files: those that test the chart. */
  readonly tests: readonly string[]
}

/** A test and the ids of the requests that it makes. */
export interface RecordedTest {
  /** Relative to the root of the suite. */
  readonly file: string
  readonly name: string
  readonly requests: readonly string[]
}

const runner = join(import.meta.dirname, `test-runner${extname(import.meta.filename)}`)

/**
 * Runs the suite once with the recorder, unless `dir` already holds its recording. Returns the tests that pass and
 * render only this chart: any other would compare a mutant with a chart that has none.
 */
export async function recordTests(
  suite: TestSuite,
  chart: string,
  dir: string,
  tell: (line: string) => void,
): Promise<RecordedTest[]> {
  const done = join(dir, 'failed.json')
  if (!existsSync(done)) {
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(dir, { recursive: true })
    tell('running the tests once, without a mutant')
    const failed = await runVitest(suite, suite.tests, { [recordVariable]: dir })
    writeAtomically(done, JSON.stringify(failed))
  }
  const failed = new Set(JSON.parse(readFileSync(done, 'utf8')) as string[])
  for (const test of failed) tell(`fails without a mutant, so it does not count: ${test}`)
  const tests = testsIn(dir, resolve(chart), suite.root)
  const names = suite.tests.join(', ')
  if (tests.length === 0)
    throw new Error(`no test of ${names} renders ${chart}: is chart-harness/setup in setupFiles?`)
  return tests.filter(({ file, name }) => !failed.has(`${file} > ${name}`))
}

function testsIn(dir: string, chart: string, root: string): RecordedTest[] {
  const tests = new Map<string, { file: string; name: string; requests: Set<string> }>()
  const others = new Set<string>()
  for (const { id, chart: asked, file, test } of readRecording(dir)) {
    if (file === undefined || test === undefined) continue
    const key = `${file}\n${test}`
    if (asked !== chart) others.add(key)
    const known = tests.get(key) ?? { file: relative(root, file), name: test, requests: new Set() }
    known.requests.add(id)
    tests.set(key, known)
  }
  return [...tests]
    .filter(([key]) => !others.has(key))
    .map(([, test]) => ({ ...test, requests: [...test.requests] }))
}

/** Tries the mutants of a plan on its tests; returns the tests that also fail without a mutant. */
export async function tryPlan(suite: TestSuite, plan: Plan): Promise<string[]> {
  const file = join(plan.dir, 'plan.json')
  writeAtomically(file, JSON.stringify(plan))
  return runVitest(suite, Object.keys(plan.tests), { [planVariable]: file })
}

/** Runs tests; returns the names of those that fail. */
async function runVitest(
  { root, config }: TestSuite,
  files: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const vitest = await startVitest('test', [...files], {
    ...{ root, config, runner, watch: false },
    ...{ reporters: [{}], bail: 0, retry: 0, env: { ...env } },
  })
  await vitest.close()
  const errors = vitest.state.getTestModules().flatMap((module) => module.errors())
  const [first] = [...vitest.state.getUnhandledErrors(), ...errors]
  if (first) throw new Error('the tests cannot be run', { cause: first })
  process.exitCode = 0 // a failing test is a result here, not our failure
  return vitest.state
    .getTestModules()
    .flatMap((module) => [...module.children.allTests('failed')])
    .map((test) => `${test.module.relativeModuleId} > ${test.fullName}`)
}
