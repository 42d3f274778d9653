import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { measureCoverage } from '../coverage/measure.ts'
import { requestsByLine } from '../coverage/measured.ts'
import { readChartFiles } from '../render/chart-files.ts'
import { cacheRoot, hashOf, pruneCache } from '../render/disk-cache.ts'
import { readRequests } from '../render/recorder.ts'
import { registeredPin } from '../tools/tool-pins.ts'
import { type Mutant, mutableFiles, mutantsOf, sampleOf } from './mutants.ts'
import { type Bases, type MutationState, openState, type Settled } from './plan.ts'
import { createMutantRenderer } from './renderer.ts'
import { createReport, type MutantException, type MutationReport } from './report.ts'
import { recordTests, type TestSuite, tryPlan } from './suite.ts'
import { tryMutants } from './try-mutants.ts'

/** What to mutate, and who should notice. */
export interface MutationOptions {
  /** The chart's folder. */
  readonly chart: string
  readonly suite: TestSuite
  /** Folders and files, relative to the suite's root, on which the tests depend, apart from the chart. */
  readonly sources: readonly string[]
  /** Which templates, by their paths in the chart. Default: all. */
  readonly only?: (file: string) => boolean
  /** Try only this many, drawn by `seed`. */
  readonly sample?: number
  readonly seed?: string
  readonly exceptions?: readonly MutantException[]
  /** What may differ in renders that count as the same, e.g. hashes of a template's text; with the flag `g`. */
  readonly ignore?: RegExp
  /** Where verdicts are kept; default: the tools' cache. */
  readonly cacheDir?: string
  /** Receives a line for each step and each verdict. */
  readonly tell?: (line: string) => void
}

const daysToKeep = 7

/** Tries the mutants that no earlier run on the same chart and tests has judged, and reports on all. */
export async function runMutation(options: MutationOptions): Promise<MutationReport> {
  const { chart, suite, only = () => true, exceptions = [], tell = () => {} } = options
  const all = mutantsOf(mutableFiles(chart))
  const chosen = all.filter(({ file }) => only(file))
  const mutants = sampleOf(chosen, options.sample ?? chosen.length, options.seed ?? '')
  const cache = options.cacheDir ?? cacheRoot(registeredPin('helm4').cache)
  const name = hashOf(relative(suite.root, chart), ...suite.tests)
  const bases = basesOf(options)
  const state = openState(join(cache, 'mutation', `verdicts-3-${name}.json`), bases)
  // In random order, so that a run that is stopped has judged a fair sample.
  const left = mutants.filter((mutant) => !state.get(mutant)).sort((a, b) => (a.id < b.id ? -1 : 1))
  tell(`${mutants.length} mutants, ${mutants.length - left.length} of them judged before`)
  if (left.length > 0) await judge(left, options, { cache, state, basis: bases.all })
  const settled = mutants.flatMap((mutant): Settled[] => {
    const verdict = state.get(mutant)
    return verdict ? [{ mutant, verdict }] : []
  })
  return createReport(all, chosen, settled, exceptions)
}

function basesOf({ chart, suite, sources }: MutationOptions): Bases {
  const files = sources.flatMap((source) => filesBelow(join(suite.root, source))).sort()
  const content = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  const parts = files.flatMap((path) => [relative(suite.root, path), content(path)])
  return {
    all: hashOf(readChartFiles(chart).hash, ...parts),
    template: ({ file }) => hashOf(content(join(chart, file))),
    test: (name) => hashOf(content(join(suite.root, name))),
  }
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => filesBelow(join(path, name)))
}

/** What is kept: a cache, verdicts, and a hash of all that the recorded requests depend on. */
interface Kept {
  readonly cache: string
  readonly state: MutationState
  readonly basis: string
}

async function judge(
  mutants: readonly Mutant[],
  { chart, suite, ignore, tell = () => {} }: MutationOptions,
  { cache, state, basis }: Kept,
): Promise<void> {
  const recordings = join(cache, 'mutation', 'records')
  const runs = join(cache, 'mutation', 'runs')
  for (const dir of [recordings, runs]) pruneCache(dir, daysToKeep)
  const recording = join(recordings, hashOf(chart, basis))
  const tests = await recordTests(suite, chart, recording, tell)
  const requests = readRequests([recording], chart)
  const executing = requestsByLine(await measureCoverage({ chart, requests, cacheDir: cache }))
  const dir = join(runs, String(process.pid))
  const tries = join(dir, 'tries')
  mkdirSync(tries, { recursive: true })
  let count = 0
  try {
    await tryMutants(mutants, {
      ...{ tests, dir: tries },
      renderer: await createMutantRenderer(chart, join(dir, 'charts'), requests, ignore),
      reach: ({ file, line }) => executing(file, line),
      runTests: async (plan) => {
        for (const test of await tryPlan(suite, plan)) tell(`cannot judge mutants: ${test}`)
      },
      settle: (mutant, verdict, kill) => {
        const { file, line, description } = mutant
        state.set(mutant, verdict, kill)
        const number = `${++count}/${mutants.length}`
        tell(`${number} ${verdict.status}: ${file}:${line} ${description}`)
      },
    })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
