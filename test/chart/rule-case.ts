import type { Values } from './render.ts'

/** A rule across keys: values that break it, the exact lines then, values that keep it. */
export interface RuleCase {
  readonly rule: string
  readonly broken: Values
  readonly lines: readonly string[]
  readonly met: Values
  /** More values that keep it, which look as if they did not. */
  readonly alsoMet?: readonly Values[]
}
