import { identity } from '../objects/manifests.ts'
import { appendStep } from '../objects/paths.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import type { Upgrade } from './finding.ts'

/** One place where two values differ; absent values are undefined. */
export interface Change {
  /** E.g. `spec.template.spec.containers[0].image`; empty for the value itself. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** Every place where the two values differ, in depth; the paths begin with `path`. */
export function diffValues(before: unknown, after: unknown, path = ''): Change[] {
  if (Object.is(before, after)) return []
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }]
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) =>
    diffValues(before[key], after[key], appendStep(path, Array.isArray(after) ? Number(key) : key)),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Finds each object again: the same group, kind, namespace and name. */
export function matchObjects(before: Render, after: Render, minor = 0): Upgrade {
  const [old, fresh] = [indexOf(before), indexOf(after)]
  return {
    ...{ before, after, minor },
    added: [...fresh].filter(([key]) => !old.has(key)).map(([, object]) => object),
    removed: [...old].filter(([key]) => !fresh.has(key)).map(([, object]) => object),
    pairs: [...fresh].flatMap(([key, now]) => {
      const was = old.get(key)
      return was ? [{ was, now }] : []
    }),
  }
}

function indexOf(render: Render): Map<string, Manifest> {
  return new Map(render.objects.map((object) => [identity(object, render.namespace), object]))
}
