import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
// By path: Node loads this file itself and knows no packages in TypeScript.
import { ruleTotalsReporter } from './harness/src/rule-totals-reporter.ts'

const root = join(import.meta.dirname, '..')

export default defineConfig({
  resolve: { tsconfigPaths: true }, // the harness from source, as tsc and tsx find it
  test: {
    root,
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', 'test/cluster/**', 'test/rehearsal/**'],
    // One module store per worker: renders, schemas and parsed documents are shared by its files.
    isolate: false,
    pool: 'forks',
    // Half of the time goes to Helm and other programs: a worker for each core, not one less.
    maxWorkers: availableParallelism(),
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['scripts/lib/tools.ts', 'test/harness/src/vitest/record-setup.ts'],
    reporters: ['default', ruleTotalsReporter()],
    testTimeout: 30_000,
    expect: { requireAssertions: true },
  },
})
