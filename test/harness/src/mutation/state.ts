import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { hashOf, writeAtomically } from '../render/disk-cache.ts'
import type { Mutant } from './mutant.ts'
import type { Kill } from './plan.ts'
import type { Verdict } from './trial.ts'

/** A mutant with its verdict. */
export interface Settled {
  readonly mutant: Mutant
  readonly verdict: Verdict
  readonly kill?: Kill
}

interface Entry {
  readonly verdict: Verdict
  readonly kill?: Kill
  /** What the verdict rests on, as a hash. */
  readonly basis: string
  /** Of a mutant that changes nothing: on what that rests, and of jobs up to which generation it was seen. */
  readonly same?: { readonly basis: string; readonly generation: number }
}

interface File {
  readonly entries: Readonly<Record<string, Entry>>
  /** The number of the last run, and its jobs, each with the number of the run with which it came. */
  readonly generation: number
  readonly jobs: Readonly<Record<string, number>>
}

/** Verdicts of earlier runs. */
export interface MutationState {
  /** The verdict, if it still holds. */
  get(mutant: Mutant): Entry | undefined
  /** Who noticed it the last time, even if the verdict holds no more. */
  lastKill(mutant: Mutant): Kill | undefined
  /** Tells whether it is known to change nothing in a job. */
  lastSame(mutant: Mutant): (job: string) => boolean
  /** Tells which jobs there are, and on what rests that they stay the same; before verdicts are set. */
  know(jobs: readonly string[], basis: string): void
  set(mutant: Mutant, verdict: Verdict, kill?: Kill): void
}

/** What verdicts rest on, as hashes. */
export interface Bases {
  /** The chart, all tests and the harness. */
  readonly all: string
  /** The mutated file, or a file of tests. */
  readonly file: (mutant: Mutant) => string
  readonly test: (name: string) => string
}

/**
 * Opens the verdicts that were kept in a file. A kill holds as long as the mutated file and the test that
 * did it are the same, as a change elsewhere hardly hides a fault; all else is looked at again after any.
 */
export function openState(path: string, bases: Bases): MutationState {
  const empty: File = { entries: {}, generation: 0, jobs: {} }
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as File) : empty
  const entries = new Map(Object.entries(kept.entries))
  const jobs = new Map(Object.entries(kept.jobs))
  let sameBasis = ''
  const generation = kept.generation + 1
  mkdirSync(dirname(path), { recursive: true })
  const basisOf = (mutant: Mutant, { status }: Verdict, kill?: Kill): string => {
    if (kill) return hashOf(bases.file(mutant), bases.test(kill.file))
    return status === 'broken' ? bases.file(mutant) : bases.all
  }
  return {
    get: (mutant) => {
      const entry = entries.get(mutant.id)
      return entry && basisOf(mutant, entry.verdict, entry.kill) === entry.basis ? entry : undefined
    },
    lastKill: ({ id }) => entries.get(id)?.kill,
    lastSame: ({ id }) => {
      const same = entries.get(id)?.same
      if (same?.basis !== sameBasis) return () => false
      return (job) => (jobs.get(job) ?? Infinity) <= same.generation
    },
    know: (ids, basis) => {
      sameBasis = basis
      const asked = new Set(ids)
      for (const id of jobs.keys()) if (!asked.has(id)) jobs.delete(id)
      for (const id of asked) jobs.set(id, jobs.get(id) ?? generation)
    },
    set: (mutant, verdict, kill) => {
      const same = { basis: sameBasis, generation }
      entries.set(mutant.id, {
        verdict,
        ...(kill ? { kill } : {}),
        ...(verdict.status === 'equivalent' ? { same } : {}),
        basis: basisOf(mutant, verdict, kill),
      })
      const file: File = {
        entries: Object.fromEntries(entries),
        generation,
        jobs: Object.fromEntries(jobs),
      }
      writeAtomically(path, JSON.stringify(file))
    },
  }
}
