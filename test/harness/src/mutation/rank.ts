import type { Mutant } from './mutant.ts'
import type { RecordedTest, Records } from './records.ts'

/** Puts tests in the order in which they are likely to notice a mutant. */
export type Ranking = (mutant: Mutant) => RecordedTest[]

/**
 * Ranks by words: what a mutant's file and lines have in common with a test's name and values, rare
 * words first. Mutants only die sooner for it; in the end every test gets its turn.
 */
export function rankTests({ tests, jobs }: Records): Ranking {
  const values = new Map(jobs.map((job) => [job.id, JSON.stringify(job.values ?? {})]))
  const described = tests.map((test) => ({
    test,
    words: wordsOf([test.file, test.name, ...test.jobs.map((id) => values.get(id) ?? '')]),
  }))
  const weights = weightsOf(described.map(({ words }) => words))
  return ({ file, before, after }) => {
    const wanted = [...wordsOf([file, before, after])]
    const scored = described.map(({ test, words }) => {
      const common = wanted.filter((word) => words.has(word))
      const weight = common.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0)
      return { test, score: weight / Math.sqrt(1 + words.size) / test.jobs.length }
    })
    return scored.sort((a, b) => b.score - a.score).map(({ test }) => test)
  }
}

function wordsOf(texts: readonly string[]): Set<string> {
  const words = texts.join(' ').match(/[A-Z]?[a-z]{2,}|[A-Z]{2,}|\d{2,}/g) ?? []
  return new Set(words.map((word) => word.toLowerCase()))
}

/** A word weighs the more, the fewer have it. */
function weightsOf(all: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const words of all) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return new Map([...counts].map(([word, count]) => [word, Math.log(1 + all.length / count)]))
}
