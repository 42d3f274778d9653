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
  /** Of a mutant that changes nothing: with which chart, and of how many of the known jobs that was seen. */
  readonly same?: { readonly chart: string; readonly jobs: number }
}

interface File {
  readonly entries: Record<string, Entry>
  /** All jobs that were ever rendered, in the order in which they came. */
  readonly jobs: readonly string[]
}

/** Jobs in which a mutant changes nothing, and the verdict that said so. */
interface Sameness {
  readonly verdict: Verdict
  readonly jobs: ReadonlySet<string>
}

/** Verdicts of earlier runs. */
export interface MutationState {
  /** The verdict, if it still holds. */
  get(mutant: Mutant): Entry | undefined
  /** Who noticed it the last time, even if the verdict holds no more. */
  lastKill(mutant: Mutant): Kill | undefined
  /** That it changes nothing in these jobs, if that was seen with the same chart. */
  lastSame(mutant: Mutant): Sameness | undefined
  /** Tells which jobs there are, before verdicts are set. */
  know(jobs: readonly string[]): void
  set(mutant: Mutant, verdict: Verdict, kill?: Kill): void
}

/** What verdicts rest on, as hashes. */
export interface Bases {
  /** The chart, all tests and the harness; the chart alone. */
  readonly all: string
  readonly chart: string
  /** The mutated file, or a file of tests. */
  readonly file: (mutant: Mutant) => string
  readonly test: (name: string) => string
}

/**
 * Opens the verdicts that were kept in a file. A kill holds as long as the mutated file and the test that
 * did it are the same, as a change elsewhere hardly hides a fault; all else is looked at again after any.
 */
export function openState(path: string, bases: Bases): MutationState {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '{"entries":{},"jobs":[]}'
  const kept = JSON.parse(text) as File
  const entries = new Map(Object.entries(kept.entries))
  const jobs = new Set(kept.jobs)
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
      const { verdict, same } = entries.get(id) ?? {}
      if (!verdict || same?.chart !== bases.chart) return undefined
      return { verdict, jobs: new Set([...jobs].slice(0, same.jobs)) }
    },
    know: (ids) => {
      for (const id of ids) jobs.add(id)
    },
    set: (mutant, verdict, kill) => {
      const same = { chart: bases.chart, jobs: jobs.size }
      entries.set(mutant.id, {
        verdict,
        ...(kill ? { kill } : {}),
        ...(verdict.status === 'equivalent' ? { same } : {}),
        basis: basisOf(mutant, verdict, kill),
      })
      const file: File = { entries: Object.fromEntries(entries), jobs: [...jobs] }
      writeAtomically(path, JSON.stringify(file))
    },
  }
}
