import { expect, test } from 'vitest'
import { measureValuesCoverage } from '../src/values/coverage.ts'
import { type SmallChart, smallChart } from './values-chart.ts'

const text = { type: 'string' }
const clean: SmallChart = {
  data: '  greeting: {{ .Values.greeting | quote }}\n  {{- if .Values.tls.enabled }}\n  secret: {{ .Values.tls.secret | quote }}\n  {{- end }}',
  values: { greeting: 'hello', tls: { enabled: false, secret: '' } },
  properties: {
    greeting: text,
    tls: { type: 'object', properties: { enabled: { type: 'boolean' }, secret: text } },
  },
}
const profiles = [{ name: 'plain', values: {} }]

test('where every key changes something, nothing is wrong', async () => {
  const { keys, problems } = await measureValuesCoverage(smallChart(clean), { profiles })
  expect(problems).toEqual([])
  expect(keys.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['greeting', 'changed'],
    ['tls.enabled', 'changed'],
    ['tls.secret', 'changed'],
  ])
  // What is off is switched on: the report says where, and what changed.
  expect(keys[2]).toMatchObject({
    context: 'plain with tls.enabled: true',
    change: 'ConfigMap/small data.secret',
  })
})

const dead = { ...clean, properties: { ...clean.properties, forgotten: text } }

test('a key that changes nothing is dead', async () => {
  const { problems } = await measureValuesCoverage(smallChart(dead), { profiles })
  expect(problems).toEqual([expect.stringMatching(/^forgotten: changes nothing/)])
})

test('a reason excuses a dead key; a reason that nobody needs is wrong', async () => {
  const exceptions = { forgotten: 'for later', greeting: 'no idea' }
  const { keys, problems } = await measureValuesCoverage(smallChart(dead), { profiles, exceptions })
  expect(problems).toEqual(['greeting: needs no exception. Remove it.'])
  expect(keys.at(-1)).toMatchObject({ outcome: 'dead', exception: 'for later' })
})

test('a key that only the notes show is alive', async () => {
  const chart = smallChart({ ...dead, notes: 'About {{ .Values.forgotten }}' })
  const only = (name: string) => name === 'forgotten'
  const { keys } = await measureValuesCoverage(chart, { profiles, only })
  expect(keys).toMatchObject([{ outcome: 'changed', change: 'the notes' }])
})

test('a key that a rule refuses is alive, one that breaks a template is a defect', async () => {
  const chart = smallChart({
    ...clean,
    head: '{{ if .Values.old }}{{ fail "old: removed" }}{{ end }}{{ if .Values.bad }}{{ .Values.bad.a.b }}{{ end }}',
    properties: { ...clean.properties, old: text, bad: text },
  })
  const { keys, problems } = await measureValuesCoverage(chart, { profiles })
  expect(keys.find(({ name }) => name === 'old')).toMatchObject({ outcome: 'refused' })
  expect(problems).toEqual([expect.stringMatching(/^bad: breaks the chart: /)])
})

test('items of lists and values of maps are changed, too, and without a schema', async () => {
  const chart = smallChart({
    data: '  a: {{ join "," .Values.hosts }}\n  b: {{ .Values.labels.x | quote }}',
    values: { hosts: ['one'], labels: { x: 'y' }, forgotten: 7 },
  })
  const { problems } = await measureValuesCoverage(chart, { profiles })
  expect(problems).toEqual([expect.stringMatching(/^forgotten: changes nothing/)])
})

const flag = { type: 'boolean' }
const list = { type: 'array', items: { type: ['object', 'string'] } }
const suggested: SmallChart = {
  data: '  strict: {{ ternary .Values.strict .Values.common (hasKey .Values "strict") }}\n  objects: {{ range .Values.objects }}{{ .name }}{{ end }}',
  values: { common: true, objects: [] },
  properties: { common: flag, strict: flag, objects: list },
}
const suggestions = { strict: [true], common: [true], 'objects[]': [{ name: 'a' }] }

test('a suggestion that changes nothing is followed by other values: the key is alive', async () => {
  const options = { profiles, suggestions }
  const { keys, problems } = await measureValuesCoverage(smallChart(suggested), options)
  expect(problems).toEqual([])
  expect(keys.find(({ name }) => name === 'strict')).toMatchObject({ outcome: 'changed' })
})

test('a key that nobody reads is dead, whatever its suggestions', async () => {
  const properties = { ...suggested.properties, forgotten: flag, things: list }
  const chart = smallChart({ ...suggested, properties })
  const all = { ...suggestions, forgotten: [true], 'things[]': [{ name: 'a' }] }
  const { problems } = await measureValuesCoverage(chart, { profiles, suggestions: all })
  expect(problems).toEqual([
    expect.stringMatching(/^forgotten: changes nothing/),
    expect.stringMatching(/^things\[\]: changes nothing/),
  ])
})

test('without a key to change it proves nothing, and says so', async () => {
  const none = measureValuesCoverage(smallChart(clean), { profiles, only: () => false })
  await expect(none).rejects.toThrow('no key is to be changed. Name others.')
})

test('for a place with a shape only suggestions are tried: a guess would break the chart', async () => {
  const { 'objects[]': shape, ...scalars } = suggestions
  const wanted = { profiles, only: (name: string) => name === 'objects[]' }
  const guessing = { ...wanted, suggestions: scalars }
  const guessed = await measureValuesCoverage(smallChart(suggested), guessing)
  expect(guessed.problems).toEqual([expect.stringMatching(/^objects\[\]: breaks the chart/)])
  const { keys } = await measureValuesCoverage(smallChart(suggested), { ...wanted, suggestions })
  expect(keys).toMatchObject([{ outcome: 'changed', value: shape?.[0] }])
})

const exclusive: SmallChart = {
  data: '  from: {{ range .Values.sources }}{{ .prefix }}{{ .file }}{{ .address }}{{ end }}',
  values: { sources: [] },
  properties: {
    sources: {
      type: 'array',
      items: {
        ...{ type: 'object', additionalProperties: false },
        properties: { prefix: text, file: text, address: text },
        if: { required: ['file'] },
        // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
        then: { properties: { address: false } },
        else: { required: ['address'] },
      },
    },
  },
}

test('mutually exclusive keys, and keys beside one of them, are changed, too', async () => {
  const { keys } = await measureValuesCoverage(smallChart(exclusive), { profiles })
  expect(keys.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['sources[].prefix', 'changed'],
    ['sources[].file', 'changed'],
    ['sources[].address', 'changed'],
  ])
})

test('a dead key among them is found: the keys beside it do not count', async () => {
  const data = exclusive.data.replace('{{ .prefix }}', '')
  const { problems } = await measureValuesCoverage(smallChart({ ...exclusive, data }), { profiles })
  expect(problems).toEqual([expect.stringMatching(/^sources\[\]\.prefix: changes nothing/)])
})
