// What `npm run bench` times beside helm-unittest: vitest's start, the renders and the assertions.
import { availableParallelism } from 'node:os'
import { defineSuite } from '../suite.ts'

export default defineSuite(['test/bench/*.test.ts'], {
  pool: 'threads',
  maxWorkers: availableParallelism(),
  setupFiles: ['test/rules/project.ts'],
  reporters: ['dot'],
})
