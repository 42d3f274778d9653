/** A place in an object, e.g. `spec.rules[0].backend`, and what is there. */
export interface Place {
  readonly path: string
  readonly value: unknown
}

type Steps = readonly (readonly string[])[]
const stepsOf = new Map<string, Steps>()

/**
 * Every place in the object that the pattern names, e.g. `spec.rules.*.http.paths.*.backend`: `*` is every item of a
 * list, `a|b` is either key. What is null or absent is left out.
 */
export function findAll(object: unknown, pattern: string): Place[] {
  const steps =
    stepsOf.get(pattern) ??
    (pattern === '' ? [] : pattern.split('.').map((step) => step.split('|')))
  stepsOf.set(pattern, steps)
  const found: Place[] = []
  walk(object, steps, 0, '', found)
  return found
}

function walk(value: unknown, steps: Steps, depth: number, path: string, found: Place[]): void {
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
