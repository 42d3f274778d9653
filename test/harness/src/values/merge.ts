// Merges values as Helm does: file over file, then the result over the chart's defaults.
import { isRecord } from '../objects/manifests.ts'

type Values = Readonly<Record<string, unknown>>

/** Values after a merge, and what Helm drops with no more than a warning. */
export interface MergedValues {
  readonly values: Record<string, unknown>
  readonly warnings: readonly string[]
}

/** Later files win; maps merge, everything else replaces. */
export function mergeFiles(files: readonly Values[]): Record<string, unknown> {
  return files.reduce<Record<string, unknown>>((merged, file) => mergeMaps(merged, file), {})
}

function mergeMaps(below: Values, above: Values): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...below }
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key]
    merged[key] = isRecord(value) && isRecord(old) ? mergeMaps(old, value) : value
  }
  return merged
}

/**
 * Puts the user's values over the chart's defaults. A null removes a default; where there is none, it
 * stays. A default of null stays with Helm 3 and is dropped by Helm 4.
 */
export function mergeDefaults(defaults: Values, user: Values, helm: 3 | 4 = 4): MergedValues {
  const warnings: string[] = []
  return { values: mergeTable(user, defaults, helm, warnings), warnings }
}

/** The user's values over the chart's defaults, as the templates of Helm 4 see them. */
export function mergeValues(defaults: object, user: unknown): Record<string, unknown> {
  return mergeDefaults(defaults as Values, isRecord(user) ? user : {}).values
}

function mergeTable(
  user: Values,
  defaults: Values,
  helm: 3 | 4,
  warnings: string[],
  above: readonly string[] = [],
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...user }
  for (const [key, fallback] of Object.entries(defaults)) {
    const value = user[key]
    const path = [...above, key]
    const isNothing = fallback === null && helm === 4
    if (isRecord(fallback) && (value === undefined || isRecord(value))) {
      merged[key] = mergeTable(value ?? {}, fallback, helm, warnings, path)
    } else if (value === undefined) {
      if (!isNothing) merged[key] = fallback
    } else if (value === null) {
      if (!isNothing || path.length === 1) delete merged[key]
    } else if (isRecord(value) !== isRecord(fallback) && fallback !== null) {
      const what = 'a map and another kind of value meet here, so the defaults of this key are lost'
      warnings.push(`${path.join('.')}: ${what}.`)
    }
  }
  return merged
}
