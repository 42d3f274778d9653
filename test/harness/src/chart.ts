import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { readChartFiles } from './chart-files.ts'
import { cacheRoot, hashOf } from './disk-cache.ts'
import { HelmError, type HelmFailure, parseHelmError } from './helm-errors.ts'
import { createHelmRunner, type HelmJob, type HelmRunner } from './helm-runner.ts'
import { loadManifests } from './manifests.ts'
import { notesChart, notesTemplate, readNotes } from './notes.ts'
import { createRender, type Render } from './render.ts'
import { shellCommand } from './run-command.ts'
import { registeredPin } from './tool-pins.ts'
import { defaultHelm } from './tools.ts'

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
  /** Default: 4, or the one on PATH when no tools were registered. */
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
  /** Runs Helm even though an equal render was kept: for comparing the bytes of two runs. */
  readonly fresh?: boolean
}

/** A chart that can be rendered. */
export interface Chart {
  readonly path: string
  /** Throws a HelmError when Helm refuses. */
  render(options?: RenderOptions): Promise<Render>
  /** The failure; throws when the render works. */
  renderFails(options?: RenderOptions): Promise<HelmFailure>
}

interface ChartState {
  readonly options: ChartOptions
  readonly path: string
  readonly cacheDir: string
  readonly run: HelmRunner
  /** Hash of the chart's files, read at the first render. */
  hash?: string
  /** The Helm of requests that name none, looked for at the first. */
  helm?: Promise<3 | 4>
}

/** Opens the chart at `path`; nothing is read or run before the first render. */
export function createChart(options: ChartOptions): Chart {
  const path = resolve(options.path)
  const cacheDir = options.cacheDir ?? cacheRoot(registeredPin('helm4').cache)
  const state: ChartState = { options, path, cacheDir, run: createHelmRunner(cacheDir) }
  return {
    path,
    render: (request = {}) => render(state, request),
    renderFails: (request = {}) => renderFails(state, request),
  }
}

async function render(state: ChartState, request: RenderOptions): Promise<Render> {
  const job = await describeJob(state, request)
  const command = commandOf(job)
  const result = await state.run(job)
  if (result.code !== 0) throw new HelmError(parseHelmError(result.stderr, command))
  const { release, namespace } = target(state, request)
  return createRender({
    objects: loadManifests(result.stdout, namespace),
    text: result.stdout,
    ...(request.showNotes ? { notes: await renderNotes(state, request) } : {}),
    ...(state.options.kinds ? { kinds: state.options.kinds } : {}),
    command,
    helm: job.helm,
    namespace,
    release,
  })
}

async function renderFails(state: ChartState, request: RenderOptions): Promise<HelmFailure> {
  const job = await describeJob(state, request)
  const command = commandOf(job)
  const result = await state.run(job)
  if (result.code === 0) throw new Error(`the render should fail, but works:\n  ${command}`)
  return parseHelmError(result.stderr, command)
}

async function renderNotes(state: ChartState, request: RenderOptions): Promise<string> {
  const path = notesChart(state.path, hashOfChart(state), join(state.cacheDir, 'notes'))
  const job = await describeJob(state, request, path)
  const result = await state.run({ ...job, args: [...job.args, '--show-only', notesTemplate] })
  if (result.code !== 0) throw new HelmError(parseHelmError(result.stderr, commandOf(job)))
  return readNotes(result.stdout)
}

function hashOfChart(state: ChartState): string {
  state.hash ??= readChartFiles(state.path).hash
  return state.hash
}

function target(state: ChartState, request: RenderOptions): { release: string; namespace: string } {
  return {
    release: request.release ?? state.options.release ?? basename(state.path),
    namespace: request.namespace ?? state.options.namespace ?? 'default',
  }
}

function helmOf(state: ChartState, request: RenderOptions): Promise<3 | 4> {
  if (request.helm !== undefined) return Promise.resolve(request.helm)
  state.helm ??= defaultHelm()
  return state.helm
}

async function describeJob(
  state: ChartState,
  request: RenderOptions,
  path = state.path,
): Promise<HelmJob> {
  const helm = await helmOf(state, request)
  const { release, namespace } = target(state, request)
  const schema = request.schema ?? state.options.schema ?? 'helm'
  const files = (request.files ?? []).map((file) => resolve(file))
  const input = request.values ? JSON.stringify(request.values) : ''
  const args = [
    ...['template', release, path, '-n', namespace],
    ...files.flatMap((file) => ['-f', file]),
    ...(input === '' ? [] : ['-f', '-']),
    ...(request.kube ? ['--kube-version', fullVersion(request.kube)] : []),
    ...(request.apis ?? []).flatMap((api) => ['--api-versions', api]),
    ...(request.isUpgrade ? ['--is-upgrade'] : []),
    ...(schema === 'skip' ? ['--skip-schema-validation'] : []),
  ]
  const contents = hashOf(hashOfChart(state), ...files.map(contentOf))
  return { helm, args, input, contents, fresh: request.fresh ?? false }
}

// Helm 3 makes 1.36 to 1.36.0, Helm 4 does not; the chart shall see the same.
function fullVersion(kube: string): string {
  return /^v?\d+\.\d+$/.test(kube) ? `${kube}.0` : kube
}

// Helm itself says best what is wrong with a file that cannot be read.
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return 'unreadable'
  }
}

function commandOf({ helm, args, input }: HelmJob): string {
  const line = `${shellCommand('helm', args)} # Helm ${helm}`
  return input === '' ? line : `${shellCommand('echo', [input])} | ${line}`
}
