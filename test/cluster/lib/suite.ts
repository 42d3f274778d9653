import type { ViteUserConfig } from 'vitest/config'
import { defineSuite } from '../../suite.ts'

const minute = 60_000

/**
 * A suite in the cluster of KUBECONFIG: one test at a time, so that the machine's load is the test's own, and
 * that a measured outage means something.
 */
export function defineClusterSuite(include: string): ViteUserConfig {
  return defineSuite([include], {
    globalSetup: ['test/cluster/lib/setup.ts'],
    setupFiles: ['test/rules/project.ts', 'test/cluster/lib/failures.ts'],
    isolate: true,
    fileParallelism: false,
    sequence: { concurrent: false, shuffle: false },
    testTimeout: 5 * minute,
    hookTimeout: 10 * minute,
    teardownTimeout: 2 * minute,
    reporters: ['verbose'],
  })
}
