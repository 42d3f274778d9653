import { hashOf } from '../render/disk-cache.ts'
import type { Mutant } from './mutant.ts'

/** So many of the mutants, the same for the same seed, in their order; all when there are fewer. */
export function sampleOf(mutants: readonly Mutant[], count: number, seed: string): Mutant[] {
  const drawn = mutants
    .map((mutant) => ({ mutant, lot: hashOf(seed, mutant.id) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, count)
  const chosen = new Set(drawn.map(({ mutant }) => mutant))
  return mutants.filter((mutant) => chosen.has(mutant))
}
