import { defineClusterSuite } from '../lib/suite.ts'

// What takes too long for every change.
export default defineClusterSuite('test/cluster/full/*.test.ts')
