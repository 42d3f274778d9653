import { batchSize, driverSetOf, inputKey } from '../render/bulk/driver-template.ts'
import type { RunHelm } from '../render/helm-runner.ts'
import { CoverageError, type RecordedRequest } from '../render/recorder.ts'
import type { TracedChart, TracerInput, TracerSet } from './tracer.ts'

/** What one request executed, as Helm's log says. */
export interface Trace {
  /** The numbers of the branches, up to where a plain render would end. */
  readonly branches: ReadonlySet<number>
  /** What the log says about the first `fail` or `required` of the chart: a plain render ends there. */
  readonly failure?: string
  /** Whether all templates were executed to the end; if not, one of them failed. */
  readonly ended: boolean
  /** What Helm said then. */
  readonly error?: string
}

/** Runs the requests under `helm lint`, many in one process; returns what each executed, in order. */
export async function traceRequests(
  chart: TracedChart,
  requests: readonly RecordedRequest[],
  run: RunHelm,
): Promise<readonly Trace[]> {
  const traces = new Map<RecordedRequest, Trace>()
  await Promise.all(
    batchesOf(requests).map(async (batch) => {
      let left = batch
      // A template that fails ends the process: the requests after it run in the next one.
      while (left.length > 0) {
        const done = await runOnce(chart, left, run)
        done.forEach((trace, index) => {
          const request = left[index]
          if (request) traces.set(request, trace)
        })
        left = left.slice(done.length)
      }
    }),
  )
  return requests.flatMap((request) => traces.get(request) ?? [])
}

/**
 * Requests that one process can run: alike in all that the driver cannot change. Only Helm merges
 * values with files, so each of these runs in a process of its own.
 */
function batchesOf(requests: readonly RecordedRequest[]): RecordedRequest[][] {
  const groups = new Map<string, RecordedRequest[]>()
  for (const request of requests) {
    const { id, helm, kube, templates } = request
    const key = JSON.stringify([helm, kube, templates, isAlone(request) ? id : ''])
    groups.set(key, [...(groups.get(key) ?? []), request])
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / batchSize) }, (_, index) =>
      group.slice(index * batchSize, (index + 1) * batchSize),
    ),
  )
}

function isAlone(request: RecordedRequest): boolean {
  return request.files.length > 0 || driverSetOf(request) === undefined
}

async function runOnce(
  chart: TracedChart,
  batch: readonly RecordedRequest[],
  run: RunHelm,
): Promise<readonly Trace[]> {
  const [first] = batch
  if (!first) return []
  const { helm, kube, files } = first
  const wanted = first.templates?.map((template) => `${chart.name}/${template}`)
  const templates = chart.templates.filter((name) => wanted?.includes(name) ?? true)
  const input: TracerInput = { templates, sets: batch.map(setOf), asksApis: chart.asksApis }
  const args = [
    ...['lint', chart.path, ...files.flatMap((file) => ['-f', file]), '-f', '-'],
    ...(kube ? ['--kube-version', kube] : []),
  ]
  const values = { ...(isAlone(first) ? first.values : {}), [inputKey]: input }
  const { stdout, stderr } = await run(helm, args, values)
  const { works, traces } = readLog(stderr)
  const said = `${stdout}\n${stderr}`.split('\n').filter((line) => /^\[ERROR\]|^Error/.test(line))
  if (!works || traces.length === 0)
    throw new CoverageError(
      `Helm ${helm} does not log what templates pass to "fail" under "helm lint", so coverage cannot be measured. Use another version of it. ${said.join(' ')}`.trim(),
    )
  return traces.map((trace) => (trace.ended ? trace : { ...trace, error: said.join('\n') }))
}

// What only Helm can merge comes to the driver as the chart's own values.
function setOf(request: RecordedRequest): TracerSet {
  const { release, namespace, isUpgrade, apis } = request
  const values = isAlone(request) ? {} : (request.values ?? {})
  return { values, release, namespace, isUpgrade, apis }
}

// Helm 3 logs `engine.go:227: [INFO] Fail: …`, Helm 4 `level=INFO msg="funcMap fail" message=…`.
const tracerLine = /(?:\[INFO\] Fail: |msg="funcMap fail" message="?)~([\w-]+)~"?$/
const failureLine =
  /(?:\[INFO\] (?:Fail|Missing required value): |msg="(?:funcMap fail|missing required values?)" message=)(.*)$/

/** Reads what `helm lint` of a traced chart wrote to standard error; whether tracers were seen at all. */
export function readLog(stderr: string): { readonly works: boolean; readonly traces: Trace[] } {
  const traces: { branches: Set<number>; failure?: string; ended: boolean }[] = []
  let works = false
  for (const line of stderr.split('\n')) {
    const trace = traces.at(-1)
    const text = tracerLine.exec(line)?.[1]
    if (text === 'self-test') works = true
    else if (text === 'set') traces.push({ branches: new Set(), ended: false })
    else if (!trace) continue
    else if (text === 'end') trace.ended = true
    else if (trace.failure !== undefined) continue
    else if (text !== undefined) trace.branches.add(Number(text))
    else {
      const failure = failureLine.exec(line)?.[1]
      if (failure !== undefined) trace.failure = failure
    }
  }
  return { works, traces }
}
