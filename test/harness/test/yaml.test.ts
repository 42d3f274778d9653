import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  parseSlowly,
  parseYaml,
  readGoYaml,
  splitDocuments,
  YamlError,
} from '../src/objects/yaml.ts'
import { createChart } from '../src/render/chart.ts'
import { temporaryFolder } from './support.ts'

// Spellings on which YAML readers differ.
const scalars = (
  'on On ON yes Yes YES no No NO n N y Y off Off OFF true True TRUE tRue false False ~ null Null NULL nULL ' +
  '0 00 08 09 0644 0777 -0777 0o644 0O644 0o8 0x1F 0X1F +0x1 0x 0b11 0b2 +5 -5 -0 1_000 1_0.5 _1 1_ 1__0 ' +
  '1e3 1E3 1e+3 1e-3 1.5e3 12e03 1e e3 1.e3 .5 5. -.5 +.5 . 0.0 1.10 1.2.3 1:30 12:30:45 190:20:30 ' +
  '. ._ -. e3 -e3 .e3 _ 0X1F -0O17 ' +
  '2024-01-01 2024-01-01T00:00:00Z 2024-01-01t00:00:00+01:00 123abc 1,000 = a'
).split(' ')

test.each([
  'a: &x [1, {b: "x"}]\nc: *x\nd: !!str 5\n',
  "text: |\n  a\n\n  b\nfolded: >-\n  a\n  b\nquoted: \"\\u00e9\\n\"\nsingle: 'it''s'\nempty:\n",
  '{a: {b: [x, "y"]}, "c": ~}',
  '# comment\n- a # more\n-\n  - b\n- ? key\n  : value\n',
  'url: http://x:80/#a\ncolon: "a: b"\ndash: -x\nat: a@b\nstar: "*"\n',
  '',
  '# nothing\n',
])('%j is the same to the quick and the slow reader', (text) => {
  expect(readGoYaml(text)).toEqual(parseSlowly(text, 'here'))
})

// Helm is the oracle: its fromYaml reads as Kubernetes does.
test.each([3, 4] as const)('scalars are read as Helm %i reads them', async (helm) => {
  const path = join(temporaryFolder(), 'oracle')
  const text = scalars.map((scalar, index) => `k${index}: ${scalar}\n`).join('')
  mkdirSync(join(path, 'templates'), { recursive: true })
  writeFileSync(join(path, 'Chart.yaml'), 'apiVersion: v2\nname: oracle\nversion: 0.1.0\n')
  writeFileSync(join(path, 'input.txt'), text)
  writeFileSync(
    join(path, 'templates/config-map.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: oracle}\ndata:\n  json: {{ .Files.Get "input.txt" | fromYaml | toJson | quote }}\n',
  )
  const render = await createChart({ path, cacheDir: temporaryFolder() }).render({ helm })
  const expected: unknown = JSON.parse(render.one('ConfigMap', 'oracle').data?.json ?? '')
  expect(JSON.parse(JSON.stringify(parseYaml(text)))).toEqual(expected)
})

test.each([
  ['a key that occurs twice', 'a: 1\na: 2', 'Map keys must be unique at line 2, column 1'],
  ['one key in two spellings', 'yes: 1\non: 2', 'Map keys must be unique'],
  ['a list that does not end', 'a: [', 'Flow sequence'],
  ['a tab', 'a:\n\tb: 1', 'Tabs are not allowed as indentation'],
])('%s is an error', (_what, text, message) => {
  expect(() => parseYaml(text, 'here')).toThrow(`here: ${message}`)
})

test('a key that YAML 1.1 takes for a boolean becomes its name', () => {
  expect(parseYaml('on: 1\nno: 2')).toEqual({ true: 1, false: 2 })
})

test('a merge key merges', () => {
  expect(parseYaml('a: &x {b: 1}\nc: {<<: *x, d: 2}')).toEqual({ a: { b: 1 }, c: { b: 1, d: 2 } })
})

test('binary is a string', () => {
  expect(parseYaml('a: !!binary aGVsbG8=')).toEqual({ a: 'hello' })
})

test('documents keep their source; a line of dashes inside a text does not split', () => {
  const text =
    '---\n# Source: a/b.yaml\nk: |\n  x\n  ---\n  y\n---\n# Source: a/c.yaml\n\n---\nk: 1\n'
  expect(splitDocuments(text)).toEqual([
    { source: 'a/b.yaml', text: 'k: |\n  x\n  ---\n  y' },
    { source: '', text: 'k: 1' },
  ])
})

test('an alias without its anchor is an error of the text', () => {
  expect(() => parseYaml('value: *a', 'web.yaml')).toThrow(YamlError)
  expect(() => parseYaml('value: *a', 'web.yaml')).toThrow(/^web\.yaml: Unresolved alias/)
  expect(parseYaml('anchor: &a b\nvalue: *a')).toEqual({ anchor: 'b', value: 'b' })
})
