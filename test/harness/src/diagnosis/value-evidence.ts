import { isRecord, objectOf } from '../objects/manifests.ts'
import { findField, type Path, valuesIn, withValueAt } from '../objects/paths.ts'
import type { Origin, Render } from '../render/render.ts'
import { mergedValues, sourceOfValue, type ValueSource, valuesLayers } from './values-layers.ts'

/** What a failure is about: a field of an object, an object, or all objects of a kind. */
export interface Subject {
  /** `Kind/name`, or only a kind. */
  readonly object: string
  readonly path?: string
}

const atOnce = 6
const mostTried = 12
const mostNamed = 3

/**
 * Where the values were set that make the subject what it is: one that is written there as it was
 * given, else all that are likely. A value counts only when a render with another one in its place
 * shows another subject.
 */
export async function findValues(
  origin: Origin,
  render: Render,
  subject: Subject,
): Promise<readonly ValueSource[]> {
  const before = observe(render, subject)
  if (before === undefined) return []
  const layers = valuesLayers(origin)
  const values = mergedValues(layers)
  const candidates = rankCandidates(values, subject, fieldOf(render, subject)).slice(0, mostTried)
  for (let start = 0; start < candidates.length; start += atOnce) {
    const some = candidates.slice(start, start + atOnce)
    const after = await Promise.all(
      some.map((candidate) => observeWith(origin, values, candidate, subject)),
    )
    const found = some.filter((_, index) => after[index] !== undefined && after[index] !== before)
    const named = found.slice(0, found[0]?.isEqual ? 1 : mostNamed)
    if (named.length > 0) return named.flatMap((one) => sourceOfValue(layers, one.path) ?? [])
  }
  return []
}

/** What the render shows of the subject, as a text to compare; undefined when that says nothing. */
function observe(render: Render, subject: Subject): string | undefined {
  const { object, path } = subject
  if (!object.includes('/'))
    return String(render.objects.filter(({ kind }) => kind === object).length)
  const isThere = objectOf(render.objects, object) !== undefined
  if (path === undefined) return String(isThere)
  // An object that is gone or has another name says nothing about its fields.
  return isThere ? JSON.stringify(fieldOf(render, subject) ?? null) : undefined
}

function fieldOf(render: Render, { object, path }: Subject): unknown {
  if (path === undefined) return undefined
  const { isThere, value } = findField(objectOf(render.objects, object), path)
  return isThere ? value : undefined
}

/** What is seen with another value; undefined when every other value is refused. */
async function observeWith(
  { request, ...origin }: Origin,
  values: unknown,
  { path, value }: Candidate,
  subject: Subject,
): Promise<string | undefined> {
  for (const other of otherValues(value)) {
    const changed = withValueAt(request.values ?? {}, path, other, values)
    const { render } = await origin.render({
      ...request,
      ...{ values: isRecord(changed) ? changed : {}, schema: 'skip', fresh: false },
    })
    if (render) return observe(render, subject)
  }
  return undefined
}

/** Values of the same type that a chart may accept in place of this one. */
function otherValues(value: Scalar): Scalar[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return [value + 1, value - 1]
  const counted = value.replace(/\d+(?!.*\d)/, (digits) => String(Number(digits) + 1))
  return [...(counted === value ? [] : [counted]), `${value}x`, `x${value}`].slice(0, 2)
}

type Scalar = string | number | boolean

/** A value that may have set the subject. */
interface Candidate {
  readonly path: Path
  readonly value: Scalar
  /** Whether it is written there as it was given. */
  readonly isEqual: boolean
}

// A value that is written as it was given says more than names that are alike.
const equal = 40
const contained = 20
const shortest = 3

/** The values that may have made what the subject shows, the likeliest first. */
function rankCandidates(values: unknown, subject: Subject, shown: unknown): Candidate[] {
  const plain = leavesOf(shown).map(({ value }) => String(value))
  const texts = [...plain, ...plain.map((text) => Buffer.from(text, 'base64').toString())]
  return leavesOf(values)
    .map(({ path, value }) => {
      const seen = appearance(value, texts)
      const rank = seen + similarity(path, subject) + (typeof value === 'boolean' ? 1 : 0)
      return { path, value, rank, seen, isEqual: seen === equal }
    })
    .filter(({ seen, rank }) => seen > 0 || rank > (shown === undefined ? 1 : 4))
    .sort((a, b) => b.rank - a.rank)
}

function appearance(value: Scalar, texts: readonly string[]): number {
  const text = String(value)
  if (typeof value === 'boolean' || text === '') return 0
  if (texts.includes(text)) return equal
  const isPart = text.length >= shortest && texts.some((shown) => shown.includes(text))
  return isPart ? contained + Math.min(text.length, 15) : 0
}

/** How much the value's path and the place of the subject are about the same things. */
function similarity(path: Path, { object, path: field = '' }: Subject): number {
  const keys = path.filter((step) => typeof step === 'string')
  const fieldKeys = field.split(/[.[\]]+/).filter((key) => /\D/.test(key))
  const [last, fieldLast] = [keys, fieldKeys].map((all) => words(all.at(-1) ?? '').join())
  const own = words(keys.join(' '))
  const shared = (text: string): number =>
    new Set(words(text).filter((word) => own.includes(word))).size
  return (last && last === fieldLast ? 12 : 0) + 3 * shared(object) + 4 * shared(field)
}

function words(text: string): string[] {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word.length > 1)
    .map((word) => word.replace(/s$/, ''))
}

/** Every scalar in the values, and where it is. */
function leavesOf(values: unknown): { path: Path; value: Scalar }[] {
  return valuesIn(values).flatMap(({ path, value }) => {
    const isScalar = ['string', 'number', 'boolean'].includes(typeof value)
    return isScalar ? [{ path, value: value as Scalar }] : []
  })
}
