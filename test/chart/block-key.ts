import type { ComponentView } from './views.ts'

/** One key of the block. */
export interface BlockKey {
  readonly key: string
  /** A value for the component with this mark and this number. */
  value(mark: string, n: number): unknown
  /** What the render made of it, in the form of `value`. */
  found(view: ComponentView, mark: string): unknown
}

/** Those of a list that have the name. */
export function named<T extends { name?: string }>(
  list: readonly T[] | undefined,
  name: string,
): T[] | undefined {
  return list?.filter((item) => item.name === name)
}
