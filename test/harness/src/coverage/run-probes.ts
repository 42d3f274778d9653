import { batchSize, driverSetOf } from '../render/bulk/driver-template.ts'
import type { RunHelm } from '../render/helm-runner.ts'
import type { RecordedRequest } from '../render/recorder.ts'
import type { CommandResult } from '../tools/run-command.ts'
import { CoverageError } from './coverage-error.ts'
import type { ProbeChart } from './probe-chart.ts'
import { type ProbeSet, probeValues } from './probe-driver.ts'
import { type ProbedSet, readProbeLog } from './probe-log.ts'

/** Runs the requests under `helm lint`, many in one process; gives what each executed, in order. */
export async function runProbes(
  chart: ProbeChart,
  requests: readonly RecordedRequest[],
  run: RunHelm,
): Promise<readonly ProbedSet[]> {
  const results = new Map<RecordedRequest, ProbedSet>()
  await Promise.all(
    batchesOf(requests).map(async (batch) => {
      const sets = await runBatch(chart, batch, run)
      batch.forEach((request, index) => {
        const set = sets[index]
        if (set) results.set(request, set)
      })
    }),
  )
  return requests.flatMap((request) => results.get(request) ?? [])
}

/**
 * Requests that one process can run: alike in all that the driver cannot change. Only Helm merges
 * values with files, so these run alone.
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

// A template that breaks off ends the process: the sets behind it run in the next one.
async function runBatch(
  chart: ProbeChart,
  batch: readonly RecordedRequest[],
  run: RunHelm,
): Promise<readonly ProbedSet[]> {
  const results: ProbedSet[] = []
  while (results.length < batch.length) {
    results.push(...(await runOnce(chart, batch.slice(results.length), run)))
  }
  return results
}

async function runOnce(
  chart: ProbeChart,
  batch: readonly RecordedRequest[],
  run: RunHelm,
): Promise<readonly ProbedSet[]> {
  const [first] = batch
  if (!first) return []
  const { helm, kube, templates, files } = first
  const wanted = templates?.map((template) => `${chart.name}/${template}`) ?? chart.units
  const units = chart.units.filter((unit) => wanted.includes(unit))
  const sets = batch.map(setOf)
  const input = probeValues({ units, sets, asksApis: chart.asksApis })
  const args = [
    ...['lint', chart.path, ...files.flatMap((file) => ['-f', file]), '-f', '-'],
    ...(kube ? ['--kube-version', kube] : []),
  ]
  const result = await run(helm, args, isAlone(first) ? { ...first.values, ...input } : input)
  return readRun(result, helm)
}

function readRun({ stdout, stderr }: CommandResult, helm: 3 | 4): readonly ProbedSet[] {
  const log = readProbeLog(stderr)
  const said = `${stdout}\n${stderr}`.split('\n').filter((line) => /^\[ERROR\]|^Error/.test(line))
  if (!log.works || log.sets.length === 0)
    throw new CoverageError(
      `Helm ${helm} does not log what templates pass to "fail" under "helm lint", so coverage cannot be measured. Use another version of it. ${said.join(' ')}`.trim(),
    )
  return log.sets.map((set) => (set.ended ? set : { ...set, error: said.join('\n') }))
}

function isAlone(request: RecordedRequest): boolean {
  return request.files.length > 0 || driverSetOf(request) === undefined
}

// What only Helm can merge comes to the driver as the chart's own values.
function setOf(request: RecordedRequest): ProbeSet {
  const { release, namespace, isUpgrade, apis } = request
  const values = isAlone(request) ? {} : (request.values ?? {})
  return { values, release, namespace, isUpgrade, apis }
}
