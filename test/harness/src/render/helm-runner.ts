import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { kept } from '../objects/once.ts'
import { type CommandResult, limiter, runCommand } from '../tools/run-command.ts'
import { resolveTool } from '../tools/tools.ts'
import { createBatcher } from './bulk/batcher.ts'
import type { BatchResult } from './bulk/run-batch.ts'
import { hashOf, openCache, pruneCache } from './disk-cache.ts'
import { overlaidResult } from './recorder.ts'
import { argumentsOf, type ResolvedRequest, requestId } from './request.ts'

/** Runs Helm, or reads what an equal run returned. */
export interface HelmRunner {
  (request: ResolvedRequest): Promise<BatchResult>
  /** Runs in bulk what was asked for before the chart changed; returns how many requests were known. */
  again(chartHash: string): Promise<number>
}

/** Runs a Helm of this major version, with values on its standard input. */
export type RunHelm = (
  helm: 3 | 4,
  args: readonly string[],
  values?: object,
) => Promise<CommandResult>

// Requests are recorded anew every so often; what no test asks for any more is forgotten.
const daysToRemember = 7

// More than two at a time gain nothing on two cores, and every process takes 100 MB.
const limit = limiter(2)

/** A runner for one chart that keeps results in memory and on disk, below `cacheDir`. */
export function createHelmRunner(cacheDir: string, chart: string): HelmRunner {
  // Only of charts for which `again` is ever called: not of a test's copies.
  const asked = join(cacheDir, 'requests', hashOf('RenderRequest', chart))
  const cache = openCache<BatchResult>(join(cacheDir, 'renders'))
  const started = new Map<string, Promise<BatchResult>>()
  const helm = createHelm(cacheDir)
  const batched = createBatcher(cacheDir, helm)
  const execute = (request: ResolvedRequest): Promise<BatchResult> =>
    isAlone(request) ? helm(request.helm, argumentsOf(request), request.values) : batched(request)
  const run = async (request: ResolvedRequest, id: string): Promise<BatchResult> => {
    const { version } = await resolveTool(`helm${request.helm}`)
    const key = hashOf(version, request.chartHash, id)
    const known = request.fresh ? undefined : cache.get(key)
    if (known) return known
    const result = await execute(request)
    cache.set(key, result)
    if (!isAlone(request) && existsSync(asked)) openCache<ResolvedRequest>(asked).set(id, request)
    return result
  }
  const runKept = (request: ResolvedRequest): Promise<BatchResult> => {
    if (request.keep === false) return execute(request)
    const id = requestId(request)
    const overlaid = overlaidResult(id)
    if (overlaid) return Promise.resolve(overlaid)
    if (request.fresh) return run(request, id)
    return kept(started, `${request.chartHash}${id}`, () => run(request, id))
  }
  const again = async (chartHash: string): Promise<number> => {
    pruneCache(asked, daysToRemember)
    const requests = openCache<ResolvedRequest>(asked)
      .values()
      .map((request) => ({ ...request, chartHash }))
    await Promise.all(requests.map(runKept))
    return requests.length
  }
  return Object.assign(runKept, { again })
}

// Helm's own check of the values reads them once per process.
function isAlone({ alone, fresh, schema }: ResolvedRequest): boolean {
  return alone === true || fresh === true || schema === 'helm'
}

/**
 * Runs Helm with an environment below `cacheDir`. This is the one place that prints values for Helm: 4.2
 * drops the last line of a file that does not end in a newline when its length is a multiple of 4,096
 * bytes (https://github.com/helm/helm/issues/32506).
 */
export function createHelm(cacheDir: string): RunHelm {
  const env = emptyHome(cacheDir)
  return async (helm, args, values) => {
    const { path } = await resolveTool(`helm${helm}`)
    const input = values ? `${JSON.stringify(values)}\n` : ''
    return limit(() => runCommand(path, args, { env, input }))
  }
}

// Nothing of the user's (plugins, repositories, a kubeconfig) may change a render.
function emptyHome(cacheDir: string): Record<string, string> {
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
