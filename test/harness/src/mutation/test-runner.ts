// Vitest's runner for mutants, named in `test.runner`: it tries all mutants of the plan on each test, so that
// hundreds of mutants need one start of vitest.
import { setMaxListeners } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, type RunnerTestCase, TestRunner } from 'vitest'
import { writeAtomically } from '../render/disk-cache.ts'
import { type Overlay, overlayVariable } from '../render/recorder.ts'
import {
  type Attempt,
  type Kill,
  killFile,
  type Plan,
  planVariable,
  readKill,
  resultFile,
} from './plan.ts'

/** Runs tests as usual; with a plan, tries mutants on them instead. */
export default class MutationRunner extends TestRunner {
  readonly #plan = readPlan()
  #isTrying = false

  /** Vitest asks for this instead of calling the test's function itself. */
  async runTask(test: RunnerTestCase): Promise<void> {
    await (this.#plan ? this.#tryMutants(test, this.#plan) : TestRunner.getTestFn(test)())
  }

  /** A test on which no mutant is tried need not assert anything. */
  override onAfterTryTask(test: RunnerTestCase): void {
    if (!this.#plan || this.#isTrying) super.onAfterTryTask(test)
  }

  async #tryMutants(test: RunnerTestCase, plan: Plan): Promise<void> {
    const file = relative(this.config.root, test.file.filepath)
    const name = expect.getState().currentTestName ?? test.name
    setMaxListeners(0, test.context.signal) // every try listens for the end of the test
    for (const attempt of plan.tests[file]?.[name] ?? []) {
      if (readKill(plan.dir, attempt.mutant)) continue
      if ((await this.#failureWith(test, plan.dir, attempt)) === undefined) continue
      const doubt = await this.#failureOf(test)
      if (doubt !== undefined) throw new Error(`fails without a mutant, too: ${doubt}`)
      const kill: Kill = { mutant: attempt.mutant, file, test: name }
      writeAtomically(killFile(plan.dir, attempt.mutant), JSON.stringify(kill))
    }
  }

  async #failureWith(
    test: RunnerTestCase,
    dir: string,
    { mutant, requests }: Attempt,
  ): Promise<string | undefined> {
    const file = join(dir, `overlay-${process.pid}-${overlays++}.json`)
    const results = requests.map((id) => [id, resultFile(dir, mutant, id)] as const)
    const overlay: Overlay = Object.fromEntries(results)
    writeAtomically(file, JSON.stringify(overlay))
    process.env[overlayVariable] = file
    try {
      return await this.#failureOf(test)
    } finally {
      delete process.env[overlayVariable]
      rmSync(file)
    }
  }

  async #failureOf(test: RunnerTestCase): Promise<string | undefined> {
    this.#isTrying = true
    try {
      this.onBeforeTryTask(test)
      await TestRunner.getTestFn(test)()
      this.onAfterTryTask(test)
      return test.result?.errors?.[0]?.message // of expect.soft
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    } finally {
      this.#isTrying = false
      if (test.result) {
        test.result.state = 'run'
        delete test.result.errors
      }
    }
  }
}

let overlays = 0

function readPlan(): Plan | undefined {
  const file = process.env[planVariable]
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as Plan) : undefined
}
