// How two objects differ, for people: the items of a list are found again as Kubernetes does, not by their position.
import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '../objects/manifests.ts'
import { appendStep } from '../objects/paths.ts'
import { type Change, diffValues } from './finding.ts'

/** The fields by which the items of a list are found again; `a|b` is the first that there is, `a=b` has a default. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  env: ['name'],
  ephemeralContainers: ['name'],
  hostAliases: ['ip'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  ports: ['containerPort|port', 'protocol=TCP'],
  secrets: ['name'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  volumeDevices: ['devicePath'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
  // To Kubernetes these are one value; for people their items have names, too.
  paths: ['path', 'pathType'],
  rules: ['host'],
  subjects: ['kind', 'name'],
}

/** Lists whose order has a meaning; that of `env` has one if a variable refers to another. */
const ordered: ReadonlySet<string> = new Set(['args', 'command', 'envFrom', 'initContainers'])

type List = readonly unknown[]

/** A change, or only another order of items, whose meaning is not known. */
type Difference = Change & { readonly isOrder?: true }

/**
 * Every field that differs. An item is named by its key: `env[DB_HOST].value`. Another order is a change,
 * `env (order)`, if it has a meaning; elsewhere only if the objects differ in nothing else.
 */
export function diffObjects(before: unknown, after: unknown): Change[] {
  const all = [...walk(before, after, '')]
  const changes = all.filter(({ isOrder }) => !isOrder)
  const shown = changes.length > 0 ? changes : all
  return shown.map(({ isOrder: _, ...change }) => change)
}

function* walk(before: unknown, after: unknown, path: string): Iterable<Difference> {
  if (Array.isArray(before) && Array.isArray(after)) return yield* walkList(before, after, path)
  if (!isRecord(before) || !isRecord(after)) return yield* diffValues(before, after, path)
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    yield* walk(before[key], after[key], appendStep(path, key))
}

function* walkList(before: List, after: List, path: string): Iterable<Difference> {
  const name = /[^.]*$/.exec(path)?.[0] ?? ''
  const pairs = pairByKey(before, after, mergeKeys[name]) ?? pairByValue(before, after)
  for (const { label, was, now } of pairs)
    yield* walk(at(before, was), at(after, now), `${path}[${label}]`)
  const found = pairs.filter(({ was, now }) => was !== undefined && now !== undefined)
  const old = found.toSorted((a, b) => Number(a.was) - Number(b.was))
  if (isDeepStrictEqual(old, found)) return
  const nameIn = ({ label, now }: ItemPair): unknown =>
    typeof label === 'string' ? label : at(after, now)
  const change = { path: `${path} (order)`, before: old.map(nameIn), after: found.map(nameIn) }
  const isMeant = ordered.has(name) || (name === 'env' && JSON.stringify(after).includes('$('))
  yield isMeant ? change : { ...change, isOrder: true }
}

function at(list: List, index: number | undefined): unknown {
  return index === undefined ? undefined : list[index]
}

/** An item before and after: what it is called, and its place in each list. */
interface ItemPair {
  readonly label: string | number
  readonly was?: number | undefined
  readonly now?: number | undefined
}

/** Pairs the items that have the same key; undefined if not every item has one of its own. */
function pairByKey(
  before: List,
  after: List,
  fields: readonly string[] = [],
): ItemPair[] | undefined {
  const [old = [], fresh = []] = [before, after].map((list) =>
    list.map((item) => keyOf(item, fields)),
  )
  const isUnique = (keys: readonly string[]): boolean =>
    !keys.includes('') && new Set(keys).size === keys.length
  if (!isUnique(old) || !isUnique(fresh)) return undefined
  const place = (keys: readonly string[], label: string): number | undefined =>
    keys.includes(label) ? keys.indexOf(label) : undefined
  const labels = [...fresh, ...old.filter((label) => !fresh.includes(label))]
  return labels.map((label) => ({ label, was: place(old, label), now: place(fresh, label) }))
}

function keyOf(item: unknown, fields: readonly string[]): string {
  if (!isRecord(item)) return ''
  const values = fields.map((field) => {
    const [names = '', preset] = field.split('=')
    const name = names.split('|').find((one) => item[one] !== undefined)
    return name === undefined ? preset : String(item[name])
  })
  // What identifies an item comes first.
  return values[0] === undefined ? '' : values.filter(Boolean).join('/')
}

/** Pairs the items that are equal, and then what is left between the same two of them, in its order. */
function pairByValue(before: List, after: List): ItemPair[] {
  const free = new Set(before.keys())
  const take = (fits: (index: number) => boolean): number | undefined => {
    const index = [...free].find(fits)
    if (index !== undefined) free.delete(index)
    return index
  }
  const equal = after.map((item) => take((index) => isDeepStrictEqual(before[index], item)))
  const isFound = (was: number | undefined): was is number => was !== undefined
  const pairs = equal.map((was, now) => {
    const last = equal.slice(0, now).findLast(isFound) ?? -1
    const next = equal.slice(now).find(isFound) ?? before.length
    return { label: now, was: was ?? take((index) => last < index && index < next), now }
  })
  return [...pairs, ...[...free].map((was) => ({ label: was, was }))]
}
