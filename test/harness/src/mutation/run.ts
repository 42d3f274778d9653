import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { coverageMap, requestsAt } from '../coverage/coverage-map.ts'
import { measureCoverage } from '../coverage/measure.ts'
import { readRequests } from '../coverage/requests.ts'
import { readChartFiles } from '../render/chart-files.ts'
import { cacheRoot, hashOf, pruneCache, writeAtomically } from '../render/disk-cache.ts'
import { registeredPin } from '../tools/tool-pins.ts'
import { resolveTool } from '../tools/tools.ts'
import { type MutantException, needlessExceptions } from './exceptions.ts'
import { createKillers } from './killers.ts'
import type { Mutant } from './mutant.ts'
import { mutableFiles, mutantsOf } from './mutants.ts'
import { type Records, readRecords } from './records.ts'
import { createMutantRenderer } from './renderer.ts'
import { createReport, type MutationReport } from './report.ts'
import { recordTests, type TestSuite, tryPlan } from './run-vitest.ts'
import { sampleOf } from './sample.ts'
import { type Bases, type MutationState, openState, type Settled } from './state.ts'
import { type TrialSetting, tryMutants } from './try-mutants.ts'

/** What to mutate, and who should notice. */
export interface MutationOptions {
  /** The chart's folder. */
  readonly chart: string
  readonly suite: TestSuite
  /** Folders and files, relative to the suite's root, on which the tests rest beside the chart. */
  readonly sources: readonly string[]
  /** Which files of the chart, relative to it. Default: all templates and values.yaml. */
  readonly only?: (file: string) => boolean
  /** Try only so many, drawn by `seed`. */
  readonly sample?: number
  readonly seed?: string
  readonly exceptions?: readonly MutantException[]
  /** What may differ in renders that count as the same, e.g. hashes of a template's text; with the flag `g`. */
  readonly ignore?: RegExp
  /** Where verdicts are kept; default: the tools' cache. */
  readonly cacheDir?: string
  /** Told how the run goes on. */
  readonly tell?: (line: string) => void
}

const daysToKeep = 7

/** Tries the mutants that no earlier run on the same chart and tests has judged, and reports on all. */
export async function runMutation(options: MutationOptions): Promise<MutationReport> {
  const { chart, suite, only = () => true, exceptions = [], tell = () => {} } = options
  const all = mutantsOf(mutableFiles(chart))
  const chosen = all.filter(({ file }) => only(file))
  const mutants = sampleOf(chosen, options.sample ?? chosen.length, options.seed ?? '')
  const dir = join(options.cacheDir ?? cacheRoot(registeredPin('helm4').cache), 'mutation')
  const bases = basesOf(options)
  const state = openState(
    join(dir, `verdicts-2-${hashOf(relative(suite.root, chart), ...suite.tests)}.json`),
    bases,
  )
  // In no order of the files, so that what is judged is a fair sample of all.
  const left = mutants.filter((mutant) => !state.get(mutant)).sort((a, b) => (a.id < b.id ? -1 : 1))
  tell(`${mutants.length} mutants, ${mutants.length - left.length} of them judged before`)
  if (left.length > 0) {
    pruneCache(join(dir, 'records'), daysToKeep)
    pruneCache(join(dir, 'runs'), daysToKeep) // of runs that were killed
    const recorded = join(dir, 'records', hashOf(chart, bases.all))
    const records = await recordsOf(suite, chart, recorded, tell)
    const reach = await reachOf(chart, recorded, join(dir, '..'), records)
    const { ignore } = options
    await judge(left, {
      ...{ chart, suite, records, reach, state, dir, tell },
      killers: createKillers(all, state.lastKill),
      ...(ignore ? { ignore } : {}),
    })
  }
  const settled = mutants.flatMap((mutant) => settledOf(mutant, state))
  const reasons = new Map(exceptions.map(({ id, reason }) => [id, reason]))
  return {
    ...createReport(chosen.length, settled, (id) => reasons.get(id)),
    needless: needlessExceptions(exceptions, all, settled),
  }
}

function settledOf(mutant: Mutant, state: MutationState): Settled[] {
  const entry = state.get(mutant)
  return entry ? [{ mutant, verdict: entry.verdict }] : []
}

