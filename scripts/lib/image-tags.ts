// Tags of images: which is newer, and what a pinned one is behind of.

/** A tag that names an exact release: `v4.7.3`, `17.11-bookworm`. */
interface Release {
  readonly tag: string
  readonly numbers: readonly number[]
  /** What all releases of its kind have in common: prefix, suffix, how many numbers. */
  readonly form: string
}

function readRelease(tag: string): Release | undefined {
  const [, prefix, version = '', suffix = ''] = /^(v?)(\d+(?:\.\d+)+)(-.*)?$/.exec(tag) ?? []
  if (version === '') return undefined
  const numbers = version.split('.').map(Number)
  return { tag, numbers, form: `${prefix} ${numbers.length} ${suffix}` }
}

function compare(a: Release, b: Release): number {
  const index = a.numbers.findIndex((number, at) => number !== b.numbers[at])
  return index < 0 ? 0 : (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0)
}

/** Everything but the last number: 17 of PostgreSQL 17.11, 8.1 of Valkey 8.1.10. */
function lineOf({ numbers }: Release): string {
  return numbers.slice(0, -1).join('.')
}

/** The releases of the pinned tag's form, newest first; none if the tag is not that of a release. */
function releasesLike(pinned: string, tags: readonly string[]): Release[] {
  const own = readRelease(pinned)
  const all = tags.flatMap((tag) => readRelease(tag) ?? [])
  return all.filter(({ form }) => form === own?.form).sort((a, b) => compare(b, a))
}

/** The tags that are worth keeping: of the pinned tag's form, from its line on, newest first. */
export function tagsFrom(pinned: string, tags: readonly string[]): string[] {
  const releases = releasesLike(pinned, tags)
  const own = readRelease(pinned)
  const first = own && { ...own, numbers: own.numbers.with(-1, 0) }
  return releases.filter((one) => first && compare(one, first) >= 0).map(({ tag }) => tag)
}

/** What the tags say about the pinned one; `isCurrent` if none of its line is newer. */
export function judgeTag(
  pinned: string,
  tags: readonly string[],
): { readonly isCurrent: boolean; readonly verdict: string } {
  const own = readRelease(pinned)
  const releases = releasesLike(pinned, tags)
  const line = own ? lineOf(own) : ''
  const [last] = releases
  const newest = releases.find((one) => lineOf(one) === line)
  if (!own || !newest) return { isCurrent: false, verdict: 'is of a line that is not known' }
  const more = last === newest ? '' : `; ${last?.tag} is of a newer line`
  if (compare(own, newest) > 0)
    return {
      isCurrent: true,
      verdict: `is newer than ${newest.tag}, the newest of ${line} that is known${more}`,
    }
  if (newest.tag === pinned) return { isCurrent: true, verdict: `is the newest of ${line}${more}` }
  return { isCurrent: false, verdict: `is behind ${newest.tag}, the newest of ${line}${more}` }
}
