import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { affectedBy } from '../src/mutation/affected.ts'
import { isSame } from '../src/mutation/judge.ts'
import { mutantsOf } from '../src/mutation/mutants.ts'
import { unifiedDiff } from '../src/mutation/report.ts'
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

test('a template can change what includes it, directly or not, by name or by path', () => {
  const source = {
    'templates/_a.tpl': '{{ define "a" }}1{{ end }}',
    'templates/_b.tpl': '{{ define "b.one" }}{{ include "a" . }}{{ end }}',
    'templates/direct.yaml': 'a: {{ include "a" . }}',
    'templates/indirect.yaml': 'b: {{ include "b.one" . }}',
    'templates/built.yaml': 'b: {{ include (printf "b.%s" .x) . }}',
    'templates/hash.yaml': 'h: {{ include (print $.Template.BasePath "/alone.yaml") . }}',
    'templates/path.yaml': 'h: {{ include "demo/templates/direct.yaml" . }}',
    'templates/alone.yaml': 'c: 1 # include "a"',
    'templates/words.yaml': 'd: {{ $block := 1 }}{{ if .template }}{{ $block }}{{ .tpl }}{{ end }}',
    'values.yaml': 'x: one',
  }
  const affected = affectedBy(
    Object.entries(source).map(([file, text]) => ({ file, source: text })),
  )
  const names = (file: string) =>
    affected(file).map((name) => name.replace(/templates\/|\..*/g, ''))
  expect(names('templates/_a.tpl')).toEqual([
    '_a',
    '_b',
    'built',
    'direct',
    'hash',
    'indirect',
    'path',
  ])
  expect(names('templates/_b.tpl')).toEqual(['_b', 'built', 'hash', 'indirect'])
  expect(names('templates/alone.yaml')).toEqual(['alone', 'hash'])
  expect(names('values.yaml')).toHaveLength(10)
})

test('renders are the same but for blanks and what is ignored', () => {
  const job = (name: string, more = '') => ({
    ...{ code: 0, stderr: '' },
    stdout: `# Source: a/templates/job.yaml\napiVersion: batch/v1\nkind: Job\nmetadata: {name: ${name}}\n${more}`,
  })
  const hash = /-[0-9a-f]{8}\b/g
  expect(isSame(job('a-0123abcd'), job('a-0123abcd', '# told\n'))).toBe(true)
  expect(isSame(job('a-0123abcd'), job('a-4567abcd'))).toBe(false)
  expect(isSame(job('a-0123abcd'), job('a-4567abcd'), hash)).toBe(true)
  expect(isSame(job('a-0123abcd'), job('b-0123abcd'), hash)).toBe(false)
})

interface Report {
  readonly counts: Readonly<Record<string, number>>
  readonly survivors: readonly { readonly operator: string; readonly diff: string }[]
  readonly needless: readonly string[]
}

test('of a small chart each mutant is killed, survives or changes nothing, as it must', async () => {
  const [cache, bin] = [temporaryFolder(), join(temporaryFolder(), 'bin')]
  mkdirSync(bin)
  symlinkSync((await resolveTool('helm4')).path, join(bin, 'helm'))
  const run = async (): Promise<{ report: Report; told: string }> => {
    const args = ['--import', 'tsx', join(fixture('mutants'), 'run.ts'), cache]
    const PATH = `${bin}:${process.env.PATH}`
    const env = { PATH, HOME: process.env.HOME }
    const { code, stdout, stderr } = await runCommand(process.execPath, args, { env })
    if (code !== 0) throw new Error(stderr)
    return { report: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report, told: stderr }
  }
  const { report, told } = await run()
  const verdicts = told.split('\n')
  expect(verdicts).toContainEqual(expect.stringMatching(/killed: .*yaml:7 without quote/))
  expect(verdicts).toContainEqual(expect.stringMatching(/killed: .*yaml:6 the condition always/))
  expect(verdicts).toContainEqual(expect.stringMatching(/equivalent: .*yaml:9 without toString/))
  expect(report.survivors.map(({ diff }) => diff)).toContain(
    '--- a/values.yaml\n+++ b/values.yaml\n@@ -2,1 +2,1 @@\n-port: 80\n+port: 81',
  )
  expect(report.needless).toEqual([expect.stringContaining('gone (what once was)')])
  const again = await run()
  expect(again.report).toEqual(report)
  expect(again.told).not.toContain('killed')
}, 120_000)

test('the diff of a line that goes away adds none', () => {
  const [mutant] = mutantsOf([{ file: 'templates/a.yaml', source: 'a: b\nc: d\n' }])
  expect(mutant && unifiedDiff(mutant)).toBe(
    '--- a/templates/a.yaml\n+++ b/templates/a.yaml\n@@ -1,1 +1,0 @@\n-a: b',
  )
})