function basesOf({ chart, suite, sources }: MutationOptions): Bases {
  const files = sources.flatMap((source) => filesBelow(join(suite.root, source))).sort()
  const content = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  const parts = files.flatMap((path) => [relative(suite.root, path), content(path)])
  return {
    all: hashOf(readChartFiles(chart).hash, ...parts),
    file: ({ file }) => hashOf(content(join(chart, file))),
    test: (name) => hashOf(content(join(suite.root, name))),
  }
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => filesBelow(join(path, name)))
}

async function recordsOf(
  suite: TestSuite,
  chart: string,
  dir: string,
  tell: (line: string) => void,
): Promise<Records> {
  const done = join(dir, 'failed.json')
  if (!existsSync(done)) {
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(dir, { recursive: true })
    tell('the tests run once, without a mutant')
    writeAtomically(done, JSON.stringify(await recordTests(suite, dir)))
  }
  const failed = new Set(JSON.parse(readFileSync(done, 'utf8')) as string[])
  for (const test of failed) tell(`fails without a mutant, and does not count: ${test}`)
  const { jobs, tests } = readRecords(dir, chart, suite.root)
  if (tests.length === 0)
    throw new Error(
      `no test of ${suite.tests.join(', ')} renders ${chart}: is chart-harness/setup in setupFiles?`,
    )
  return { jobs, tests: tests.filter(({ file, name }) => !failed.has(`${file} > ${name}`)) }
}

/** Which jobs execute a mutant's line; for a default: all. */
async function reachOf(
  chart: string,
  recorded: string,
  cacheDir: string,
  { jobs }: Records,
): Promise<TrialSetting['reach']> {
  const requests = readRequests([recorded], chart)
  const map = coverageMap(await measureCoverage({ chart, requests, cacheDir }))
  const all = new Set(jobs.map(({ id }) => id))
  return ({ file, line }) => new Set(requestsAt(map, file, line) ?? all)
}

/** What a mutant's renders rest on besides the mutant. */
async function sameBasisOf(chart: string, { jobs }: Records, ignore?: RegExp): Promise<string> {
  const helms = [...new Set(jobs.map(({ helm }) => helm))].sort()
  const tools = await Promise.all(helms.map((helm) => resolveTool(`helm${helm}`)))
  return hashOf(readChartFiles(chart).hash, String(ignore), ...tools.map(({ version }) => version))
}

interface Judging {
  readonly reach: TrialSetting['reach']
  readonly killers: TrialSetting['killers']
  readonly chart: string
  readonly suite: TestSuite
  readonly records: Records
  readonly state: MutationState
  readonly dir: string
  readonly tell: (line: string) => void
  readonly ignore?: RegExp
}

// Those that many tests must see come last; a run that is stopped shall have judged some of them.
const atOnce = 450

async function judge(mutants: readonly Mutant[], judging: Judging): Promise<void> {
  const { chart, suite, records, reach, killers, state, tell, ignore } = judging
  const dir = join(judging.dir, 'runs', String(process.pid))
  const tries = join(dir, 'tries')
  let count = 0
  rmSync(dir, { recursive: true, force: true }) // of a run that was killed
  try {
    mkdirSync(tries, { recursive: true })
    const renderer = await createMutantRenderer(chart, dir, records.jobs, ignore)
    state.know(
      records.tests.flatMap(({ jobs }) => jobs),
      await sameBasisOf(chart, records, ignore),
    )
    const setting: TrialSetting = {
      ...{ records, renderer, reach, killers, dir: tries, lastSame: state.lastSame },
      runTests: async (plan) => {
        for (const test of await tryPlan(suite, plan)) tell(`cannot judge mutants: ${test}`)
      },
      settle: (mutant, verdict, kill) => {
        state.set(mutant, verdict, kill)
        tell(
          `${++count}/${mutants.length} ${verdict.status}: ${mutant.file}:${mutant.line} ${mutant.description}`,
        )
      },
    }
    for (let start = 0; start < mutants.length; start += atOnce)
      await tryMutants(mutants.slice(start, start + atOnce), setting)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
