// Usage: npm run bench -- [--rounds 20] [--cases 200] [--check] [--tests]
// What one `helm template` of the default values costs against that of an empty chart (the floor), with and without the
// values schema, for both Helms, the runs interleaved; and how many renders a second the harness makes.
// Then the cost of a suite of --cases tests (0: none), beside helm-unittest if HELM_UNITTEST_BIN or PATH has it.
// --check fails when a ratio is above its budget; --tests also runs the tests and prints where their time goes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createTwins, formatColumns, isRecord, resolveTool, runCommand } from 'chart-harness'
import { chart, matrix, renderExample } from '../test/rules/project.ts'
import { compareSuites, findUnittest } from './lib/bench-suites.ts'
import { fail, readArgs, runScript } from './lib/cli.ts'

/** The most that the default values may cost, schema included, in renders of an empty chart. */
const budgets: Readonly<Record<3 | 4, number>> = { 3: 1.6, 4: 2 }
const helms = [3, 4] as const
const usage = 'bench-renders: npm run bench -- [--rounds 20] [--cases 200] [--check] [--tests]'
const slowestFiles = 15
const mostSuiteRounds = 5
const bulkSets = 100

interface Subject {
  readonly helm: 3 | 4
  readonly name: 'empty chart' | 'without schema' | 'with schema'
  readonly program: string
  readonly args: readonly string[]
  readonly milliseconds: number[]
}

