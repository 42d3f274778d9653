// Usage: npm run bench -- [--rounds 20] [--cases 200]
// What one `helm template` of the default values costs compared with an empty chart (the floor), with and without the values
// schema, for both Helms; and how many renders a second the harness makes. Then the cost of a suite of --cases tests
// (0: none), next to helm-unittest if HELM_UNITTEST_BIN or PATH has it. All runs are interleaved.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatColumns, resolveTool } from 'chart-harness'
import { chart, matrix, renderExample } from '../test/rules/project.ts'
import { type Cost, measure, type Subject } from './lib/bench-subjects.ts'
import { findUnittest, listSuites } from './lib/bench-suites.ts'
import { type Call, readArgs, readCount, runScript } from './lib/cli.ts'

const helms = [3, 4] as const
const mostSuiteRounds = 5
const bulkSets = 100

/** What `npm run bench` does. */
export async function main({ args, print }: Call): Promise<void> {
  const { values } = readArgs(import.meta, args, {
    options: {
      rounds: { type: 'string', default: '20' },
      cases: { type: 'string', default: '200' },
    },
  })
  const rounds = readCount(import.meta, 'rounds', values.rounds)
  const cases = readCount(import.meta, 'cases', values.cases, 0)
  const dir = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    print(await measureTemplates(dir, rounds))
    print(await measureHarness())
    if (cases > 0) print(await measureSuites(dir, cases, Math.min(rounds, mostSuiteRounds)))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function measureTemplates(dir: string, rounds: number): Promise<string> {
  const empty = join(dir, 'empty')
  mkdirSync(join(empty, 'templates'), { recursive: true })
  writeFileSync(join(empty, 'Chart.yaml'), 'apiVersion: v2\nname: empty\nversion: 0.1.0\n')
  const home = join(dir, 'home')
  const env = { HOME: home, PATH: process.env.PATH, KUBECONFIG: join(home, 'none') }
  const charts = [
    ['empty chart', empty],
    ['without schema', chart.path, '--skip-schema-validation'],
    ['with schema', chart.path],
  ]
  const subjects: Subject[] = []
  for (const helm of helms) {
    const { path: program } = await resolveTool(`helm${helm}`)
    for (const [name, ...args] of charts) {
      const ofHelm = { name: `Helm ${helm}, ${name}`, program, env }
      subjects.push({ ...ofHelm, args: ['template', 'bench', ...args] })
    }
  }
  const costs = await measure(subjects, rounds)
  const rows = subjects.map(({ name }, index) => {
    const { wall, best } = costs[index] as Cost
    const floor = costs[index - (index % charts.length)] as Cost
    return [name, ...[wall, best, 1000 / wall].map(decimal), (wall / floor.wall).toFixed(2)]
  })
  return formatColumns([['helm template', 'ms', 'best ms', 'per second', 'ratio'], ...rows])
}

async function measureSuites(dir: string, cases: number, rounds: number): Promise<string> {
  const unittest = findUnittest()
  const suites = listSuites({ dir, cases, unittest })
  const costs = await measure(suites, rounds)
  const rows = suites.map(({ name }, index) => {
    const { wall, cpu } = costs[index] as Cost
    const against = costs.slice(0, unittest ? 2 : 0).map((other) => (wall / other.wall).toFixed(2))
    return [name, decimal(wall / cases), decimal(cpu / cases), ...against]
  })
  const others = unittest ? ['÷ unittest', '÷ its templates'] : []
  const hint = unittest ? '' : '\nhelm-unittest is not on PATH: set HELM_UNITTEST_BIN to compare.'
  return formatColumns([[`${cases} tests`, 'ms a test', 'CPU ms', ...others], ...rows]) + hint
}

async function measureHarness(): Promise<string> {
  const renderAll = (options: { readonly fresh?: boolean }): Promise<unknown>[] =>
    matrix.map(({ example, helm }) => renderExample(example, { helm, ...options }))
  const fresh = await perSecond(() => renderAll({ fresh: true }), matrix.length)
  await Promise.all(renderAll({}))
  const cached = await perSecond(() => renderAll({}), matrix.length)
  const bulk = await perSecond(() => helms.map(renderInBulk), helms.length * bulkSets)
  return `harness on ${cpus().length} cores: ${fresh} renders of the examples per second, ${bulk} in bulk, ${cached} from the cache`
}

function renderInBulk(helm: 3 | 4): Promise<unknown> {
  const sets = Array.from({ length: bulkSets }, (_, index) => ({ web: { replicas: index + 1 } }))
  return chart.renderAll(sets.map((values) => ({ values, helm, schema: 'ajv', keep: false })))
}

async function perSecond(start: () => Promise<unknown>[], count: number): Promise<string> {
  const begin = performance.now()
  await Promise.all(start())
  return decimal((count * 1000) / (performance.now() - begin))
}

function decimal(number: number): string {
  return number.toFixed(1)
}

await runScript(main, import.meta)
