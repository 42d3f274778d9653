// Changes a render as a defect in a template would, to see that a rule notices.
import { createRender, type Manifest, type Render } from 'chart-harness'

/**
 * One change: the value at `path` of an object, `undefined` to remove it. In a path, `[+]` at the end
 * appends and `[name=tmp]` finds an item by its name.
 */
export interface Mutation {
  readonly object: string
  readonly path: string
  readonly value?: unknown
}

type Node = Record<string, unknown>

/** The render with these changes; throws when a change changes nothing. */
export function mutate(render: Render, mutations: readonly Mutation[]): Render {
  const objects = render.objects.map(thaw)
  for (const mutation of mutations) apply(objects, mutation)
  const { text, command, helm, namespace, release } = render
  const parts = { text, notes: '', command, helm, namespace, release }
  return createRender({ ...parts, objects: objects as never })
}

function stepInto(at: unknown, step: string): unknown {
  if (!step.startsWith('name=')) return (at as Node | undefined)?.[step]
  if (!Array.isArray(at)) return undefined
  return at.find((item: Node) => item.name === step.slice('name='.length))
}

function thaw(object: Manifest): Node {
  const copy: Node = structuredClone({ ...object })
  Object.defineProperty(copy, 'source', { value: object.source, enumerable: false })
  return copy
}

function apply(objects: Node[], { object, path, value }: Mutation): void {
  const target = objects.find(
    ({ kind, metadata }) => `${String(kind)}/${(metadata as Node).name}` === object,
  )
  if (!target) throw new Error(`there is no ${object} to change`)
  const before = JSON.stringify(target)
  const steps = [...path.matchAll(/"([^"]+)"|[^.[\]"]+/g)].map(([word, quoted]) => quoted ?? word)
  const last = steps.pop() ?? ''
  const node = steps.reduce<unknown>(stepInto, target)
  if (typeof node !== 'object' || node === null) throw new Error(`${object} has no ${path}`)
  if (last === '+') (node as unknown as unknown[]).push(value)
  else if (value === undefined) delete (node as Node)[last]
  else (node as Node)[last] = value
  if (JSON.stringify(target) === before) throw new Error(`${object} ${path}: nothing was changed`)
}
