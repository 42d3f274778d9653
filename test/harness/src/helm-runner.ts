import { join } from 'node:path'
import { hashOf, openCache } from './disk-cache.ts'
import { type CommandResult, limiter, runCommand } from './run-command.ts'
import { resolveTool } from './tools.ts'

/** One call of `helm template`. */
export interface HelmJob {
  readonly helm: 3 | 4
  readonly args: readonly string[]
  /** Values for `-f -`; empty when there are none. */
  readonly input: string
  /** A hash of everything that is not in `args` and `input`: the chart's and the values' files. */
  readonly contents: string
  /** Run Helm even though an equal run was kept. */
  readonly fresh?: boolean
}

/** Runs Helm, or reads what an equal run gave. */
export type HelmRunner = (job: HelmJob) => Promise<CommandResult>

// More than two at a time gain nothing on two cores, and every process takes 100 MB.
const limit = limiter(2)

/** A runner that keeps results in memory and on disk, below `cacheDir`. */
export function createHelmRunner(cacheDir: string): HelmRunner {
  const cache = openCache<CommandResult>(join(cacheDir, 'renders'))
  const env = emptyHome(join(cacheDir, 'helm-home'))
  const started = new Map<string, Promise<CommandResult>>()
  const run = async (job: HelmJob): Promise<CommandResult> => {
    const { path, version } = await resolveTool(`helm${job.helm}`)
    const key = hashOf(version, job.contents, job.input, ...job.args)
    const kept = job.fresh ? undefined : cache.get(key)
    if (kept) return kept
    const result = await limit(() => runCommand(path, job.args, { env, input: job.input }))
    cache.set(key, result)
    return result
  }
  return (job) => {
    if (job.fresh) return run(job)
    const key = hashOf(String(job.helm), job.contents, job.input, ...job.args)
    const result = started.get(key) ?? run(job)
    started.set(key, result)
    return result
  }
}

// Nothing of the user's Helm (plugins, repositories, a kubeconfig) may change a render.
function emptyHome(dir: string): Record<string, string> {
  return {
    GOGC: 'off', // a quarter less CPU than Go's default; Helm ends long before memory matters
    HOME: dir,
    HELM_CACHE_HOME: join(dir, 'cache'),
    HELM_CONFIG_HOME: join(dir, 'config'),
    HELM_DATA_HOME: join(dir, 'data'),
    KUBECONFIG: join(dir, 'no-kubeconfig'),
  }
}
