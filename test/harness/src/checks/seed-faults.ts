// Changes a render as a defect in a template would, to see that a check notices.
import { objectOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import { createRender, type Render } from '../render/render.ts'

/**
 * One change: the value at `path` of an object, or `undefined` to remove it. In a path, `[+]` at the end
 * appends and `[name=tmp]` finds an item by its name.
 */
export interface SeededFault {
  /** `Kind/name`. */
  readonly object: string
  readonly path: string
  readonly value?: unknown
}

type Node = Record<string, unknown>

/** The render with these faults; throws when one of them changes nothing. */
export function seedFaults(render: Render, faults: readonly SeededFault[]): Render {
  const objects = render.objects.map(thaw)
  for (const fault of faults) seed(objects, fault)
  const { text, command, helm, namespace, release } = render
  return createRender({ text, notes: '', command, helm, namespace, release, objects })
}

function thaw(object: Manifest): Manifest {
  const copy = structuredClone({ ...object })
  return Object.defineProperty(copy, 'source', { value: object.source, enumerable: false })
}

function seed(objects: readonly Manifest[], { object, path, value }: SeededFault): void {
  const target = objectOf(objects, object)
  if (!target) throw new Error(`there is no ${object} to change`)
  const before = JSON.stringify(target)
  const steps = [...path.matchAll(/"([^"]+)"|[^.[\]"]+/g)].map(([word, quoted]) => quoted ?? word)
  const last = steps.pop() ?? ''
  const node = steps.reduce<unknown>(stepInto, target)
  if (typeof node !== 'object' || node === null) throw new Error(`${object} has no ${path}`)
  if (last === '+') (node as unknown[]).push(value)
  else if (value === undefined) delete (node as Node)[last]
  else (node as Node)[last] = value
  if (JSON.stringify(target) === before) throw new Error(`${object} ${path}: nothing was changed`)
}

function stepInto(at: unknown, step: string): unknown {
  if (!step.startsWith('name=')) return (at as Node | undefined)?.[step]
  if (!Array.isArray(at)) return undefined
  return at.find((item: Node) => item.name === step.slice('name='.length))
}
