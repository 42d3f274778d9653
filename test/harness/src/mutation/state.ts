import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { hashOf, writeAtomically } from '../render/disk-cache.ts'
import type { Mutant } from './mutants.ts'
import type { Kill } from './plan.ts'

/** What became of a mutant. */
export interface Verdict {
  readonly status: 'killed' | 'survived' | 'equivalent' | 'broken' | 'unreached'
  /** The test that noticed it, or why it does not count. */
  readonly by: string
}

/** A mutant with its verdict. */
export interface Settled {
  readonly mutant: Mutant
  readonly verdict: Verdict
}

/** The verdicts of this run and earlier ones. */
export interface MutationState {
  /** The verdict, if it still holds. */
  get(mutant: Mutant): Verdict | undefined
  set(mutant: Mutant, verdict: Verdict, kill?: Kill): void
}

/** What verdicts depend on, as hashes. */
export interface Bases {
  /** The chart, all tests and the harness. */
  readonly all: string
  /** The mutated template, or a file of tests. */
  readonly template: (mutant: Mutant) => string
  readonly test: (name: string) => string
}

interface Entry {
  readonly verdict: Verdict
  readonly kill?: Kill
  readonly basis: string
}

/**
 * Opens the verdicts that are kept in a file. A kill holds until the mutated template or the test that
 * noticed it changes, as a change elsewhere rarely hides a fault; a survival until anything changes.
 */
export function openState(path: string, bases: Bases): MutationState {
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : {}
  const entries = new Map<string, Entry>(Object.entries(kept))
  const basisOf = (mutant: Mutant, { status }: Verdict, kill?: Kill): string => {
    if (kill) return hashOf(bases.template(mutant), bases.test(kill.file))
    return status === 'broken' ? bases.template(mutant) : bases.all
  }
  mkdirSync(dirname(path), { recursive: true })
  return {
    get: (mutant) => {
      const entry = entries.get(mutant.id)
      const holds = entry && basisOf(mutant, entry.verdict, entry.kill) === entry.basis
      return holds ? entry.verdict : undefined
    },
    set: (mutant, verdict, kill) => {
      const basis = basisOf(mutant, verdict, kill)
      entries.set(mutant.id, { verdict, ...(kill ? { kill } : {}), basis })
      writeAtomically(path, JSON.stringify(Object.fromEntries(entries)))
    },
  }
}
