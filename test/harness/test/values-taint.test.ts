import { expect, test } from 'vitest'
import { taintValues } from '../src/values/taint.ts'
import { smallChart } from './values-chart.ts'

const text = { type: 'string' }
const profiles = [{ name: 'plain', values: {} }]
const chartOf = (line: string) =>
  smallChart({ data: `  word: ${line}`, values: { word: 'a' }, properties: { word: text } })

test('quoted text comes out as it went in', async () => {
  const report = await taintValues(chartOf('{{ .Values.word | quote }}'), { profiles })
  expect(report).toMatchObject({ keys: 1, visible: 1, problems: [] })
  expect(report.renders).toBeGreaterThan(40)
})

test.each([
  ['yes', '"yes" comes out as true in ConfigMap/small data.word.'],
  ['0644', '"0644" comes out as 420 in ConfigMap/small data.word.'],
  ['1e3', '"1e3" comes out as 1000 in ConfigMap/small data.word.'],
  ['~', '"~" comes out as null in ConfigMap/small data.word.'],
  [' a', '" a" comes out as "a" in ConfigMap/small data.word.'],
] as const)('text without quotes: %j', async (word, message) => {
  const options = { profiles, strings: [word] }
  const { problems } = await taintValues(chartOf('{{ .Values.word }}'), options)
  expect(problems).toEqual([`word: ${message}`])
})

test('text that ends the document breaks the chart', async () => {
  const options = { profiles, strings: ['a\nb'] }
  const { problems } = await taintValues(chartOf('{{ .Values.word }}'), options)
  expect(problems).toEqual([expect.stringMatching(/^word: "a\\nb" breaks the chart: /)])
})

test('a chart may trim on purpose: the reason is given, and needed', async () => {
  const exceptions = { word: 'blanks around it mean nothing' }
  const trimmed = chartOf('{{ .Values.word | trim | quote }}')
  expect((await taintValues(trimmed, { profiles, exceptions })).problems).toEqual([])
  const quoted = chartOf('{{ .Values.word | quote }}')
  const { problems } = await taintValues(quoted, { profiles, exceptions })
  expect(problems).toEqual(['word: needs no exception. Remove it.'])
})

test('what a pattern forbids is not tried', async () => {
  const properties = { word: { type: 'string', pattern: '^[a-z]+$' } }
  const data = '  word: {{ .Values.word }}'
  const chart = smallChart({ data, values: { word: 'a' }, properties })
  const { problems } = await taintValues(chart, { profiles })
  expect(problems).toEqual([expect.stringMatching(/^word: "yes" comes out as true/)])
})

test('without a key to change it proves nothing, and says so', async () => {
  const none = taintValues(chartOf('{{ .Values.word }}'), { profiles, only: () => false })
  await expect(none).rejects.toThrow('no key with text is to be changed. Name others.')
})
