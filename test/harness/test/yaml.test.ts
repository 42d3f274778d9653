import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseYaml, splitDocuments } from '../src/objects/yaml.ts'
import { smallChart } from './values-chart.ts'

// Spellings on which YAML readers differ.
const scalars = (
  'on On ON yes Yes YES no No NO n N y Y off Off OFF true True TRUE tRue false False ~ null Null NULL nULL ' +
  '0 00 08 09 0644 0777 -0777 0o644 0O644 0o8 0x1F 0X1F +0x1 0x 0b11 0b2 +5 -5 -0 1_000 1_0.5 _1 1_ 1__0 ' +
  '1e3 1E3 1e+3 1e-3 1.5e3 12e03 1e e3 1.e3 .5 5. -.5 +.5 . 0.0 1.10 1.2.3 1:30 12:30:45 190:20:30 ' +
  '. ._ -. e3 -e3 .e3 _ 0X1F -0O17 ' +
  '2024-01-01 2024-01-01T00:00:00Z 2024-01-01t00:00:00+01:00 123abc 1,000 = a'
).split(' ')

test.each([
  ['a: &x [1, {b: "x"}]\nc: *x', { a: [1, { b: 'x' }], c: [1, { b: 'x' }] }],
  [
    "text: |\n  a\n\n  b\nfolded: >-\n  a\n  b\nsingle: 'it''s'",
    { text: 'a\n\nb\n', folded: 'a b', single: "it's" },
  ],
  ['- ? key\n  : value\n-\n  - b # more', [{ key: 'value' }, ['b']]],
  ['on: 1\nno: 2', { true: 1, false: 2 }],
  ['a: &x {b: 1}\nc: {<<: *x, d: 2}', { a: { b: 1 }, c: { b: 1, d: 2 } }],
  ['[!!str 5, !!int "5", !!binary aGVsbG8=, !own x]', ['5', 5, 'hello', 'x']],
  ['# nothing\n', null],
  ['a: 1\n---\n# nothing more\n', { a: 1 }],
])('%j is read as Kubernetes reads it', (text, value) => {
  expect(parseYaml(text)).toEqual(value)
})

// Helm is the oracle: its fromYaml reads as Kubernetes does.
test.each([3, 4] as const)('scalars are read as Helm %i reads them', async (helm) => {
  const text = scalars.map((scalar, index) => `k${index}: ${scalar}\n`).join('')
  const data = '  json: {{ .Files.Get "input.txt" | fromYaml | toJson | quote }}'
  const chart = smallChart({ data, values: {} })
  writeFileSync(join(chart.path, 'input.txt'), text)
  const render = await chart.render({ helm })
  const expected: unknown = JSON.parse(render.one('ConfigMap', 'small').data?.json ?? '')
  expect(JSON.parse(JSON.stringify(parseYaml(text)))).toEqual(expected)
})

test.each([
  ['a key that occurs twice', 'a: 1\na: 2', 'duplicated mapping key at line 2, column 1'],
  ['one key in two spellings', 'yes: 1\non: 2', 'duplicated mapping key'],
  ['a list that does not end', 'a: [', 'unexpected end of the stream within a flow collection'],
  ['a tab', 'a:\n\tb: 1', 'tab characters must not be used in indentation'],
  ['an alias without its anchor', 'value: *a', 'unidentified alias "a"'],
  ['a second document', 'a: 1\n---\nb: 1', 'expected a single document in the stream, but'],
])('%s is an error', (_what, text, message) => {
  expect(() => parseYaml(text, 'here')).toThrow(`here: ${message}`)
})

test('documents keep their source; a line of dashes inside a text does not split', () => {
  const text =
    '---\n# Source: a/b.yaml\nk: |\n  x\n  ---\n  y\n---\n# Source: a/c.yaml\n\n---\nk: 1\n'
  expect(splitDocuments(text)).toEqual([
    { source: 'a/b.yaml', text: 'k: |\n  x\n  ---\n  y' },
    { source: '', text: 'k: 1' },
  ])
})
