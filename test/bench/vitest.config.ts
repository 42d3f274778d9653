// What `npm run bench` times beside helm-unittest: vitest's start, the renders and the assertions.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { tsconfigPaths: true }, // the harness from source, as tsc and tsx find it
  test: {
    root: join(import.meta.dirname, '../..'),
    include: ['test/bench/*.test.ts'],
    isolate: false,
    pool: 'threads',
    maxWorkers: availableParallelism(),
    setupFiles: ['test/rules/project.ts'],
    reporters: ['dot'],
    expect: { requireAssertions: true },
  },
})
