// Merges values as Helm does: file over file, then the result over the chart's defaults.
import { isRecord } from 'chart-harness'

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

/** Puts the user's values over the chart's defaults; null removes a default. */
export function mergeDefaults(defaults: Values, user: Values): MergedValues {
  const warnings: string[] = []
  const values: Record<string, unknown> = structuredClone(user)
  for (const [key, fallback] of Object.entries(structuredClone(defaults))) {
    if (!(key in values)) values[key] = fallback
    else if (values[key] === null) delete values[key]
    else if (isRecord(values[key]) && isRecord(fallback))
      values[key] = mergeTable(values[key], fallback, key, warnings)
    else if (isRecord(values[key]) && fallback !== null) warnings.push(notATable(key))
  }
  return { values, warnings }
}

function mergeTable(
  user: Record<string, unknown>,
  defaults: Values,
  path: string,
  warnings: string[],
): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(user)) if (value !== null) merged[key] = value
  for (const [key, fallback] of Object.entries(defaults)) {
    const value = merged[key]
    if (!(key in user)) merged[key] = fallback
    else if (value === undefined) continue
    else if (isRecord(fallback) && isRecord(value))
      merged[key] = mergeTable(value, fallback, `${path}.${key}`, warnings)
    else if (isRecord(fallback) !== isRecord(value) && fallback !== null)
      warnings.push(notATable(`${path}.${key}`))
  }
  return merged
}

function notATable(path: string): string {
  return `${path}: Helm warns that a map and another kind of value meet here; the defaults of this key are lost.`
}
