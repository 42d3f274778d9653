import type { Mutant } from './mutant.ts'
import type { Kill } from './plan.ts'

/** Names a test. */
export type TestName = Pick<Kill, 'file' | 'test'>

/** Who noticed mutants: who noticed one often notices its neighbours, and it again. */
export interface Killers {
  add(mutant: Mutant, kill: Kill): void
  /** The likeliest tests: who noticed it or those on the nearest lines, then who noticed most of all. */
  of(mutant: Mutant): readonly TestName[]
}

const mostNear = 3
const mostFrequent = 8

/** Begins with what is known of the mutants of a chart. */
export function createKillers(
  mutants: readonly Mutant[],
  lastKill: (mutant: Mutant) => Kill | undefined,
): Killers {
  const byFile = new Map<string, Noticed[]>()
  const counts = new Map<string, number>()
  const tests = new Map<string, TestName>()
  const add = (mutant: Mutant, { file, test }: Kill): void => {
    const key = `${file}\n${test}`
    tests.set(key, { file, test })
    counts.set(key, (counts.get(key) ?? 0) + 1)
    byFile.set(mutant.file, [...(byFile.get(mutant.file) ?? []), { mutant, key }])
  }
  for (const mutant of mutants) {
    const kill = lastKill(mutant)
    if (kill) add(mutant, kill)
  }
  const nearest = ({ id, file, line }: Mutant): string[] => {
    const distance = ({ mutant: other }: Noticed): number =>
      other.id === id ? -1 : Math.abs(other.line - line)
    const sorted = [...(byFile.get(file) ?? [])].sort((a, b) => distance(a) - distance(b))
    return [...new Set(sorted.map(({ key }) => key))].slice(0, mostNear)
  }
  const frequent = (): string[] =>
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([key]) => key)
      .slice(0, mostFrequent)
  const of = (mutant: Mutant): TestName[] =>
    [...new Set([...nearest(mutant), ...frequent()])].flatMap((key) => tests.get(key) ?? [])
  return { add, of }
}

/** A mutant, and the test that noticed it. */
interface Noticed {
  readonly mutant: Mutant
  readonly key: string
}
