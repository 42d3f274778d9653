import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { explainFailure } from '../diagnosis/explain-failure.ts'
import { type Origin, rememberOrigin } from '../diagnosis/origin.ts'
import { isRecord, loadManifests, ManifestError } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import { parseYaml } from '../objects/yaml.ts'
import { registeredPin } from '../tools/tool-pins.ts'
import { defaultHelm } from '../tools/tools.ts'
import { mergeFiles } from '../values/merge.ts'
import { openValuesSchema, type ValuesSchema } from '../values/values-schema.ts'
import { readChartFiles } from './chart-files.ts'
import { cacheRoot } from './disk-cache.ts'
import { HelmError, type HelmFailure, parseHelmError } from './helm-errors.ts'
import { commandOf, type HelmJob } from './helm-job.ts'
import { createHelmRunner, type HelmRunner } from './helm-runner.ts'
import { notesChart, notesTemplate, readNotes } from './notes.ts'
import { recordRequest } from './recorder.ts'
import { createRender, type Render } from './render.ts'

/** Which chart to render, and what all its renders share. */
export interface ChartOptions {
  readonly path: string
  /** Default: the name of the chart's folder. */
  readonly release?: string
  readonly namespace?: string
  /** Where renders are kept; default: the tools' cache. */
  readonly cacheDir?: string
  /** Who checks the values against values.schema.json; default `helm`. */
  readonly schema?: SchemaCheck
  /** Kinds beyond the catalogue that `none()` may name. */
  readonly kinds?: readonly string[]
}

/**
 * Who checks the values against values.schema.json. `helm` does it in each process, which costs more
 * than a small chart's render. With `ajv` it is done here, once compiled; Helm is asked for the words
 * of a refusal. With `skip` nobody does.
 */
export type SchemaCheck = 'helm' | 'ajv' | 'skip'

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
  /** Renders NOTES.txt, too (a second run of Helm when Helm checks the schema). */
  readonly showNotes?: boolean
  readonly schema?: SchemaCheck
  /**
   * Renders these templates alone, by their paths in the chart (`templates/web/service.yaml`): faster,
   * but what the others would refuse is not noticed.
   */
  readonly templates?: readonly string[]
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
  /** Many renders, in order; a request that Helm refuses gives the failure instead. */
  renderAll(requests: readonly RenderOptions[], options?: BulkOptions): Promise<readonly Outcome[]>
  /**
   * Renders in bulk whatever was rendered before the chart changed, so that tests that ask for it one
   * by one find it; gives how many requests were known. For the global set-up of a test run.
   */
  renderKnown(): Promise<number>
}

/** What became of one request of `renderAll`. */
export type Outcome =
  | { readonly render: Render; readonly failure?: undefined }
  | { readonly failure: HelmFailure; readonly render?: undefined }

/** How to render many. */
export interface BulkOptions {
  /** `false`: keep nothing on disk, for value sets that never come again. Default true. */
  readonly keep?: boolean
  /** Of what the chart refuses, the message is enough: template and line are those of the bulk run. */
  readonly quick?: boolean
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
  /** Opened for the first request with `schema: 'ajv'`. */
  valuesSchema?: ValuesSchema
}

/** Opens the chart at `path`; nothing is read or run before the first render. */
export function createChart(options: ChartOptions): Chart {
  const path = resolve(options.path)
  const cacheDir = options.cacheDir ?? cacheRoot(registeredPin('helm4').cache)
  const state: ChartState = { options, path, cacheDir, run: createHelmRunner(cacheDir, path) }
  return {
    path,
    render: (request = {}) => handled(render(state, request)),
    renderFails: (request = {}) => handled(renderFails(state, request)),
    renderAll: (requests, options = {}) =>
      Promise.all(requests.map((request) => outcomeOf(state, request, options))),
    renderKnown: async () => state.run.again(hashOfChart(state)),
  }
}

// Many renders may be started before the first is awaited: one that fails meanwhile is not "unhandled".
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

async function render(state: ChartState, request: RenderOptions): Promise<Render> {
  const { render: rendered, failure } = await outcomeOf(state, request)
  if (failure) throw new HelmError(failure, await explainFailure(failure))
  return rendered
}

async function renderFails(state: ChartState, request: RenderOptions): Promise<HelmFailure> {
  const job = { ...(await describeJob(state, request)), alone: true }
  recordRequest(job, 'fails')
  const command = commandOf(job)
  const result = await state.run(job)
  if (result.code === 0) throw new Error(`the render should fail, but works:\n  ${command}`)
  return rememberOrigin(parseHelmError(result.stderr, command), originOf(state, request, job))
}

