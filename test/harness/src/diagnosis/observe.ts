import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { findField } from './lines/field-path.ts'

/** What a failure is about: a field of an object, an object, or all objects of a kind. */
export interface Subject {
  /** `Kind/name`, or a kind alone. */
  readonly object: string
  readonly path?: string
}

/** What the render shows of the subject, as a text to compare; undefined when that says nothing. */
export function observe(render: Render, { object, path }: Subject): string | undefined {
  if (!object.includes('/')) {
    return String(render.objects.filter(({ kind }) => kind === object).length)
  }
  const found = objectOf(render, object)
  if (path === undefined) return String(found !== undefined)
  // An object that is gone or has another name tells nothing of its fields.
  return found && JSON.stringify(fieldValue(found, path) ?? null)
}

/** The object; the first one when several namespaces have one. */
export function objectOf(render: Render, object: string): Manifest | undefined {
  return render.objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === object)
}

/** What stands at the path, undefined when nothing does. */
export function fieldValue(object: Manifest | undefined, path: string): unknown {
  const { isThere, value } = findField(object, path)
  return isThere ? value : undefined
}
