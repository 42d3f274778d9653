import type { Mutant } from './mutant.ts'
import type { Kill } from './plan.ts'

/** Names a test. */
export type TestName = Pick<Kill, 'file' | 'test'>

/** Who noticed mutants: who noticed one often notices its neighbours, and it again. */
export interface Killers {
  add(mutant: Mutant, kill: Kill): void
  /** The tests that noticed this mutant or those on the nearest lines, the nearest first. */
  near(mutant: Mutant): readonly TestName[]
}

const mostTests = 4

/** Begins with what is known of the mutants of a chart. */
export function createKillers(
  mutants: readonly Mutant[],
  lastKill: (mutant: Mutant) => Kill | undefined,
): Killers {
  const known = new Map<string, { readonly mutant: Mutant; readonly kill: Kill }[]>()
  const add = (mutant: Mutant, kill: Kill): void => {
    known.set(mutant.file, [...(known.get(mutant.file) ?? []), { mutant, kill }])
  }
  for (const mutant of mutants) {
    const kill = lastKill(mutant)
    if (kill) add(mutant, kill)
  }
  const near = ({ id, file, line }: Mutant): TestName[] => {
    const distance = (other: Mutant): number => (other.id === id ? -1 : Math.abs(other.line - line))
    const sorted = [...(known.get(file) ?? [])].sort(
      (a, b) => distance(a.mutant) - distance(b.mutant),
    )
    const tests = new Map(sorted.map(({ kill }) => [`${kill.file}\n${kill.test}`, kill]))
    return [...tests.values()].slice(0, mostTests)
  }
  return { add, near }
}
