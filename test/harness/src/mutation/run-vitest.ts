import { extname, join } from 'node:path'
import { startVitest } from 'vitest/node'
import { writeAtomically } from '../render/disk-cache.ts'
import { recordVariable } from '../render/recorder.ts'
import { type Plan, planVariable } from './plan.ts'

/** Which tests there are. */
export interface TestSuite {
  /** The root of the project; names of test files are relative to it. */
  readonly root: string
  /** Vitest's configuration. */
  readonly config: string
  /** Filters of test files: those that test the chart. */
  readonly tests: readonly string[]
}

const runner = join(import.meta.dirname, `test-runner${extname(import.meta.filename)}`)

/** Runs the tests once and writes into `dir` what each asks for; gives the names of those that fail. */
export async function recordTests(suite: TestSuite, dir: string): Promise<string[]> {
  return runVitest(suite, suite.tests, { [recordVariable]: dir })
}

/** Tries the mutants of a plan on its tests. */
export async function tryPlan(suite: TestSuite, plan: Plan): Promise<string[]> {
  const file = join(plan.dir, 'plan.json')
  writeAtomically(file, JSON.stringify(plan))
  return runVitest(suite, Object.keys(plan.tests), { [planVariable]: file })
}

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
