// The same 200 tests of our chart, once for the harness and once for helm-unittest.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { copyChart, formatColumns, runCommand } from 'chart-harness'
import { fail } from './cli.ts'

/** A suite of tests and how to run it. */
interface Suite {
  readonly name: string
  /** Makes what the run needs; what is timed starts behind it. */
  readonly prepare: () => void
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The cost of one run of a suite. */
interface SuiteCost {
  readonly wall: number
  /** Seconds of all cores, child processes included. */
  readonly cpu: number
  /** MiB, the most that the process and its children held together; undefined where /proc is missing. */
  readonly memory: number | undefined
}

// What the web Deployment needs: its own template and those whose checksums it carries.
const templates = ['templates/web/deployment.yaml']

/** How to compare. */
export interface SuiteOptions {
  readonly chart: string
  /** An empty folder for what the suites need. */
  readonly dir: string
  readonly cases: number
  readonly rounds: number
  /** The Helms of the harness' suites. */
  readonly helms: readonly (3 | 4)[]
  /** The program helm-unittest, if it is at hand. */
  readonly unittest?: string | undefined
}

/** Runs the suites in turn, so that a busy moment meets all alike; the medians as a table. */
export async function compareSuites(options: SuiteOptions): Promise<string> {
  const { cases, rounds, unittest } = options
  const suites = listSuites(options)
  const costs = suites.map((): SuiteCost[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, suite] of suites.entries()) costs[index]?.push(await runSuite(suite))
  }
  const walls = costs.map((runs) => median(runs.map(({ wall }) => wall)))
  const rows = suites.map(({ name }, index) => [
    name,
    ...[walls[index] ?? 0, median(costs[index]?.map(({ cpu }) => cpu) ?? [])].map((seconds) =>
      ((seconds * 1000) / cases).toFixed(1),
    ),
    ...[0, 1].map((other) =>
      unittest ? ((walls[index] ?? 0) / (walls[other] ?? 1)).toFixed(2) : '–',
    ),
    median(costs[index]?.map(({ memory = Number.NaN }) => memory) ?? []).toFixed(0),
  ])
  const head = [`${cases} tests`, 'ms a test', 'CPU ms', '÷ unittest', '÷ its templates', 'MiB']
  const hint = unittest ? '' : '\nhelm-unittest is not on PATH: set HELM_UNITTEST_BIN to compare.'
  return `${formatColumns([head, ...rows])}${hint}`
}

/** The program helm-unittest: what HELM_UNITTEST_BIN names, or the one on PATH. */
export function findUnittest(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const { HELM_UNITTEST_BIN } = process.env
  return (
    HELM_UNITTEST_BIN ??
    folders.map((folder) => join(folder, 'helm-unittest')).find((file) => existsSync(file))
  )
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Both tools' suites: all templates, and the web Deployment's alone. */
function listSuites({ chart, dir, cases, helms, unittest }: SuiteOptions): Suite[] {
  const ours = helms.flatMap((helm) => [
    harnessSuite(`harness, Helm ${helm}`, dir, cases, { BENCH_HELM: String(helm) }),
    harnessSuite(`harness, Helm ${helm}, one template`, dir, cases, {
      BENCH_HELM: String(helm),
      BENCH_TEMPLATES: templates.join(','),
    }),
  ])
  if (!unittest) return ours
  const theirs = (name: string, some: readonly string[]): Suite => {
    const path = writeChart(chart, join(dir, name), cases, some)
    return { name, prepare: () => {}, program: unittest, args: [path], env: process.env }
  }
  return [theirs('helm-unittest', []), theirs('helm-unittest, its templates', templates), ...ours]
}

function harnessSuite(name: string, dir: string, cases: number, env: Suite['env']): Suite {
  const root = join(import.meta.dirname, '../..')
  const cache = join(dir, 'cache')
  return {
    name,
    prepare: () => rmSync(join(cache, 'renders'), { recursive: true, force: true }),
    program: join(root, 'node_modules/.bin/vitest'),
    args: ['run', '--config', join(root, 'test/bench/vitest.config.ts')],
    env: { ...process.env, BENCH_CACHE: cache, BENCH_CASES: String(cases), ...env },
  }
}

function writeChart(chart: string, path: string, cases: number, some: readonly string[]): string {
  copyChart(chart, path)
  mkdirSync(join(path, 'tests'))
  const tests = Array.from({ length: cases }, (_, index) => ({
    it: `web with ${index + 2} replicas`,
    set: { 'web.replicas': index + 2 },
    template: 'templates/web/deployment.yaml',
    asserts: [
      { equal: { path: 'spec.replicas', value: index + 2 } },
      { equal: { path: 'spec.template.spec.containers[0].name', value: 'main' } },
    ],
  }))
  const suite = {
    suite: 'web',
    release: { name: 'bench' },
    ...(some.length > 0 ? { templates: some } : {}),
    tests,
  }
  writeFileSync(join(path, 'tests/web_test.yaml'), JSON.stringify(suite))
  return path
}

/** Runs the suite once; ends the program with the tool's words when a test fails. */
async function runSuite(suite: Suite): Promise<SuiteCost> {
  suite.prepare()
  const stop = watchMemory()
  const start = performance.now()
  const timed = 'TIMEFORMAT="%U %S"; { time "$@" >&3 2>&3; } 3>&1'
  const { code, stdout, stderr } = await runCommand(
    'bash',
    ['-c', timed, 'bench', suite.program, ...suite.args],
    { env: suite.env },
  )
  const wall = (performance.now() - start) / 1000
  const memory = stop()
  if (code !== 0) fail(`bench: ${suite.name} fails:\n${stdout.slice(-2000)}`)
  const [user = 0, system = 0] = stderr.trim().split(' ').map(Number)
  return { wall, cpu: user + system, memory }
}

const sampleEvery = 30

/** Adds up the memory of our child processes every now and then; the returned function ends it. */
function watchMemory(): () => number | undefined {
  let most: number | undefined
  const sample = (): void => {
    const now = memoryOfChildren(process.pid)
    if (now !== undefined) most = Math.max(most ?? 0, now)
  }
  const timer = setInterval(sample, sampleEvery)
  return () => {
    clearInterval(timer)
    return most
  }
}

function memoryOfChildren(pid: number): number | undefined {
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`)
  if (children === undefined) return undefined
  const pids = children.trim().split(' ').filter(Boolean).map(Number)
  return pids.reduce((sum, child) => {
    const pages = Number(readIfThere(`/proc/${child}/statm`)?.split(' ')[1] ?? 0)
    return sum + (pages * 4096) / 2 ** 20 + (memoryOfChildren(child) ?? 0)
  }, 0)
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // not Linux, or the process has ended
  }
}
