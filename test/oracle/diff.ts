// Compares two masked objects.
import { isRecord } from 'chart-harness'

/** One place where the old and the new object differ. */
export interface Difference {
  readonly kind: string
  readonly component: string
  /** Items of lists are named where they have names: `spec.containers[web].env[PORT]`. */
  readonly path: string
  /** `order`: the same items in another order, where order means nothing. */
  readonly type: 'added' | 'removed' | 'changed' | 'order'
  readonly before?: unknown
  readonly after?: unknown
}

type Found = Omit<Difference, 'kind' | 'component'>

/** All differences of two objects; undefined stands for an object that is not there. */
export function diffObjects(before: string | undefined, after: string | undefined): Difference[] {
  const [old, fresh] = [parse(before), parse(after)]
  const { kind = '', metadata } = old ?? fresh ?? {}
  const labels = isRecord(metadata) && isRecord(metadata.labels) ? metadata.labels : {}
  const component = String(labels['app.kubernetes.io/component'] ?? '-')
  const found: Found[] =
    old && fresh
      ? diff(old, fresh, '')
      : [{ path: '(the object)', ...(old ? { type: 'removed' } : { type: 'added' }) }]
  return found.map((one) => ({ kind: String(kind), component, ...one }))
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>)
}

function diff(before: unknown, after: unknown, path: string): Found[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (before === undefined) return [{ path, type: 'added', after }]
  if (after === undefined) return [{ path, type: 'removed', before }]
  if (isRecord(before) && isRecord(after)) {
    return keysOf(before, after).flatMap((key) => diff(before[key], after[key], join(path, key)))
  }
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path)
  return [{ path, type: 'changed', before, after }]
}

function diffLists(before: unknown[], after: unknown[], path: string): Found[] {
  const [old, fresh] = [byName(before), byName(after)]
  if (!old || !fresh) return diffPlainLists(before, after, path)
  const names = keysOf(old, fresh)
  const found = names.flatMap((name) => diff(old[name], fresh[name], `${path}[${name}]`))
  const [oldOrder, freshOrder] = [old, fresh].map((items) =>
    Object.keys(items).filter((name) => name in old && name in fresh),
  )
  if (JSON.stringify(oldOrder) === JSON.stringify(freshOrder)) return found
  const type = isSet(path, [...before, ...after]) ? 'order' : 'changed'
  return [...found, { path: `${path} (order)`, type, before: oldOrder, after: freshOrder }]
}

function diffPlainLists(before: unknown[], after: unknown[], path: string): Found[] {
  const length = Math.max(before.length, after.length)
  return Array.from({ length }).flatMap((_, index) =>
    diff(before[index], after[index], `${path}[${index}]`),
  )
}

/** Variables may refer to earlier ones, so the order of those counts. */
function isSet(path: string, items: readonly unknown[]): boolean {
  if (/\.(volumes|volumeMounts)$/.test(path)) return true
  return /\.env$/.test(path) && !items.some((item) => JSON.stringify(item).includes('$('))
}

/** The items by what names them; undefined when two have the same name, or one has none. */
function byName(items: readonly unknown[]): Record<string, unknown> | undefined {
  const named = items.map((item) => {
    if (!isRecord(item)) return undefined
    const name = item.mountPath ?? item.name
    return typeof name === 'string' && !/^\d+$/.test(name) ? ([name, item] as const) : undefined
  })
  const entries = named.filter((entry) => entry !== undefined)
  const names = new Set(entries.map(([name]) => name))
  return names.size === items.length ? Object.fromEntries(entries) : undefined
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
}

function join(path: string, key: string): string {
  const step = /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
  return path === '' ? step : `${path}.${step}`
}
