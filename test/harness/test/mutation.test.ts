import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Mutant, mutableFiles, mutantsOf } from '../src/mutation/mutants.ts'
import { type MutationState, openState, type Plan } from '../src/mutation/plan.ts'
import { isAlike } from '../src/mutation/renderer.ts'
import { type MutationReport, unifiedDiff } from '../src/mutation/report.ts'
import { tryMutants } from '../src/mutation/try-mutants.ts'
import { runCommand } from '../src/tools/run-command.ts'
import { resolveTool } from '../src/tools/tools.ts'
import { fixture, temporaryFolder } from './support.ts'

/** The lines that the mutants of a template make of its only line, by operator. */
function mutationsOf(source: string): string[] {
  return mutantsOf([{ file: 'templates/a.yaml', source }]).map(
    ({ operator, after }) => `${operator}: ${after}`,
  )
}

test.each([
  ['{{ if eq .a "b" }}x{{ end }}', 'negate-condition: {{ if ne .a "b" }}x{{ end }}'],
  ['{{ if not .a }}x{{ end }}', 'negate-condition: {{ if .a }}x{{ end }}'],
  ['{{ if .a }}x{{ end }}', 'condition-false: {{ if false }}x{{ end }}'],
  ['{{ if .a }}x{{ end }}', 'condition-true: {{ if true }}x{{ end }}'],
  ['{{ range .a }}x{{ end }}', 'skip-loop: {{ range list }}x{{ end }}'],
  ['{{ if .a }}x{{ else }}y{{ end }}', 'drop-else: {{ if .a }}x{{ end }}'],
  ['a: {{ .b | quote }}', 'drop-call: a: {{ .b }}'],
  ['a: {{ trunc 63 .b }}', 'drop-call: a: {{ .b }}'],
  ['a: {{ .b | default 1 }}', 'always-default: a: {{ 1 }}'],
  ['a: {{ toYaml .b | nindent 4 }}', 'change-indent: a: {{ toYaml .b | nindent 6 }}'],
  ['a: {{ ternary 1 2 .b }}', 'swap-ternary: a: {{ ternary 2 1 .b }}'],
  ['a: {{ list 1 2 }}', 'drop-element: a: {{ list 2 }}'],
  ['a: {{ dict "k" 1 "l" 2 }}', 'drop-pair: a: {{ dict "l" 2 }}'],
  ['a: {{ and .b .c }}', 'swap-function: a: {{ or .b .c }}'],
  ['a: {{ if lt .b 3 }}{{ end }}', 'change-number: a: {{ if lt .b 4 }}{{ end }}'],
  ['name: http', 'change-scalar: name: httpx'],
  ['name: http', 'drop-line: '],
])('%s becomes %s', (source, mutation) => {
  expect(mutationsOf(source)).toContain(mutation)
})

test('comments and blanks have no mutants', () => {
  expect(mutationsOf('# a: 1\n\n{{- /* quote 2 */}}\n---\n')).toEqual([])
})

test('a parent goes with its block', () => {
  const source = 'a:\n  {{- if .b }}\n  c: 1\n  {{- end }}\nd: 2\n'
  const [parent] = mutantsOf([{ file: 'templates/a.yaml', source }])
  expect(parent?.apply(source)).toBe('d: 2\n')
})

test('a mutant keeps its name when lines come before it', () => {
  const source = 'a: {{ .b | quote }}\n'
  const [moved] = mutantsOf([{ file: 'templates/a.yaml', source: `# new\n\n${source}` }])
  const [mutant] = mutantsOf([{ file: 'templates/a.yaml', source }])
  expect(moved?.id).toBe(mutant?.id)
  expect(moved?.line).toBe(3)
})

test('default values have no mutants', () => {
  const files = mutableFiles(fixture('mutants/chart'))
  expect(files.map(({ file }) => file)).toEqual(['templates/config-map.yaml'])
})

test('renders are alike apart from blanks and what is ignored', () => {
  const job = (name: string, more = '') => ({
    ...{ code: 0, stderr: '' },
    stdout: `# Source: a/templates/job.yaml\napiVersion: batch/v1\nkind: Job\nmetadata: {name: ${name}}\n${more}`,
  })
  const hash = /-[0-9a-f]{8}\b/g
  expect(isAlike(job('a-0123abcd'), job('a-0123abcd', '# why\n'))).toBe(true)
  expect(isAlike(job('a-0123abcd'), job('a-4567abcd'))).toBe(false)
  expect(isAlike(job('a-0123abcd'), job('a-4567abcd'), hash)).toBe(true)
  expect(isAlike(job('a-0123abcd'), job('b-0123abcd'), hash)).toBe(false)
})

const source = ['a: {{ .a | quote }}', 'b: {{ .b | quote }}', ''].join('\n')
const mutants = mutantsOf([{ file: 'templates/a.yaml', source }])
const on = (line: number): Mutant => {
  const mutant = mutants.find((one) => one.line === line)
  if (!mutant) throw new Error(`no mutant on line ${line}`)
  return mutant
}

/** The state in a file, opened by a run with these contents of files. */
function stateIn(path: string, contents: Readonly<Record<string, string>> = {}): MutationState {
  const of = (name: string): string => contents[name] ?? name
  return openState(path, { all: of('all'), template: ({ file }) => of(file), test: of })
}

