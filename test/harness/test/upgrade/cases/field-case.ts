import type { Base } from './bases.ts'

/** A change to one object. */
export interface FieldCase {
  readonly base: Base
  /** Text of the base, and what stands there after the change. */
  readonly from: string
  readonly to: string
  /** Where Kubernetes refuses it; absent when it does not. */
  readonly refused?: string
  /** The first minor of Kubernetes 1 that takes it. */
  readonly since?: number
  /** The Helm that is refused; the other one is not. */
  readonly helm?: 4
}

/** A change that is refused, and where. */
export const refuses = (base: Base, refused: string, from: string, to: string): FieldCase => ({
  base,
  from,
  to,
  refused,
})
/** A change that is taken. */
export const takes = (base: Base, from: string, to: string): FieldCase => ({ base, from, to })
