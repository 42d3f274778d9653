import { measuredArms } from './gate.ts'
import type { Coverage } from './measure.ts'

/** A part of a template that some requests execute: the inside of one arm, or of a whole file. */
export interface CoveredPart {
  /** Offsets into the file's source: behind the opening action, and before the closing one. */
  readonly start: number
  readonly end: number
  /** The lines of these offsets, from 1. */
  readonly firstLine: number
  readonly lastLine: number
  /** Indexes into the map's `requests`, rising. */
  readonly requests: readonly number[]
}

/** Which requests execute which part of a chart's templates. */
export interface CoverageMap {
  readonly chartHash: string
  /** The ids of the requests that were measured; a recorder wrote them (`RecordedRequest`). */
  readonly requests: readonly string[]
  /** By file, relative to the chart: its parts, each behind the one that it stands in. */
  readonly files: Readonly<Record<string, readonly CoveredPart[]>>
}

/** The map of a coverage. */
export function coverageMap(coverage: Coverage): CoverageMap {
  const requests = coverage.executions.map(({ id }) => id)
  const places = new Map(requests.map((id, index) => [id, index]))
  const files: Record<string, CoveredPart[]> = Object.fromEntries(
    coverage.templates.map(({ file }) => [file, []]),
  )
  for (const { arm, rendering, failing } of measuredArms(coverage)) {
    if (arm.kind === 'implicit else') continue
    const { start, end, firstLine, lastLine } = arm
    const executing = [...rendering, ...failing].map((id) => places.get(id) ?? -1)
    files[arm.file]?.push({
      ...{ start, end, firstLine, lastLine },
      requests: executing.sort((a, b) => a - b),
    })
  }
  return { chartHash: coverage.chartHash, requests, files }
}

/**
 * The ids of the requests that execute something of this line (from 1). Undefined for a file that
 * holds no templates.
 */
export function requestsAt(
  map: CoverageMap,
  file: string,
  line: number,
): readonly string[] | undefined {
  const parts = map.files[file]
  if (!parts) return undefined
  const around = parts.findLast(({ firstLine, lastLine }) => firstLine < line && line < lastLine)
  const beside = parts.filter(({ firstLine, lastLine }) => firstLine === line || lastLine === line)
  const inside = beside.filter(({ start }) => start >= (around?.start ?? 0))
  return idsOf(
    map,
    new Set([...inside, ...(around ? [around] : [])].flatMap((part) => part.requests)),
  )
}

/** The same for an offset into the file's source: the requests of the innermost part around it. */
export function requestsAtOffset(
  map: CoverageMap,
  file: string,
  offset: number,
): readonly string[] | undefined {
  const parts = map.files[file]
  if (!parts) return undefined
  const innermost = parts.findLast(({ start, end }) => start <= offset && offset < end)
  return idsOf(map, new Set(innermost?.requests ?? []))
}

function idsOf(map: CoverageMap, indexes: ReadonlySet<number>): string[] {
  return map.requests.filter((_, index) => indexes.has(index))
}
