import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// The harness in foreign hands: on charts it has never seen, as a package, and as its tutorial says.
// These tests start a few hundred programs, so they have a command of their own: npm run test:harness.
export default defineConfig({
  resolve: { tsconfigPaths: true }, // the harness from source, as tsc and tsx find it
  test: {
    root: join(import.meta.dirname, '../..'),
    include: ['test/harness/test/{foreign-charts,package,tutorial}.test.ts'],
    isolate: false,
    pool: 'forks',
    setupFiles: ['scripts/lib/tools.ts', 'test/harness/src/setup.ts'],
    testTimeout: 120_000,
    expect: { requireAssertions: true },
  },
})
