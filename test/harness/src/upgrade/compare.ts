import { hookOf, identity, nameOf } from '../manifests.ts'
import { podOf } from '../pods.ts'
import { bytes } from '../quantity.ts'
import type { Render } from '../render.ts'
import type { Manifest } from '../types.ts'
import { immutableFields } from './immutable-fields.ts'
import { type Change, diffValues } from './value-diff.ts'

/** One object that both renders have, with what differs. */
export interface ChangedObject {
  readonly object: string
  readonly changes: readonly Change[]
}

/** What going from one render to the other does. */
export interface RenderDiff {
  /** `Kind/name` of objects that only the second has. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly ChangedObject[]
  /** Workloads whose running pods are replaced. */
  readonly restarts: readonly string[]
  /** Changes that Kubernetes refuses. */
  readonly refused: readonly RefusedChange[]
}

/** A change to a field that cannot be changed. */
export interface RefusedChange {
  readonly object: string
  readonly path: string
  readonly message: string
}

const restarting: ReadonlySet<string> = new Set(['DaemonSet', 'Deployment', 'StatefulSet'])

/** Compares two renders object by object, whatever their order. */
export function diffRenders(before: Render, after: Render): RenderDiff {
  const old = indexOf(before)
  const fresh = indexOf(after)
  const pairs = [...fresh].flatMap(([key, object]) => {
    const was = old.get(key)
    return was ? [{ was, object, changes: diffValues(was, object) }] : []
  })
  const changed = pairs.filter(({ changes }) => changes.length > 0)
  return {
    added: [...fresh].filter(([key]) => !old.has(key)).map(([, object]) => nameOf(object)),
    removed: [...old].filter(([key]) => !fresh.has(key)).map(([, object]) => nameOf(object)),
    changed: changed.map(({ object, changes }) => ({ object: nameOf(object), changes })),
    restarts: changed
      .filter(({ was, object }) => isRestart(was, object))
      .map(({ object }) => nameOf(object)),
    refused: changed.flatMap(({ was, object }) => refusedChanges(was, object)),
  }
}

function indexOf(render: Render): Map<string, Manifest> {
  return new Map(render.objects.map((object) => [identity(object, render.namespace), object]))
}

function isRestart(was: Manifest, object: Manifest): boolean {
  if (!restarting.has(object.kind)) return false
  const [before, after] = [podOf(was), podOf(object)]
  return diffValues([before?.spec, before?.metadata], [after?.spec, after?.metadata]).length > 0
}

function refusedChanges(was: Manifest, object: Manifest): RefusedChange[] {
  const recreated = hookOf(object)?.deletePolicies.includes('before-hook-creation') ?? false
  if (recreated) return []
  const fixed = immutableFields(object).flatMap(({ path, preset }) =>
    diffValues(at(was, path) ?? preset, at(object, path) ?? preset, path)
      .slice(0, 1)
      .map((change) => ({
        object: nameOf(object),
        path: change.path,
        message: `cannot be changed after creation (${show(change.before)} → ${show(change.after)})`,
      })),
  )
  return [...fixed, ...shrunk(was, object)]
}

function shrunk(was: Manifest, object: Manifest): RefusedChange[] {
  const path = 'spec.resources.requests.storage'
  const [before, after] = [at(was, path), at(object, path)]
  if (object.kind !== 'PersistentVolumeClaim' || bytes(after) >= bytes(before)) return []
  return [
    { object: nameOf(object), path, message: `cannot shrink (${show(before)} → ${show(after)})` },
  ]
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, step) => {
    return typeof node === 'object' && node !== null
      ? (node as Record<string, unknown>)[step]
      : undefined
  }, value)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
