import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandResult, limiter, runCommand } from '../tools/run-command.ts'
import { resolveTool } from '../tools/tools.ts'
import { createBatcher } from './bulk/batcher.ts'
import type { BatchResult } from './bulk/run-batch.ts'
import { hashOf, openCache, pruneCache } from './disk-cache.ts'
import { commandLine, type HelmJob, jobId } from './helm-job.ts'
import { overlaidResult } from './overlay.ts'

/** Runs Helm, or reads what an equal run gave. */
export interface HelmRunner {
  (job: HelmJob): Promise<BatchResult>
  /** Runs in bulk what was asked for before the chart changed; gives how many jobs were known. */
  again(chartHash: string): Promise<number>
}

// What is asked for is written down anew every so often; what no test asks for any more is forgotten.
const daysToRemember = 7

// More than two at a time gain nothing on two cores, and every process takes 100 MB.
const limit = limiter(2)

/** A runner for one chart that keeps results in memory and on disk, below `cacheDir`. */
export function createHelmRunner(cacheDir: string, chart: string): HelmRunner {
  // Only of charts for which `again` is ever called: not of a test's copies.
  const requests = join(cacheDir, 'requests', hashOf(chart))
  const cache = openCache<BatchResult>(join(cacheDir, 'renders'))
  const env = emptyHome(cacheDir)
  const started = new Map<string, Promise<BatchResult>>()
  const helm = async (
    job: HelmJob,
    args: readonly string[],
    input: string,
  ): Promise<CommandResult> => {
    const { path } = await resolveTool(`helm${job.helm}`)
    return limit(() => runCommand(path, args, { env, input }))
  }
  const plain = (job: HelmJob): Promise<CommandResult> => {
    const { args, input } = commandLine(job)
    return helm(job, args, input)
  }
  const batched = createBatcher({ cacheDir, helm, plain })
  const execute = (job: HelmJob): Promise<BatchResult> => (job.alone ? plain(job) : batched(job))
  const run = async (job: HelmJob, id: string): Promise<BatchResult> => {
    const { version } = await resolveTool(`helm${job.helm}`)
    const key = hashOf(version, job.chartHash, id)
    const kept = job.fresh ? undefined : cache.get(key)
    if (kept) return kept
    const result = await execute(job)
    cache.set(key, result)
    if (!job.alone && existsSync(requests)) openCache<HelmJob>(requests).set(id, job)
    return result
  }
  const runKept = (job: HelmJob): Promise<BatchResult> => {
    if (job.keep === false) return execute(job)
    const id = jobId(job)
    const overlaid = overlaidResult(id)
    if (overlaid) return Promise.resolve(overlaid)
    if (job.fresh) return run(job, id)
    const key = `${job.chartHash}${id}`
    const result = started.get(key) ?? run(job, id)
    started.set(key, result)
    return result
  }
  const again = async (chartHash: string): Promise<number> => {
    pruneCache(requests, daysToRemember)
    const jobs = openCache<HelmJob>(requests)
      .values()
      .map((job) => ({ ...job, chartHash }))
    await Promise.all(jobs.map(runKept))
    return jobs.length
  }
  return Object.assign(runKept, { again })
}

/** The environment of Helm: nothing of the user's (plugins, repositories, a kubeconfig) may change a render. */
export function emptyHome(cacheDir: string): Record<string, string> {
  const dir = join(cacheDir, 'helm-home')
  return {
    // No collection until the process is this large: an eighth less CPU than GOGC=400, a third less than Go's default.
    GOGC: 'off',
    GOMEMLIMIT: '300MiB',
    HOME: dir,
    HELM_CACHE_HOME: join(dir, 'cache'),
    HELM_CONFIG_HOME: join(dir, 'config'),
    HELM_DATA_HOME: join(dir, 'data'),
    KUBECONFIG: join(dir, 'no-kubeconfig'),
  }
}
