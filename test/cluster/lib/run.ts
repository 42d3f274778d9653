// One run of the suite: setup.ts creates a folder for it, and the test files find it by the environment variable.
import { basename, join } from 'node:path'

/** The environment variable that names the folder of this run. */
export const runVariable = 'CLUSTER_TEST_RUN'

/** The label of all namespaces of a run. Its value is `runName()`. */
export const runLabel = 'mastodon-chart/cluster-test'

function folder(): string {
  const path = process.env[runVariable]
  if (path === undefined) throw new Error(`${runVariable} is not set: lib/setup.ts sets it.`)
  return path
}

/** The name of this run, which no other run has. */
export const runName = (): string => basename(folder())

/** The chart that this run installs: a copy, so that an edit does not mix two charts. */
export const chartFolder = (): string => join(folder(), 'chart')

/** The file with the measurements of this run. */
export const summaryFile = (): string => join(folder(), 'summary.jsonl')

/** The file with the namespaces of this run, one per line. */
export const namespacesFile = (): string => join(folder(), 'namespaces')
