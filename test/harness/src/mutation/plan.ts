import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BatchResult } from '../render/bulk/run-batch.ts'
import { writeAtomically } from '../render/disk-cache.ts'
import type { Overlay } from '../render/overlay.ts'

/** Names the file that tells the test runner what to do. Set in `config.env`: a global set-up may leave out what it renders ahead. */
export const planVariable = 'CHART_HARNESS_MUTANTS'

/** A mutant to try on a test, with the requests of the test that it answers otherwise. */
export interface Attempt {
  readonly mutant: string
  readonly jobs: readonly string[]
}

/** What the runner of the tests does with each test: which mutants it tries. */
export interface Plan {
  /** Holds `<mutant>/<job>.json`, the results, and gets `<mutant>/killed.json`. */
  readonly dir: string
  /** By file and name of the test. */
  readonly tests: Readonly<Record<string, Readonly<Record<string, readonly Attempt[]>>>>
}

/** Which test noticed a mutant, and what it said. */
export interface Kill {
  readonly mutant: string
  readonly file: string
  readonly test: string
  readonly message: string
}

/** Where the result of a job of a mutant is kept. */
export function resultFile(dir: string, { mutant, job }: { mutant: string; job: string }): string {
  return join(dir, mutant, `${job}.json`)
}

/** Keeps what a mutant renders, for the test runner's workers. */
export function writeResult(
  dir: string,
  place: { mutant: string; job: string },
  { files: _, ...result }: BatchResult,
): void {
  writeAtomically(resultFile(dir, place), JSON.stringify(result))
}

/** What a mutant renders for these requests, as an overlay. */
export function overlayOf(dir: string, { mutant, jobs }: Attempt): Overlay {
  return Object.fromEntries(jobs.map((job) => [job, resultFile(dir, { mutant, job })]))
}

/** Says that a mutant was noticed. */
export function writeKill(dir: string, kill: Kill): void {
  writeAtomically(killFile(dir, kill.mutant), JSON.stringify(kill))
}

/** Who noticed the mutant, if someone did. */
export function readKill(dir: string, mutant: string): Kill | undefined {
  const file = killFile(dir, mutant)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kill) : undefined
}

function killFile(dir: string, mutant: string): string {
  return join(dir, mutant, 'killed.json')
}
