/** One place where two values differ; absent values are undefined. */
export interface Change {
  /** E.g. `spec.template.spec.containers[0].image`; empty for the value itself. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** Every place where the two values differ, in depth. */
export function diffValues(before: unknown, after: unknown, path = ''): Change[] {
  if (Object.is(before, after)) return []
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }]
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) =>
    diffValues(before[key], after[key], join(path, key, Array.isArray(after))),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function join(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`
  const step = /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
  return path === '' ? step : `${path}.${step}`
}
