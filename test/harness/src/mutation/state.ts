import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { hashOf, writeAtomically } from '../disk-cache.ts'
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
}

/** Verdicts of earlier runs. */
export interface MutationState {
  /** The verdict, if it still holds. */
  get(mutant: Mutant): Entry | undefined
  /** Who noticed it the last time, even if the verdict holds no more. */
  lastKill(mutant: Mutant): Kill | undefined
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
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '{}'
  const entries = new Map(Object.entries(JSON.parse(text) as Record<string, Entry>))
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
    set: (mutant, verdict, kill) => {
      const basis = basisOf(mutant, verdict, kill)
      entries.set(mutant.id, { verdict, ...(kill ? { kill } : {}), basis })
      writeAtomically(path, JSON.stringify(Object.fromEntries(entries)))
    },
  }
}
