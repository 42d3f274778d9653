import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeAtomically } from '../disk-cache.ts'
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
  /** What the verdict rests on: the test that killed it, or all tests. */
  readonly basis: string
}

/** Verdicts of earlier runs on the same chart. */
export interface MutationState {
  /** The verdict, if it still holds. */
  get(id: string): Entry | undefined
  set(id: string, verdict: Verdict, kill?: Kill): void
}

/** What verdicts rest on, as hashes. */
export interface Bases {
  /** All tests and the harness. */
  readonly all: string
  /** One test file. */
  readonly file: (name: string) => string
}

/**
 * Opens the verdicts that were kept in a file. A kill holds as long as the test that did it is the
 * same; what a change of the tests could kill is looked at again after one.
 */
export function openState(path: string, bases: Bases): MutationState {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '{}'
  const entries = new Map(Object.entries(JSON.parse(text) as Record<string, Entry>))
  mkdirSync(dirname(path), { recursive: true })
  const basisOf = ({ status }: Verdict, kill?: Kill): string => {
    if (kill) return bases.file(kill.file)
    return status === 'broken' ? '' : bases.all // more tests may see more
  }
  return {
    get: (id) => {
      const entry = entries.get(id)
      return entry && basisOf(entry.verdict, entry.kill) === entry.basis ? entry : undefined
    },
    set: (id, verdict, kill) => {
      entries.set(id, { verdict, ...(kill ? { kill } : {}), basis: basisOf(verdict, kill) })
      writeAtomically(path, JSON.stringify(Object.fromEntries(entries)))
    },
  }
}
