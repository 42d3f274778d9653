import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findBranches } from '../src/coverage/branches.ts'
import { formatLcov } from '../src/coverage/lcov.ts'
import type { Coverage } from '../src/coverage/measure.ts'
import { requestsByLine } from '../src/coverage/measured.ts'
import { coverageProblems, formatCoverage, reportCoverage } from '../src/coverage/report.ts'
import { readLog } from '../src/coverage/trace.ts'
import { instrument, templateSources } from '../src/coverage/tracer.ts'
import { createChart } from '../src/render/chart.ts'
import { copyChart } from '../src/render/chart-files.ts'
import { readRequests } from '../src/render/recorder.ts'
import type { RenderRequest } from '../src/render/request.ts'
import { type Ask, changed, coverageOf, titles } from './coverage-of.ts'
import { fixture, temporaryFolder } from './support.ts'

describe.each([3, 4] as const)('with Helm %i', (helm) => {
  const measure = (asks: readonly Ask[], path = fixture('branches')): Promise<Coverage> =>
    coverageOf(
      path,
      asks.map((one) => ({ ...one, helm })),
    )

  test('the default values execute what is on by default and nothing else', async () => {
    const coverage = await measure([{ kube: '1.31' }])
    expect(titles(coverage, false)).toEqual([
      'the file',
      'define "branches.unused"',
      'if .Values.bad',
      'if eq .Values.bad "worse"',
      'implicit else of if eq .Values.bad "worse"',
      'else if eq .Values.mode "b"',
      'else of if eq .Values.mode "a", else if eq .Values.mode "b"',
      'range .Values.list',
      'if and .Values.metrics.enabled (eq .Values.mode "b")',
      'if .Release.IsUpgrade',
      'if .Capabilities.APIVersions.Has "monitoring.coreos.com/v1"',
      'if semverCompare ">=1.33-0" .Capabilities.KubeVersion.Version',
    ])
  })

  test('values, upgrades, APIs and versions reach the others, in one process or several', async () => {
    const coverage = await measure([
      { values: { mode: 'b', metrics: { enabled: true } } },
      { values: { list: ['x'] }, isUpgrade: true },
      { apis: ['monitoring.coreos.com/v1'] },
      { kube: '1.33' },
    ])
    expect(coverageProblems(coverage).map(({ message }) => message)).toEqual([
      'no request executes "define "branches.unused""',
      'no request executes "if .Values.bad"',
      'no request executes "if eq .Values.bad "worse""',
    ])
  })

  test('an expected failure covers what runs before it, never what lint runs behind it', async () => {
    const coverage = await measure([{}, { values: { bad: 'worse' }, fails: true }])
    expect(titles(coverage, true)).toContain('if .Values.bad')
    expect(titles(coverage, false)).toContain('if eq .Values.bad "worse"')
  })

  test('a failure that no test expects covers nothing', async () => {
    const coverage = await measure([{}, { values: { bad: 'worse' } }])
    expect(titles(coverage, false)).toContain('if .Values.bad')
    expect(coverage.requests.refused).toBe(1)
  })

  test('a template that fails hides no request after it', async () => {
    const path = changed('  needed: {{ . }}', '  needed: {{ $.Values.broken.x.y }}')
    const coverage = await measure(
      [
        { values: { broken: { x: {} } } },
        { values: { mode: 'a' }, fails: true },
        { values: { mode: 'b', broken: { x: {} } } },
      ],
      path,
    )
    expect(coverage.requests).toEqual({ rendering: 2, failing: 1, refused: 0 })
    expect(titles(coverage, true)).toContain('else if eq .Values.mode "b"')
  })
})

