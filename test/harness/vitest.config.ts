import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { longTests } from './long-tests.ts'

// The harness on charts it has never seen, as a package, as its tutorial says, and its bulk jobs.
export default defineConfig({
  resolve: { tsconfigPaths: true }, // the harness from source, as tsc and tsx find it
  test: {
    root: join(import.meta.dirname, '../..'),
    include: longTests,
    isolate: false,
    pool: 'forks',
    setupFiles: ['test/rules/project.ts', 'test/harness/src/setup.ts'],
    testTimeout: 120_000,
    expect: { requireAssertions: true },
  },
})
