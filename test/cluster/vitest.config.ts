import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const minute = 60_000

// The chart really running, in the cluster of KUBECONFIG: one test at a time, so that the machine's
// load is the test's own, and that a measured outage means something.
export default defineConfig({
  resolve: { tsconfigPaths: true }, // the harness from source, as tsc and tsx find it
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: ['test/cluster/lib/setup.ts'],
    setupFiles: ['test/rules/project.ts'],
    pool: 'forks',
    fileParallelism: false,
    sequence: { concurrent: false, shuffle: false },
    testTimeout: 5 * minute,
    hookTimeout: 10 * minute,
    teardownTimeout: 2 * minute,
    reporters: ['verbose'],
    expect: { requireAssertions: true },
  },
})