test('a kill holds until the mutated template or the test changes', () => {
  const path = join(temporaryFolder(), 'state.json')
  const kill = { mutant: on(1).id, file: 'a.test.ts', test: 'a' }
  stateIn(path).set(on(1), { status: 'killed', by: 'a' }, kill)
  expect(stateIn(path, { all: 'other' }).get(on(1))?.status).toBe('killed')
  expect(stateIn(path, { 'a.test.ts': 'other' }).get(on(1))).toBeUndefined()
  expect(stateIn(path, { [on(1).file]: 'other' }).get(on(1))).toBeUndefined()
})

test('a survival holds until anything changes', () => {
  const path = join(temporaryFolder(), 'state.json')
  stateIn(path).set(on(1), { status: 'survived', by: '' })
  expect(stateIn(path).get(on(1))?.status).toBe('survived')
  expect(stateIn(path, { all: 'other' }).get(on(1))).toBeUndefined()
})

const result = (stdout: string, stderr = '') => ({ code: stderr === '' ? 0 : 1, stdout, stderr })
const panics = result('', 'template: a/templates/a.yaml:1:2: executing "a" at <.a>: nil pointer')
const requests = Array.from({ length: 9 }, (_, index) => `request-${index}`)
/** One test makes all requests but the last, another each of the first three. */
const tests = [
  { file: 'a.test.ts', name: 'all but the last', requests: requests.slice(0, -1) },
  ...requests.slice(0, 3).map((id) => ({ file: 'b.test.ts', name: id, requests: [id] })),
]

/** Tries a mutant that changes these requests; returns the verdict and the tests of each plan. */
async function tried(
  changed: readonly string[],
  { reach = requests, after = result('a'), isAlike = false } = {},
): Promise<{ status: string; plans: string[][] }> {
  const plans: string[][] = []
  let status = ''
  await tryMutants([on(1)], {
    ...{ tests, dir: temporaryFolder(), reach: () => reach },
    renderer: {
      changes: async (_, ids) =>
        new Map(ids.filter((id) => changed.includes(id)).map((id) => [id, after])),
      isAlike: () => isAlike,
    },
    runTests: async ({ tests }: Plan) => {
      plans.push(Object.values(tests).flatMap((file) => Object.keys(file)))
    },
    settle: (_, verdict) => {
      status = verdict.status
    },
  })
  return { status, plans }
}

test('a mutant that no test notices survives, after each test whose requests it changes', async () => {
  const { status, plans } = await tried(['request-1'])
  expect(status).toBe('survived')
  expect(plans).toEqual([['request-1'], ['all but the last']])
})

test('a mutant that changes no request is equivalent, and so is one that renders the same objects', async () => {
  expect(await tried([])).toEqual({ status: 'equivalent', plans: [] })
  expect((await tried(['request-1'], { isAlike: true })).status).toBe('equivalent')
})

test('a mutant that breaks all that it changes is broken, whatever tests say', async () => {
  expect(await tried(requests, { after: panics })).toEqual({ status: 'broken', plans: [] })
})

test('a mutant that no request of a test executes is unreached', async () => {
  expect((await tried(['request-8'], { reach: ['request-8'] })).status).toBe('unreached')
})

test('each mutant of a small chart is killed, survives or changes nothing, as it must', async () => {
  const [cache, bin] = [temporaryFolder(), join(temporaryFolder(), 'bin')]
  mkdirSync(bin)
  symlinkSync((await resolveTool('helm4')).path, join(bin, 'helm'))
  const run = async (): Promise<{ report: MutationReport; log: string }> => {
    const args = ['--import', 'tsx', join(fixture('mutants'), 'run.ts'), cache]
    const PATH = `${bin}:${process.env.PATH}`
    const env = { PATH, HOME: process.env.HOME }
    const { code, stdout, stderr } = await runCommand(process.execPath, args, { env })
    if (code !== 0) throw new Error(stderr)
    return { report: JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), log: stderr }
  }
  const { report, log } = await run()
  const verdicts = log.split('\n')
  expect(verdicts).toContainEqual(expect.stringMatching(/killed: .*yaml:7 without quote/))
  expect(verdicts).toContainEqual(expect.stringMatching(/killed: .*yaml:6 the condition always/))
  expect(verdicts).toContainEqual(expect.stringMatching(/equivalent: .*yaml:9 without toString/))
  expect(report.survivors.map(({ diff }) => diff.split('\n').at(-1))).toEqual([
    '+  port: {{ .Values.port | toString }}',
  ])
  expect(report.needless).toEqual([expect.stringContaining('gone (what once was)')])
  const again = await run()
  expect(again.report).toEqual(report)
  expect(again.log).not.toContain('killed')
})

test('the diff of a removed line adds none', () => {
  const [mutant] = mutantsOf([{ file: 'templates/a.yaml', source: 'a: b\nc: d\n' }])
  expect(mutant && unifiedDiff(mutant)).toBe(
    '--- a/templates/a.yaml\n+++ b/templates/a.yaml\n@@ -1,1 +1,0 @@\n-a: b',
  )
})