async function outcomeOf(
  state: ChartState,
  request: RenderOptions,
  options: BulkOptions = {},
): Promise<Outcome> {
  const job = { ...(await describeJob(state, request)), ...options }
  recordRequest(job, 'renders')
  return runJob(state, request, job)
}

async function runJob(state: ChartState, request: RenderOptions, job: HelmJob): Promise<Outcome> {
  const command = commandOf(job)
  const origin = originOf(state, request, job)
  const result = await state.run(job)
  if (result.code !== 0) {
    return { failure: rememberOrigin(parseHelmError(result.stderr, command), origin) }
  }
  const { release, namespace, helm } = job
  const parts = {
    objects: loadPrinted(result.stdout, namespace, command),
    text: result.stdout,
    ...(request.showNotes
      ? { notes: result.notes?.trim() ?? (await renderNotes(state, job)) }
      : {}),
    ...(state.options.kinds ? { kinds: state.options.kinds } : {}),
    ...{ command, helm, namespace, release },
  }
  return { render: rememberOrigin(createRender(parts), origin) }
}

function loadPrinted(text: string, namespace: string, command: string): readonly Manifest[] {
  try {
    return loadManifests(text, namespace)
  } catch (error) {
    if (error instanceof ManifestError) error.command = command
    throw error
  }
}

function originOf(state: ChartState, request: RenderOptions, job: HelmJob): Origin {
  return {
    ...{ chart: state.path, hash: job.chartHash, cacheDir: state.cacheDir, request },
    render: async (other) =>
      runJob(state, other, { ...(await describeJob(state, other)), keep: false }),
    runOn: (path) => state.run({ ...job, path, alone: true }),
  }
}

async function renderNotes(state: ChartState, job: HelmJob): Promise<string> {
  const path = notesChart(state.path, hashOfChart(state), join(state.cacheDir, 'notes'))
  const flags = [...job.flags, '--show-only', notesTemplate]
  const result = await state.run({ ...job, path, flags, alone: true })
  if (result.code !== 0) throw new HelmError(parseHelmError(result.stderr, commandOf(job)))
  return readNotes(result.stdout)
}

function hashOfChart(state: ChartState): string {
  state.hash ??= readChartFiles(state.path).hash
  return state.hash
}

function helmOf(state: ChartState, request: RenderOptions): Promise<3 | 4> {
  if (request.helm !== undefined) return Promise.resolve(request.helm)
  state.helm ??= defaultHelm()
  return state.helm
}

async function describeJob(state: ChartState, asked: RenderOptions): Promise<HelmJob> {
  const request = asked.values ? { ...asked, values: asJson(asked.values) } : asked
  const files = (request.files ?? []).map((file) => resolve(file))
  const helmChecks = isSchemaForHelm(state, request, files)
  return {
    helm: await helmOf(state, request),
    path: state.path,
    chartHash: hashOfChart(state),
    release: request.release ?? state.options.release ?? basename(state.path),
    namespace: request.namespace ?? state.options.namespace ?? 'default',
    files,
    ...(request.values ? { values: request.values } : {}),
    flags: [
      ...(request.kube ? ['--kube-version', fullVersion(request.kube)] : []),
      ...(request.apis ?? []).flatMap((api) => ['--api-versions', api]),
      ...(request.isUpgrade ? ['--is-upgrade'] : []),
      ...(helmChecks ? [] : ['--skip-schema-validation']),
    ],
    ...(request.templates ? { templates: request.templates } : {}),
    alone: helmChecks || request.fresh === true,
    ...(request.fresh ? { fresh: true } : {}),
    ...(request.showNotes ? { notes: true } : {}),
  }
}

// What Helm is given: without what is undefined, dates as text.
function asJson(values: object): object {
  return JSON.parse(JSON.stringify(values)) as object
}

// With ajv, Helm checks what ajv refuses: the verdict and the words of a refusal are always Helm's.
function isSchemaForHelm(
  state: ChartState,
  request: RenderOptions,
  files: readonly string[],
): boolean {
  const check = request.schema ?? state.options.schema ?? 'helm'
  if (check !== 'ajv' || state.path.endsWith('.tgz')) return check !== 'skip'
  state.valuesSchema ??= openValuesSchema(state.path)
  const read = files.map((file) => parseYaml(readFileSync(file, 'utf8'), file))
  const values = mergeFiles([...read, request.values].filter(isRecord))
  return state.valuesSchema.violations(values).length > 0
}

// Helm 3 makes 1.36 to 1.36.0, Helm 4 does not; the chart shall see the same.
function fullVersion(kube: string): string {
  return /^v?\d+\.\d+$/.test(kube) ? `${kube}.0` : kube
}
