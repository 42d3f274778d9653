// The same tests of our chart, once for the harness and once for helm-unittest.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { copyChart } from 'chart-harness'
import { chart, root } from '../../test/rules/project.ts'
import type { Subject } from './bench-subjects.ts'

// What the web Deployment needs: its own template and those whose checksums it carries.
const templates = ['templates/web/deployment.yaml']

/** What to compare. */
export interface SuiteOptions {
  /** A folder for what the suites need. */
  readonly dir: string
  readonly cases: number
  /** The program helm-unittest, if it is installed. */
  readonly unittest: string | undefined
}

/** The program helm-unittest: what HELM_UNITTEST_BIN names, or the one on PATH. */
export function findUnittest(): string | undefined {
  const { HELM_UNITTEST_BIN, PATH = '' } = process.env
  const onPath = PATH.split(delimiter).map((folder) => join(folder, 'helm-unittest'))
  return HELM_UNITTEST_BIN ?? onPath.find((file) => existsSync(file))
}

/** The suites of both tools, theirs first: with all templates, and with only those of the web Deployment. */
export function listSuites(options: SuiteOptions): Subject[] {
  const { unittest } = options
  const ours = [3, 4].flatMap((helm) => [
    harnessSuite(`harness, Helm ${helm}`, options, { BENCH_HELM: `${helm}` }),
    harnessSuite(`harness, Helm ${helm}, one template`, options, {
      BENCH_HELM: `${helm}`,
      BENCH_TEMPLATES: templates.join(','),
    }),
  ])
  if (!unittest) return ours
  const theirs = (name: string, some: readonly string[]): Subject => {
    return { name, program: unittest, args: [writeChart(name, some, options)], env: process.env }
  }
  return [theirs('helm-unittest', []), theirs('helm-unittest, its templates', templates), ...ours]
}

function harnessSuite(name: string, { dir, cases }: SuiteOptions, env: Subject['env']): Subject {
  const cache = join(dir, 'cache')
  return {
    name,
    prepare: () => rmSync(join(cache, 'renders'), { recursive: true, force: true }),
    program: join(root, 'node_modules/.bin/vitest'),
    args: ['run', '--config', join(root, 'test/bench/vitest.config.ts')],
    env: { ...process.env, BENCH_CACHE: cache, BENCH_CASES: `${cases}`, ...env },
  }
}

function writeChart(name: string, some: readonly string[], { dir, cases }: SuiteOptions): string {
  const path = copyChart(chart.path, join(dir, name))
  mkdirSync(join(path, 'tests'))
  const tests = Array.from({ length: cases }, (_, index) => ({
    it: `web with ${index + 2} replicas`,
    set: { 'web.replicas': index + 2 },
    template: templates[0],
    asserts: [
      { equal: { path: 'spec.replicas', value: index + 2 } },
      { equal: { path: 'spec.template.spec.containers[0].name', value: 'main' } },
    ],
  }))
  const only = some.length > 0 ? { templates: some } : {}
  const suite = { suite: 'web', release: { name: 'bench' }, ...only, tests }
  writeFileSync(join(path, 'tests/web_test.yaml'), JSON.stringify(suite))
  return path
}
