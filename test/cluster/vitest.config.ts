import { defineSuite } from '../suite.ts'

const minute = 60_000

// The chart really running, in the cluster of KUBECONFIG: one test at a time, so that the machine's
// load is the test's own, and that a measured outage means something.
export default defineSuite(['test/cluster/**/*.test.ts'], {
  globalSetup: ['test/cluster/lib/setup.ts'],
  setupFiles: ['test/rules/project.ts'],
  isolate: true,
  fileParallelism: false,
  sequence: { concurrent: false, shuffle: false },
  testTimeout: 5 * minute,
  hookTimeout: 10 * minute,
  teardownTimeout: 2 * minute,
  reporters: ['verbose'],
})