await runScript(async () => {
  const { values } = readArgs(usage, {
    args: process.argv.slice(2),
    options: {
      rounds: { type: 'string', default: '20' },
      cases: { type: 'string', default: '200' },
      check: { type: 'boolean', default: false },
      tests: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    fail(`bench-renders: --rounds ${values.rounds} is not a number of rounds. Write 1 or more.`)
  const cases = Number(values.cases)
  if (!Number.isInteger(cases) || cases < 0)
    fail(`bench-renders: --cases ${values.cases} is not a number of tests. Write 0 or more.`)
  const dir = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const subjects = await listSubjects(writeEmptyChart(dir))
    await measure(subjects, rounds, join(dir, 'home'))
    console.log(formatColumns(tableOf(subjects)))
    console.log(await measureHarness())
    if (cases > 0) console.log(await compareTools(cases, rounds, join(dir, 'suites')))
    if (values.tests) console.log(await measureTests(dir))
    if (values.check) checkBudgets(subjects)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

function compareTools(cases: number, rounds: number, dir: string): Promise<string> {
  const unittest = findUnittest()
  const suiteRounds = Math.min(rounds, mostSuiteRounds)
  return compareSuites({ chart: chart.path, dir, cases, rounds: suiteRounds, helms, unittest })
}

function writeEmptyChart(dir: string): string {
  const path = join(dir, 'empty')
  mkdirSync(join(path, 'templates'), { recursive: true })
  writeFileSync(join(path, 'Chart.yaml'), 'apiVersion: v2\nname: empty\nversion: 0.1.0\n')
  return path
}

async function listSubjects(empty: string): Promise<Subject[]> {
  const found = await Promise.all(
    helms.map(async (helm) => {
      const { path: program } = await resolveTool(`helm${helm}`)
      const subject = (name: Subject['name'], path: string, ...flags: string[]): Subject => {
        return {
          helm,
          name,
          program,
          args: ['template', 'bench', path, ...flags],
          milliseconds: [],
        }
      }
      return [
        subject('empty chart', empty),
        subject('without schema', chart.path, '--skip-schema-validation'),
        subject('with schema', chart.path),
      ]
    }),
  )
  return found.flat()
}

// Interleaved, so that a busy moment of the machine meets all alike; one round to warm up.
async function measure(subjects: readonly Subject[], rounds: number, home: string): Promise<void> {
  const env = { HOME: home, PATH: process.env.PATH, KUBECONFIG: join(home, 'none') }
  for (let round = 0; round <= rounds; round++) {
    for (const { program, args, milliseconds } of subjects) {
      const start = performance.now()
      const { code, stderr } = await runCommand(program, args, { env })
      if (code !== 0) fail(`bench-renders: helm ${args.join(' ')} fails: ${stderr.trim()}`)
      if (round > 0) milliseconds.push(performance.now() - start)
    }
  }
}

/** The value in the middle. */
function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function ratioOf(subject: Subject, subjects: readonly Subject[]): number {
  const floor = subjects.find(({ helm, name }) => helm === subject.helm && name === 'empty chart')
  return median(subject.milliseconds) / median(floor?.milliseconds ?? [])
}

function tableOf(subjects: readonly Subject[]): string[][] {
  const rows = subjects.map((subject) => {
    const { helm, name, milliseconds } = subject
    const budget = name === 'with schema' ? `at most ${budgets[helm]}` : ''
    return [
      `Helm ${helm}`,
      name,
      median(milliseconds).toFixed(1),
      Math.min(...milliseconds).toFixed(1),
      (1000 / median(milliseconds)).toFixed(1),
      ratioOf(subject, subjects).toFixed(2),
      budget,
    ]
  })
  return [['', 'helm template of', 'ms', 'best ms', 'per second', 'ratio', 'budget'], ...rows]
}

function checkBudgets(subjects: readonly Subject[]): void {
  const over = subjects
    .filter(({ name }) => name === 'with schema')
    .filter((subject) => ratioOf(subject, subjects) > budgets[subject.helm])
    .map(
      (subject) =>
        `Helm ${subject.helm} costs ${ratioOf(subject, subjects).toFixed(2)} × an empty chart, at most ${budgets[subject.helm]} is allowed`,
    )
  if (over.length > 0)
    fail(`bench-renders: ${over.join('; ')}. Simplify the templates or the schema.`)
}

async function measureHarness(): Promise<string> {
  const twins = createTwins(chart.path, 'mastodon')
  const files = (example: string): string[] => [
    join(chart.path, '../values-examples', `${example}.yaml`),
  ]
  try {
    const fresh = await perSecond(() =>
      matrix.map(({ example, helm }) =>
        twins.again.render({ release: example, files: files(example), helm }),
      ),
    )
    await Promise.all(matrix.map(({ example, helm }) => renderExample(example, { helm })))
    const cached = await perSecond(() =>
      matrix.map(({ example, helm }) => renderExample(example, { helm })),
    )
    const bulk = await perSecond(() => [renderInBulk(3), renderInBulk(4)], 2 * bulkSets)
    return `harness on ${cpus().length} cores: ${fresh} renders of the examples per second, ${bulk} in bulk, ${cached} from the cache`
  } finally {
    twins.remove()
  }
}

function renderInBulk(helm: 3 | 4): Promise<unknown> {
  const sets = Array.from({ length: bulkSets }, (_, index) => ({ web: { replicas: index + 1 } }))
  const requests = sets.map((values) => ({ values, helm, schema: 'ajv' }) as const)
  return chart.renderAll(requests.map((request) => ({ ...request, keep: false })))
}

async function perSecond(start: () => Promise<unknown>[], count?: number): Promise<string> {
  const begin = performance.now()
  const results = await Promise.all(start())
  return (((count ?? results.length) * 1000) / (performance.now() - begin)).toFixed(1)
}

/** Runs the tests; the files that took longest, as vitest measured them. */
async function measureTests(dir: string): Promise<string> {
  const output = join(dir, 'tests.json')
  const root = join(import.meta.dirname, '..')
  const vitest = join(root, 'node_modules/.bin/vitest')
  const args = [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--reporter=json',
    `--outputFile=${output}`,
  ]
  const begin = performance.now()
  await runCommand(vitest, args, { cwd: root, env: process.env })
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  const report: unknown = JSON.parse(readFileSync(output, 'utf8'))
  const results = isRecord(report) && Array.isArray(report.testResults) ? report.testResults : []
  const rows = results
    .filter(isRecord)
    .map(({ name, startTime, endTime }) => ({
      name: basename(String(name)),
      time: (Number(endTime) - Number(startTime)) / 1000,
    }))
    .sort((a, b) => b.time - a.time)
  const slowest = rows.slice(0, slowestFiles).map(({ name, time }) => [time.toFixed(1), name])
  return `npm test: ${seconds} s; seconds by file:\n${formatColumns(slowest)}`
}
