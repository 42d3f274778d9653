// Import this once per test file, or in a setup file of vitest: `import 'chart-harness/matchers'`.
import { expect } from 'vitest'
import { diagnosisMatchers } from './diagnosis/matchers.ts'
import type { Problem } from './objects/types.ts'
import type { Render } from './render/render.ts'
import { type SafetyOptions, upgradeMatchers } from './upgrade/matchers.ts'

expect.extend({ ...upgradeMatchers, ...diagnosisMatchers })

/** The matchers, as `expect(…)` offers them. */
interface ChartMatchers {
  /** Nothing is refused, deleted, recreated or cut off when a release goes from `previous` to this render. */
  toUpgradeSafelyFrom(previous: Render, options?: SafetyOptions): void
  /** These are all changes: `Kind/name: path`, `+ Kind/name`, `- Kind/name`; `*` matches any text. */
  toChangeOnly(base: Render, changes: readonly string[]): void
  /** The pods of these workloads (`Kind/name`, with `*`) are replaced, and no others. */
  toRestartOnly(base: Render, workloads: readonly string[]): void
  /**
   * The object `Kind/name` has the field (`spec.ports[0].name`), with this value if one is given; the
   * value may be an asymmetric matcher.
   */
  toHaveField(object: string, path: string, ...expected: readonly [value?: unknown]): void
  /** The checks found nothing in this render: `expect(render).toHaveNoProblems(checkNames(render))`. */
  toHaveNoProblems(problems: readonly Problem[]): void
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: merging needs vitest's own type parameter
  interface Matchers<T = any> extends ChartMatchers {}
}
