// The chart regression: `npm test`.
import { availableParallelism } from 'node:os'
// By path: Node loads this file itself and knows no packages in TypeScript.
import { annotationsReporter } from './harness/src/reporters/annotations-reporter.ts'
import { ruleTotalsReporter } from './harness/src/reporters/rule-totals-reporter.ts'
import { defineSuite } from './suite.ts'

// On GitHub: vitest's reporter points at the test, ours at the template and the values file.
const annotations = process.env.GITHUB_ACTIONS ? ['github-actions', annotationsReporter()] : []

export default defineSuite(['test/{chart,files,fuzz,rules}/**/*.test.ts'], {
  // Half of the time goes to Helm and other programs: a worker for each core, not one less.
  maxWorkers: availableParallelism(),
  globalSetup: ['test/global-setup.ts'],
  reporters: ['default', ruleTotalsReporter(), ...annotations],
})
