import { isRecord } from './manifests.ts'
import { kept } from './once.ts'

/** One step from a value into its depth: a key, or the number of an item. */
export type Step = string | number

/** A place in given values. */
export type Path = readonly Step[]

/** Prints a path: `sidekiq.workers[0].name`. A key that is not a word is quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>(appendStep, '')
}

/** Adds a step to a printed path. */
export function appendStep(path: string, step: Step): string {
  if (typeof step === 'number') return `${path}[${step}]`
  const key = /^[\w/-]+$/.test(step) ? step : JSON.stringify(step)
  return path === '' ? key : `${path}.${key}`
}

/** Reads a JSON pointer such as `/workers/0/name`. */
export function parsePointer(pointer: string): Path {
  const parts = pointer.split('/').slice(1)
  return parts.map((part) =>
    /^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~'),
  )
}

/** Every value inside a value, itself first, each with its place; what is in a value comes after it. */
export function valuesIn(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  const found = [{ path, value }]
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) found.push(...valuesIn(item, [...path, index]))
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) found.push(...valuesIn(item, [...path, key]))
  }
  return found
}

/** The value at the path, undefined when there is none. */
export function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)]
    return isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined
  }, values)
}

/**
 * The values with another value at the path. Helm replaces lists as a whole, so a list that only the
 * `defaults` have is copied from there before an item changes.
 */
export function withValueAt(
  values: unknown,
  path: Path,
  value: unknown,
  defaults?: unknown,
): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  const below = defaults === undefined ? undefined : valueAt(defaults, [step])
  if (typeof step === 'number') {
    const list = Array.isArray(values) ? values : Array.isArray(defaults) ? defaults : []
    const changed = withValueAt(list[step], rest, value, below)
    return list.length <= step ? [...list, changed] : list.with(step, changed)
  }
  const map = isRecord(values) ? values : {}
  return { ...map, [step]: withValueAt(map[step], rest, value, below) }
}

/** The values without the key or item at the path. */
export function withoutValueAt(values: unknown, path: Path): unknown {
  const [step, ...rest] = path
  if (step === undefined) return undefined
  if (Array.isArray(values)) {
    if (rest.length === 0) return values.filter((_, index) => index !== step)
    return values.map((item, index) => (index === step ? withoutValueAt(item, rest) : item))
  }
  if (!isRecord(values) || !Object.hasOwn(values, step)) return values
  const { [String(step)]: inner, ...others } = values
  return rest.length === 0 ? others : { ...values, [step]: withoutValueAt(inner, rest) }
}

/** A place in an object, e.g. `spec.rules[0].backend`, and what is there. */
export interface FoundValue {
  readonly path: string
  readonly value: unknown
}

type Steps = readonly (readonly string[])[]
const stepsOf = new Map<string, Steps>()

/**
 * Every place in the object that the pattern names, e.g. `spec.rules.*.http.paths.*.backend`: `*` is every item of a
 * list, `a|b` is either key. What is null or absent is left out.
 */
export function findAll(object: unknown, pattern: string): FoundValue[] {
  const steps = kept(stepsOf, pattern, () =>
    pattern === '' ? [] : pattern.split('.').map((step) => step.split('|')),
  )
  const found: FoundValue[] = []
  walk(object, steps, 0, '', found)
  return found
}

function walk(
  value: unknown,
  steps: Steps,
  depth: number,
  path: string,
  found: FoundValue[],
): void {
  if (value === undefined || value === null) return
  const keys = steps[depth]
  if (!keys) {
    found.push({ path: path.slice(1), value })
  } else if (Array.isArray(value)) {
    if (keys[0] === '*')
      value.forEach((item, index) => {
        walk(item, steps, depth + 1, `${path}[${index}]`, found)
      })
  } else if (typeof value === 'object') {
    for (const key of keys)
      walk((value as Record<string, unknown>)[key], steps, depth + 1, `${path}.${key}`, found)
  }
}

/** Where a path such as `spec.ports[0].name` leads in a value. */
export interface Field {
  /** The keys and items on the way, as far as there are any. */
  readonly steps: Path
  /** Whether the path was walked to its end. */
  readonly isThere: boolean
  /** What is at the end of the steps. */
  readonly value: unknown
}

/**
 * Walks the path as far as it goes. A key may hold dots (`labels.app.kubernetes.io/name`): the longest
 * key that fits is taken; it may also be quoted or in brackets.
 */
export function findField(root: unknown, path: string): Field {
  let field: Field = { steps: [], isThere: path === '', value: root }
  let rest = path
  while (rest !== '') {
    const [step, length] = nextStep(field.value, rest)
    if (step === undefined) return field
    rest = rest.slice(length).replace(/^\./, '')
    const value: unknown = (field.value as Record<Step, unknown>)[step]
    field = { steps: [...field.steps, step], isThere: rest === '', value }
  }
  return field
}

type NextStep = readonly [step: Step, length: number] | readonly []

function nextStep(value: unknown, rest: string): NextStep {
  if (Array.isArray(value)) {
    const match = /^\[?(\d+)\]?/.exec(rest)
    const step = Number(match?.[1] ?? -1)
    return match && step in value ? [step, match[0].length] : []
  }
  if (!isRecord(value)) return []
  const fitting = Object.keys(value)
    .map((key) => [key, lengthOfKey(key, rest)] as const)
    .filter(([, length]) => length > 0)
  return fitting.sort(([, a], [, b]) => b - a)[0] ?? []
}

/** How much of `rest` names this key: plain, quoted, or in brackets; 0 for nothing. */
function lengthOfKey(key: string, rest: string): number {
  const quoted = JSON.stringify(key)
  const names = [`[${quoted}]`, quoted, key].filter((name) => name !== '' && rest.startsWith(name))
  const name = names.find((candidate) => /^(?:$|[.[])/.test(rest.slice(candidate.length)))
  return name?.length ?? 0
}
