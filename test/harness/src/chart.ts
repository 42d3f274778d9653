import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type ChartFiles, readChartFiles } from './chart-files.ts'
import { cacheRoot, type DiskCache, hashOf, openCache } from './disk-cache.ts'
import { HelmError, type HelmFailure, parseHelmError } from './helm-errors.ts'
import { loadManifests } from './manifests.ts'
import { notesChart, notesTemplate, readNotes } from './notes.ts'
import { createRender, type Render } from './render.ts'
import { limiter, runCommand, shellCommand } from './run-command.ts'
import { registeredPin } from './tool-pins.ts'
import { resolveTool } from './tools.ts'

/** Which chart to render, and what all its renders share. */
export interface ChartOptions {
  readonly path: string
  /** Default: the name of the chart's folder. */
  readonly release?: string
  readonly namespace?: string
  /** Where renders are kept; default: the tools' cache. */
  readonly cacheDir?: string
  /** Whether Helm checks values.schema.json; default `helm`. */
  readonly schema?: 'helm' | 'skip'
  /** Kinds beyond the catalogue that `none()` may name. */
  readonly kinds?: readonly string[]
}

/** One render. Files come first, `values` over them; later files win. */
export interface RenderOptions {
  readonly values?: object
  readonly files?: readonly string[]
  readonly helm?: 3 | 4
  /** The Kubernetes version that the chart sees, e.g. `1.36`. */
  readonly kube?: string
  readonly apis?: readonly string[]
  readonly isUpgrade?: boolean
  readonly release?: string
  readonly namespace?: string
  /** Renders NOTES.txt, too (a second run of Helm). */
  readonly showNotes?: boolean
  readonly schema?: 'helm' | 'skip'
}

/** A chart that can be rendered. */
export interface Chart {
  readonly path: string
  /** Throws a HelmError when Helm refuses. */
  render(options?: RenderOptions): Promise<Render>
  /** The failure; throws when the render works. */
  renderFails(options?: RenderOptions): Promise<HelmFailure>
}

interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface Job {
  readonly path: string
  readonly args: readonly string[]
  readonly input: string
  readonly helm: 3 | 4
  readonly key: string
}

const limit = limiter(2)

/** Opens the chart at `path`; nothing is run before the first render. */
export function createChart(options: ChartOptions): Chart {
  const path = resolve(options.path)
  const cacheDir = options.cacheDir ?? cacheRoot(registeredPin('helm4').cache)
  const cache = openCache<Output>(join(cacheDir, 'renders'))
  const state: ChartState = { options, path, cacheDir, cache, pending: new Map() }
  return {
    path,
    render: (request = {}) => render(state, request),
    renderFails: (request = {}) => renderFails(state, request),
  }
}

interface ChartState {
  readonly options: ChartOptions
  readonly path: string
  readonly cacheDir: string
  readonly cache: DiskCache<Output>
  readonly pending: Map<string, Promise<Output>>
  files?: ChartFiles
}

async function render(state: ChartState, request: RenderOptions): Promise<Render> {
  const job = describeJob(state, request)
  const output = await runCached(state, job)
  const command = await commandOf(job, request)
  if (output.code !== 0) throw new HelmError(parseHelmError(output.stderr, command))
  const namespace = namespaceOption(state, request)
  return createRender({
    objects: loadManifests(output.stdout, namespace),
    text: output.stdout,
    ...(request.showNotes ? { notes: await renderNotes(state, request) } : {}),
    ...(state.options.kinds ? { kinds: state.options.kinds } : {}),
    command,
    helm: job.helm,
    namespace,
    release: releaseOption(state, request),
  })
}

async function renderFails(state: ChartState, request: RenderOptions): Promise<HelmFailure> {
  const job = describeJob(state, request)
  const output = await runCached(state, job)
  const command = await commandOf(job, request)
  if (output.code === 0) throw new Error(`the render should fail, but works:\n  ${command}`)
  return parseHelmError(output.stderr, command)
}

