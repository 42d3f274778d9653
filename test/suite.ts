// What the suites of vitest have in common.
import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

type SuiteOptions = NonNullable<ViteUserConfig['test']>

/** A suite of this repository: its files, and what differs from the others. */
export function defineSuite(
  include: readonly string[],
  options: SuiteOptions = {},
): ViteUserConfig {
  return defineConfig({
    resolve: { tsconfigPaths: true }, // the harness from source, as tsc and tsx find it
    test: {
      root: join(import.meta.dirname, '..'),
      include: [...include],
      exclude: ['**/node_modules/**', '**/fixtures/**'],
      // One module store per worker: renders, schemas and parsed documents are shared by its files.
      isolate: false,
      pool: 'forks',
      setupFiles: ['test/rules/project.ts', 'test/harness/src/setup.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { requireAssertions: true },
      ...options,
    },
  })
}
