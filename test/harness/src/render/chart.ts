import { join, resolve } from 'node:path'
import { explainFailure } from '../diagnosis/explain-failure.ts'
import { loadManifests, ManifestError } from '../objects/manifests.ts'
import { once } from '../objects/once.ts'
import type { Manifest } from '../objects/types.ts'
import type { CommandResult } from '../tools/run-command.ts'
import { registeredPin } from '../tools/tool-pins.ts'
import { defaultHelm } from '../tools/tools.ts'
import { openValuesSchema, type ValuesSchema } from '../values/values-schema.ts'
import { readChartFiles } from './chart-files.ts'
import { cacheRoot } from './disk-cache.ts'
import { HelmError, type HelmFailure, parseHelmError } from './helm-errors.ts'
import { createHelmRunner, type HelmRunner } from './helm-runner.ts'
import { notesChart, notesTemplate, readNotes } from './notes.ts'
import { recordRequest } from './recorder.ts'
import { createRender, type Origin, type Render, rememberOrigin } from './render.ts'
import {
  commandOf,
  type RenderRequest,
  type ResolvedRequest,
  resolveRequest,
  type SchemaCheck,
} from './request.ts'

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
  /** The keys that a line of the chart's own refusals names. Default: whatever looks like a path. */
  readonly keysIn?: (line: string) => readonly string[]
  /** What a pattern of values.schema.json asks for, where the pattern itself says it. */
  readonly wordsOf?: (pattern: string) => string | undefined
}

/** A chart that can be rendered. */
export interface Chart extends Pick<ChartOptions, 'path' | 'wordsOf'> {
  /** Throws a HelmError when Helm refuses. */
  render(request?: RenderRequest): Promise<Render>
  /** The failure; throws when the render works. */
  renderFails(request?: RenderRequest): Promise<HelmFailure>
  /** Many renders, in order; for a request that Helm refuses, the failure. */
  renderAll(requests: readonly RenderRequest[]): Promise<readonly Outcome[]>
  /**
   * Renders in bulk whatever was rendered before the chart changed, so that tests that ask for it one
   * by one find it; returns how many requests were known. For the global set-up of a test run.
   */
  renderKnown(): Promise<number>
}

/** What became of one request of `renderAll`. */
export type Outcome =
  | { readonly render: Render; readonly failure?: undefined }
  | { readonly failure: HelmFailure; readonly render?: undefined }

/** A chart, and what is found out about it when it is first needed. */
export interface ChartState {
  readonly options: ChartOptions
  readonly path: string
  readonly cacheDir: string
  readonly run: HelmRunner
  /** A hash of the chart's files. */
  hash(): string
  /** The Helm of requests that name none. */
  helm(): Promise<3 | 4>
  /** For requests with `schema: 'ajv'`. */
  valuesSchema(): ValuesSchema
}

/** Opens the chart at `path`; nothing is read or run before the first render. */
export function createChart(options: ChartOptions): Chart {
  const path = resolve(options.path)
  const cacheDir = options.cacheDir ?? cacheRoot(registeredPin('helm4').cache)
  const state: ChartState = {
    ...{ options, path, cacheDir, run: createHelmRunner(cacheDir, path) },
    hash: once(() => readChartFiles(path).hash),
    helm: once(() => defaultHelm()),
    valuesSchema: once(() => openValuesSchema(path)),
  }
  return {
    path,
    ...(options.wordsOf ? { wordsOf: options.wordsOf } : {}),
    render: (request = {}) => handled(render(state, request)),
    renderFails: (request = {}) => handled(renderFails(state, request)),
    renderAll: (requests) => Promise.all(requests.map((request) => outcomeOf(state, request))),
    renderKnown: async () => state.run.again(state.hash()),
  }
}

// Many renders may be started before the first is awaited: one that fails meanwhile is not "unhandled".
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

async function render(state: ChartState, request: RenderRequest): Promise<Render> {
  const { render: rendered, failure } = await outcomeOf(state, request)
  if (failure) throw new HelmError(failure, await explainFailure(failure))
  return rendered
}

async function renderFails(state: ChartState, request: RenderRequest): Promise<HelmFailure> {
  const resolved = { ...(await resolveRequest(state, request)), alone: true }
  recordRequest(resolved, 'fails')
  const result = await state.run(resolved)
  if (result.code !== 0) return failureOf(result, resolved, originOf(state, request, resolved))
  throw new Error(`the render should fail, but works:\n  ${commandOf(resolved)}`)
}

async function outcomeOf(state: ChartState, request: RenderRequest): Promise<Outcome> {
  const resolved = await resolveRequest(state, request)
  recordRequest(resolved, 'renders')
  return run(state, request, resolved)
}

async function run(
  state: ChartState,
  request: RenderRequest,
  resolved: ResolvedRequest,
): Promise<Outcome> {
  const origin = originOf(state, request, resolved)
  const result = await state.run(resolved)
  if (result.code !== 0) return { failure: failureOf(result, resolved, origin) }
  const { release, namespace, helm } = resolved
  const command = commandOf(resolved)
  const notes = async () => result.notes?.trim() ?? (await renderNotes(state, resolved))
  const parts = {
    ...(request.showNotes ? { notes: await notes() } : {}),
    objects: loadPrinted(result.stdout, namespace, command),
    ...{ text: result.stdout, command, helm, namespace, release },
  }
  return { render: rememberOrigin(createRender(parts), origin) }
}

function failureOf(
  { stderr }: CommandResult,
  resolved: ResolvedRequest,
  origin: Origin,
): HelmFailure {
  return rememberOrigin(parseHelmError(stderr, commandOf(resolved)), origin)
}

function loadPrinted(text: string, namespace: string, command: string): readonly Manifest[] {
  try {
    return loadManifests(text, namespace)
  } catch (error) {
    if (error instanceof ManifestError) error.command = command
    throw error
  }
}

// What explains a failure changes the request as the test made it: that is resolved anew.
function originOf(state: ChartState, request: RenderRequest, resolved: ResolvedRequest): Origin {
  const { chartHash: hash } = resolved
  return {
    ...{ chart: state.path, hash, cacheDir: state.cacheDir, request },
    keysIn: state.options.keysIn ?? pathsIn,
    render: async (other) =>
      run(state, other, { ...(await resolveRequest(state, other)), keep: false }),
    runOn: (chart) => state.run({ ...resolved, chart, alone: true }),
  }
}

function pathsIn(line: string): readonly string[] {
  return line.match(/[A-Za-z][\w-]*(?:\.[\w-]+|\[\d+\])+/g) ?? []
}

async function renderNotes(state: ChartState, request: ResolvedRequest): Promise<string> {
  const chart = await notesChart(state.path, request.chartHash, join(state.cacheDir, 'notes'))
  const only = { ...request, chart, templates: [notesTemplate], alone: true }
  const result = await state.run(only)
  if (result.code !== 0) throw new HelmError(parseHelmError(result.stderr, commandOf(only)))
  return readNotes(result.stdout)
}
