// Runs once around the whole suite: checks whether it can run, and cleans up after it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyChart, resolveTool, ToolError } from 'chart-harness'
import { root } from '../../rules/project.ts'
import { tryKubectl } from './kubectl.ts'
import { removeNamespaces } from './namespaces.ts'
import { chartFolder, runVariable } from './run.ts'
import { printedSummary } from './summary.ts'

const howTo =
  'Start the lab (test/lab/lab help) or name a cluster of yours: docs/testing-on-a-cluster.md says how.'

/** Vitest's entry. */
export default async function setup(): Promise<() => Promise<void>> {
  const obstacle = await whyNot()
  if (obstacle !== undefined) {
    console.error(`The cluster tests did not run: ${obstacle} ${howTo}`)
    process.exit(process.env.CI || process.env.KUBECONFIG ? 1 : 0)
  }
  const folder = mkdtempSync(join(tmpdir(), 'cluster-test-'))
  process.env[runVariable] = folder
  // With a chart that was broken on purpose the tests can be seen to fail.
  copyChart(process.env.CLUSTER_TEST_CHART ?? join(root, 'chart'), chartFolder())
  const start = Date.now()
  return async () => {
    await removeNamespaces()
    const took = ((Date.now() - start) / 60_000).toFixed(1)
    console.log(`\nMeasured on this cluster, in ${took} minutes:\n${printedSummary()}`)
    rmSync(folder, { recursive: true })
  }
}

async function whyNot(): Promise<string | undefined> {
  if (!process.env.KUBECONFIG) return 'KUBECONFIG is not set.'
  try {
    for (const tool of ['kubectl', 'helm3', 'helm4']) await resolveTool(tool)
  } catch (error) {
    if (error instanceof ToolError) return error.message
    throw error
  }
  const answer = await tryKubectl(['get', '--raw', '/readyz', '--request-timeout=10s'])
  if (answer.code === 0) return undefined
  return `the cluster in ${process.env.KUBECONFIG} does not answer.`
}
