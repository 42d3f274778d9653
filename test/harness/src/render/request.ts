import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { isRecord } from '../objects/manifests.ts'
import { parseYaml } from '../objects/yaml.ts'
import { printCommand, shellCommand } from '../tools/run-command.ts'
import { mergeFiles } from '../values/merge.ts'
import type { ChartState } from './chart.ts'
import { hashOf } from './disk-cache.ts'

/**
 * Who checks the values against values.schema.json. `helm` does it in each process, which costs more
 * than rendering a small chart. With `ajv` the schema is compiled once and checked here; Helm is only
 * asked for the words of a refusal. With `skip` nobody does.
 */
export type SchemaCheck = 'helm' | 'ajv' | 'skip'

/** A render that is asked for. Files come first, `values` over them; later files win. */
export interface RenderRequest {
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
   * Renders only these templates, by their paths in the chart (`templates/web/service.yaml`): faster,
   * but what the others would refuse is not noticed.
   */
  readonly templates?: readonly string[]
  /** Runs Helm even though the result of an equal request was kept: for comparing the bytes of two runs. */
  readonly fresh?: boolean
  /** `false`: keep nothing on disk, for values that never come again. */
  readonly keep?: boolean
  /** Of a refusal by the chart the message is enough: template and line are those of the bulk run. */
  readonly quick?: boolean
}

type Defaulted = 'helm' | 'release' | 'namespace' | 'files' | 'apis' | 'isUpgrade'

/** A request with everything that it left open filled in, and the chart that it is for. */
export interface ResolvedRequest
  extends Omit<RenderRequest, Defaulted>,
    Required<Pick<RenderRequest, Defaulted>> {
  /** The chart: a folder or a package. */
  readonly chart: string
  /** A hash of the chart's files. */
  readonly chartHash: string
  /** With `skip`, ajv may have checked the values. */
  readonly schema: 'helm' | 'skip'
  /** Whether it must have its own process even where others could share one. */
  readonly alone?: boolean
}

/** Fills in what the request leaves open. */
export async function resolveRequest(
  state: ChartState,
  request: RenderRequest,
): Promise<ResolvedRequest> {
  const { kube, values: given, ...rest } = request
  const values = given && asJson(given)
  const files = (request.files ?? []).map((file) => resolve(file))
  return {
    ...rest,
    chart: state.path,
    chartHash: state.hash(),
    helm: request.helm ?? (await state.helm()),
    release: request.release ?? state.options.release ?? basename(state.path),
    namespace: request.namespace ?? state.options.namespace ?? 'default',
    files,
    ...(values ? { values } : {}),
    ...(kube ? { kube: fullVersion(kube) } : {}),
    apis: request.apis ?? [],
    isUpgrade: request.isUpgrade ?? false,
    schema: whoChecks(state, request.schema, files, values),
  }
}

// What Helm is given: without what is undefined, dates as text.
function asJson(values: object): object {
  return JSON.parse(JSON.stringify(values)) as object
}

// With ajv, Helm checks what ajv refuses: the verdict and the words of a refusal are always Helm's.
function whoChecks(
  state: ChartState,
  asked: SchemaCheck = state.options.schema ?? 'helm',
  files: readonly string[],
  values: object | undefined,
): 'helm' | 'skip' {
  if (asked !== 'ajv') return asked
  if (state.path.endsWith('.tgz')) return 'helm'
  const read = files.map((file) => parseYaml(readFileSync(file, 'utf8'), file))
  const merged = mergeFiles([...read, values].filter(isRecord))
  return state.valuesSchema().violations(merged).length > 0 ? 'helm' : 'skip'
}

// Helm 3 turns 1.36 into 1.36.0, Helm 4 does not; the chart should see the same.
function fullVersion(kube: string): string {
  return /^v?\d+\.\d+$/.test(kube) ? `${kube}.0` : kube
}

/** The arguments of Helm. The values are read from standard input. */
export function argumentsOf(request: ResolvedRequest): string[] {
  const { release, chart, namespace, files, values, kube, apis, isUpgrade, templates } = request
  return [
    ...['template', release, chart, '-n', namespace],
    ...files.flatMap((file) => ['-f', file]),
    ...(values ? ['-f', '-'] : []),
    ...(kube ? ['--kube-version', kube] : []),
    ...apis.flatMap((api) => ['--api-versions', api]),
    ...(isUpgrade ? ['--is-upgrade'] : []),
    ...(request.schema === 'skip' ? ['--skip-schema-validation'] : []),
    ...(templates ?? []).flatMap((template) => ['--show-only', template]),
  ]
}

/** The command as a user can paste it into a shell. */
export function commandOf(request: ResolvedRequest): string {
  const line = `${shellCommand('helm', argumentsOf(request))} # Helm ${request.helm}`
  const { values } = request
  return values ? `${printCommand(JSON.stringify(values))} | ${line}` : line
}

/** A hash of all that a request asks, except for what is in the chart. */
export function requestId(request: ResolvedRequest): string {
  const { helm, values, files } = request
  const input = values ? JSON.stringify(values) : ''
  return hashOf(String(helm), input, ...argumentsOf(request), ...files.map(contentOf))
}

// Helm itself says best what is wrong with a file that cannot be read.
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return 'unreadable'
  }
}
