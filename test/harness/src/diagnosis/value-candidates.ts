import type { Path } from '../values/paths.ts'
import type { Subject } from './observe.ts'
import { leavesOf, type Scalar } from './values-layers.ts'

/** A value that may have set the subject, and how likely that is. */
export interface Candidate {
  readonly path: Path
  readonly value: Scalar
  readonly rank: number
  /** Whether it is written there as it was given. */
  readonly isEqual: boolean
}

// A value that is written as it was given says more than names that are alike.
const equal = 40
const contained = 20
const shortest = 3

/** The values that may have made what the subject shows, the likeliest first. */
export function rankCandidates(values: unknown, subject: Subject, shown: unknown): Candidate[] {
  const texts = textsIn(shown)
  return leavesOf(values)
    .map(({ path, value }) => {
      const seen = appearance(value, texts)
      const rank = seen + similarity(path, subject) + (typeof value === 'boolean' ? 1 : 0)
      return { path, value, rank, seen, isEqual: seen === equal }
    })
    .filter(({ seen, rank }) => seen > 0 || rank > (shown === undefined ? 1 : 4))
    .sort((a, b) => b.rank - a.rank)
}

function textsIn(shown: unknown): string[] {
  const texts = leavesOf(shown).map(({ value }) => String(value))
  return [...texts, ...texts.map((text) => Buffer.from(text, 'base64').toString())]
}

function appearance(value: Scalar, texts: readonly string[]): number {
  const text = String(value)
  if (typeof value === 'boolean' || text === '') return 0
  if (texts.includes(text)) return equal
  const isPart = text.length >= shortest && texts.some((shown) => shown.includes(text))
  return isPart ? contained + Math.min(text.length, 15) : 0
}

/** How much the value's path and the place of the subject speak of the same things. */
function similarity(path: Path, { object, path: field = '' }: Subject): number {
  const own = path.flatMap((step) => (typeof step === 'string' ? words(step) : []))
  const last = words(String(path.findLast((step) => typeof step === 'string') ?? '')).join()
  const fieldKeys = field.split(/[.[\]]+/).filter((key) => /\D/.test(key))
  const isSameKey = last !== '' && last === words(fieldKeys.at(-1) ?? '').join()
  const shared = (text: string): number =>
    new Set(words(text).filter((word) => own.includes(word))).size
  return (isSameKey ? 12 : 0) + 3 * shared(object) + 4 * shared(field)
}

function words(text: string): string[] {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word.length > 1)
    .map((word) => word.replace(/s$/, ''))
}
