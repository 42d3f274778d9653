import { defineClusterSuite } from './lib/suite.ts'

// The chart really running.
export default defineClusterSuite('test/cluster/*.test.ts')
