import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { HelmJob } from '../render/helm-job.ts'
import type { RecordedRequest } from '../render/recorder.ts'

/** A request for a render, as the tests make it. */
export type RecordedJob = Omit<HelmJob, 'chartHash'> & Pick<RecordedRequest, 'id' | 'expected'>

/** A test and all that it asks Helm for. */
export interface RecordedTest {
  /** Relative to the root of the tests. */
  readonly file: string
  readonly name: string
  readonly jobs: readonly string[]
}

/** What the tests ask of one chart. */
export interface Records {
  readonly jobs: readonly RecordedJob[]
  /** Tests that render nothing but this chart: others would compare a mutant with what is none. */
  readonly tests: readonly RecordedTest[]
}

/** Reads what the recorder wrote into a folder. */
export function readRecords(dir: string, chart: string, root: string): Records {
  const requests = readdirSync(dir)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(dir, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as RecordedRequest)
  return gatherRecords(requests, resolve(chart), root)
}

function gatherRecords(requests: readonly RecordedRequest[], chart: string, root: string): Records {
  const jobs = new Map<string, RecordedJob>()
  const tests = new Map<string, { file: string; name: string; jobs: Set<string> }>()
  const others = new Set<string>()
  for (const { id, job, expected, file, test } of requests) {
    if (file === undefined || test === undefined) continue
    const name = relative(root, file)
    const key = `${name}\n${test}`
    if (job.path !== chart) {
      others.add(key)
      continue
    }
    jobs.set(id, { ...job, id, expected })
    const known = tests.get(key) ?? { file: name, name: test, jobs: new Set() }
    known.jobs.add(id)
    tests.set(key, known)
  }
  return {
    jobs: [...jobs.values()],
    tests: [...tests]
      .filter(([key]) => !others.has(key))
      .map(([, test]) => ({ ...test, jobs: [...test.jobs].sort() })),
  }
}
