// The scripts, run as a user runs them: `npm run test:scripts`.
import { availableParallelism } from 'node:os'
import { defineSuite } from '../suite.ts'

export default defineSuite(['test/scripts/**/*.test.ts'], {
  maxWorkers: availableParallelism(),
  globalSetup: ['test/global-setup.ts'],
  testTimeout: 120_000,
})