async function renderNotes(state: ChartState, request: RenderOptions): Promise<string> {
  const files = chartFiles(state)
  const path = notesChart(state.path, files.hash, join(state.cacheDir, 'notes'))
  const job = describeJob(state, request, path)
  const output = await runCached(state, {
    ...job,
    args: [...job.args, '--show-only', notesTemplate],
  })
  if (output.code !== 0)
    throw new HelmError(parseHelmError(output.stderr, await commandOf(job, request)))
  return readNotes(output.stdout)
}

function chartFiles(state: ChartState): ChartFiles {
  state.files ??= readChartFiles(state.path)
  return state.files
}

function releaseOption(state: ChartState, request: RenderOptions): string {
  return request.release ?? state.options.release ?? basename(state.path)
}

function namespaceOption(state: ChartState, request: RenderOptions): string {
  return request.namespace ?? state.options.namespace ?? 'default'
}

function describeJob(state: ChartState, request: RenderOptions, path = state.path): Job {
  const helm = request.helm ?? 4
  const skipSchema = (request.schema ?? state.options.schema ?? 'helm') === 'skip'
  const files = (request.files ?? []).map((file) => resolve(file))
  const flags = [
    ...(request.kube ? ['--kube-version', fullVersion(request.kube)] : []),
    ...(request.apis ?? []).flatMap((api) => ['--api-versions', api]),
    ...(request.isUpgrade ? ['--is-upgrade'] : []),
    ...(skipSchema ? ['--skip-schema-validation'] : []),
  ]
  const input = request.values ? JSON.stringify(request.values) : ''
  const values = [...files.flatMap((file) => ['-f', file]), ...(input ? ['-f', '-'] : [])]
  const head = [
    'template',
    releaseOption(state, request),
    path,
    '-n',
    namespaceOption(state, request),
  ]
  const contents = files.map(readOrMissing)
  const key = hashOf(
    chartFiles(state).hash,
    JSON.stringify([head, flags, values.length]),
    ...contents,
    input,
  )
  return { path, args: [...head, ...values, ...flags], input, helm, key }
}

// Helm 3 makes 1.36 to 1.36.0, Helm 4 does not; the chart shall see the same.
function fullVersion(kube: string): string {
  return /^v?\d+\.\d+$/.test(kube) ? `${kube}.0` : kube
}

function readOrMissing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return 'missing'
  }
}

function runCached(state: ChartState, job: Job): Promise<Output> {
  const memoryKey = hashOf(job.key, String(job.helm), ...job.args)
  const running = state.pending.get(memoryKey)
  if (running) return running
  const output = runOrRead(state, job)
  state.pending.set(memoryKey, output)
  return output
}

async function runOrRead(state: ChartState, job: Job): Promise<Output> {
  const tool = await resolveTool(`helm${job.helm}`)
  const key = hashOf(tool.version, job.key, ...job.args)
  const stored = state.cache.get(key)
  if (stored) return stored
  const output = await limit(() =>
    runCommand(tool.path, job.args, { env: helmEnvironment(state), input: job.input }),
  )
  state.cache.set(key, output)
  return output
}

function helmEnvironment(state: ChartState): Record<string, string> {
  const empty = join(state.cacheDir, 'helm-home')
  return {
    GOGC: '400',
    HOME: empty,
    HELM_CACHE_HOME: join(empty, 'cache'),
    HELM_CONFIG_HOME: join(empty, 'config'),
    HELM_DATA_HOME: join(empty, 'data'),
    KUBECONFIG: join(empty, 'no-kubeconfig'),
  }
}

async function commandOf(job: Job, request: RenderOptions): Promise<string> {
  const { version } = await resolveTool(`helm${job.helm}`)
  const line = shellCommand('helm', job.args)
  const text = request.values
    ? `echo '${JSON.stringify(request.values).replaceAll("'", "'\\''")}' | ${line}`
    : line
  return `${text} # Helm ${version}`
}
