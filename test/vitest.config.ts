import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
// By path: Node loads this file itself and knows no packages in TypeScript.
import { longTests } from './harness/long-tests.ts'
import { annotationsReporter } from './harness/src/reporters/annotations-reporter.ts'
import { ruleTotalsReporter } from './harness/src/reporters/rule-totals-reporter.ts'

const root = join(import.meta.dirname, '..')
// On GitHub: vitest's reporter points at the test, ours at the template and the values file.
const annotations = process.env.GITHUB_ACTIONS ? ['github-actions', annotationsReporter()] : []

/** Tests that start programs last longest: they go first, so that no worker sits idle at the end. */
class ProgramsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const first = sorted.filter(({ moduleId }) => /\/test\/(scripts|harness)\//.test(moduleId))
    return [...first, ...sorted.filter((file) => !first.includes(file))]
  }
}

export default defineConfig({
  resolve: { tsconfigPaths: true }, // the harness from source, as tsc and tsx find it
  test: {
    root,
    include: ['test/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/fixtures/**',
      'test/bench/**',
      ...longTests,
      'test/cluster/**',
      'test/rehearsal/**',
    ],
    // One module store per worker: renders, schemas and parsed documents are shared by its files.
    isolate: false,
    pool: 'forks',
    // Half of the time goes to Helm and other programs: a worker for each core, not one less.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: ProgramsFirst },
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/rules/project.ts', 'test/harness/src/setup.ts'],
    reporters: ['default', ruleTotalsReporter(), ...annotations],
    testTimeout: 30_000,
    expect: { requireAssertions: true },
  },
})