test('with tracers that print nothing the render is the same to the byte', async () => {
  const traced = templateSources(fixture('branches')).map(({ file, source }) => [
    file,
    instrument(source, findBranches(file, source), () => '""'),
  ])
  const copy = join(temporaryFolder(), 'branches')
  const path = copyChart(fixture('branches'), copy, Object.fromEntries(traced))
  const requests: RenderRequest[] = [
    {},
    { values: { mode: 'b', metrics: { enabled: true }, list: ['x', 'y'] } },
    { values: { mode: 'c' }, isUpgrade: true },
  ]
  const text = async (chart: string): Promise<string[]> => {
    const outcomes = await createChart({ path: chart, release: 'r' }).renderAll(requests)
    return outcomes.map(({ render, failure }) => render?.text ?? failure?.message ?? '')
  }
  const plain = await text(fixture('branches'))
  expect(await text(path)).toEqual(plain)
  expect(plain.map((render) => /^---/.test(render))).toEqual([true, true, true])
})

test('a Helm that does not log tracers is noticed', () => {
  expect(readLog('level=INFO msg="something else" text=~self-test~\n').works).toBe(false)
  expect(readLog('engine.go:1: [INFO] Fail: ~self-test~\n').works).toBe(true)
})

test('an exception that is not needed is a problem', async () => {
  const coverage = await coverageOf(fixture('branches'), [{ values: { mode: 'c' } }])
  expect(coverageProblems(coverage)).toContainEqual({
    rule: 'exception-needless',
    file: 'templates/config.yaml',
    line: 17,
    message:
      '"else of if eq .Values.mode "a", else if eq .Values.mode "b"" is executed and needs no exception. Remove the comment.',
  })
})

test.each([
  ['without a reason', ' — the third mode is not built yet */', ' */', 'needs a reason'],
  ['in no branch', '  mode: c', '  mode: c{{/* coverage: ignore — x */}}', 'is in no branch'],
])('an exception %s is a problem', async (_, search, replacement, message) => {
  const coverage = await coverageOf(changed(search, replacement), [{}])
  const wrong = coverageProblems(coverage).filter(({ rule }) => rule === 'exception-wrong')
  expect(wrong.map((problem) => problem.message).join()).toContain(message)
})

test('the report lists what is not executed, and what is excepted', async () => {
  const report = reportCoverage(await coverageOf(fixture('branches'), [{}]))
  expect(report.excepted).toBe(1)
  expect(report.problems.map(({ message }) => message).join()).not.toContain(
    'else of if eq .Values.mode',
  )
  const text = formatCoverage(report)
  expect(text).toContain('templates/config.yaml:23: no request executes "if and .Values.metrics')
  expect(text).toMatch(
    /Excepted:\n {2}templates\/config\.yaml:\d+: else of .*mode is not built yet\)/,
  )
})

test('LCOV counts the requests of functions, branches and lines', async () => {
  const coverage = await coverageOf(fixture('branches'), [{}, { values: { mode: 'b' } }])
  const records = formatLcov(coverage, 'chart/').split('end_of_record\n')
  const [helpers = '', config = ''] = ['_helpers.tpl', 'config.yaml'].map((name) =>
    records.find((record) => record.includes(`SF:chart/templates/${name}\n`)),
  )
  expect(helpers).toContain('FNDA:2,branches.used\nFNDA:0,branches.unused\nFNF:2\nFNH:1\n')
  expect(config).toMatch(/^BRDA:12,\d+,0,1$/m)
  expect(config).toMatch(/^BRDA:3,\d+,0,-$/m)
  expect(config).toContain('DA:13,1\n')
  expect(config).toContain('DA:7,2\n')
})

test('the requests that execute a line are known', async () => {
  const coverage = await coverageOf(fixture('branches'), [{}, { values: { mode: 'b' } }])
  const executing = requestsByLine(coverage)
  expect(executing('templates/config.yaml', 13)).toHaveLength(1)
  expect(executing('templates/config.yaml', 7)).toHaveLength(2)
  expect(executing('templates/config.yaml', 18)).toEqual([])
})

test('a chart with subcharts is one sentence', async () => {
  const path = changed('  mode: c', '  mode: d')
  mkdirSync(join(path, 'charts'))
  await expect(coverageOf(path, [{}])).rejects.toThrow('Measure a chart without.')
})

test('a folder without recordings is one sentence', () => {
  expect(() => readRequests([temporaryFolder()], fixture('branches'))).toThrow(
    /holds no recorded requests\. Run the tests with the recorder\.$/,
  )
})
