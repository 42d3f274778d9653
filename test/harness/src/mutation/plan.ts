import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BatchResult } from '../render/bulk/run-batch.ts'
import { writeAtomically } from '../render/disk-cache.ts'

/** Names the file with the plan for the test runner. Set in `config.env`, so that a global setup can skip what it renders ahead. */
export const planVariable = 'CHART_HARNESS_MUTANTS'

/** A mutant to try on a test, and the ids of the test's requests that it answers differently. */
export interface Attempt {
  readonly mutant: string
  readonly requests: readonly string[]
}

/** Which mutants the test runner tries on which test. */
export interface Plan {
  /** Holds the results as `<mutant>/<request>.json`, and receives `<mutant>/killed.json`. */
  readonly dir: string
  /** By the file and name of the test. */
  readonly tests: Readonly<Record<string, Readonly<Record<string, readonly Attempt[]>>>>
}

/** Which test noticed a mutant. */
export interface Kill {
  readonly mutant: string
  readonly file: string
  readonly test: string
}

/** The file with what a request renders with a mutant. */
export function resultFile(dir: string, mutant: string, request: string): string {
  return join(dir, mutant, `${request}.json`)
}

/** Keeps what a request renders with a mutant, for the test runner's workers. */
export function writeResult(file: string, result: BatchResult): void {
  writeAtomically(file, JSON.stringify(result))
}

/** Says that a test noticed a mutant. */
export function writeKill(dir: string, kill: Kill): void {
  writeAtomically(killFile(dir, kill.mutant), JSON.stringify(kill))
}

/** The test that noticed the mutant, if one did. */
export function readKill(dir: string, mutant: string): Kill | undefined {
  const file = killFile(dir, mutant)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kill) : undefined
}

function killFile(dir: string, mutant: string): string {
  return join(dir, mutant, 'killed.json')
}
