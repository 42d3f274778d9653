import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from '../src/tools/run-command.ts'
import { resolveTool } from '../src/tools/tools.ts'
import { fuzzValues } from '../src/values/fuzz.ts'
import { fuzzInvalidValues } from '../src/values/fuzz-invalid.ts'
import { temporaryFolder } from './support.ts'
import { type SmallChart, smallChart } from './values-chart.ts'

const clean: SmallChart = {
  data: '  word: {{ .Values.word | quote }}\n  count: {{ .Values.count | int | quote }}',
  values: { word: 'a', count: 1, name: 'small', rules: {} },
  name: '{{ .Values.name | quote }}',
  properties: {
    word: { type: 'string' },
    count: { type: 'integer', minimum: 0 },
    name: { type: 'string', pattern: '^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$' },
    rules: { type: 'object', properties: { on: { type: 'boolean' } }, additionalProperties: false },
  },
  required: ['name'],
}
const panicking = {
  ...clean,
  head: '{{ if gt (int .Values.count) 9 }}{{ index (list) 1 }}{{ end }}',
}
const profiles = [
  { name: 'plain', values: {} },
  { name: 'other', values: { word: 'other' } },
]
const options = { profiles, runs: 60, seed: 1 }
const messages = (chart: SmallChart) =>
  fuzzValues(smallChart(chart), options).then((report) =>
    report.counterexamples.map(({ message, values }) => ({ message, values })),
  )

test('a clean chart renders with all values', async () => {
  const report = await fuzzValues(smallChart(clean), options)
  expect(report).toEqual({ seed: 1, runs: 60, rendered: 60, refused: 0, counterexamples: [] })
})

test('a template panic is found, with the smallest values that show it', async () => {
  const [found, ...others] = await messages(panicking)
  expect(others).toEqual([])
  expect(found?.message).toMatch(/^template: small\/templates\/.*:1:\d+: .*out of range/)
  expect(Object.keys(found?.values ?? {})).toEqual(['count'])
})

test('text that is not YAML is found', async () => {
  const data = '  word: {{ .Values.word }}'
  const found = await messages({ ...clean, data })
  expect(found[0]?.message).toMatch(/^yaml: /)
  expect(Object.keys(found[0]?.values ?? {})).toEqual(['word'])
})

test('a schema that takes what Kubernetes refuses is found', async () => {
  const properties = { ...clean.properties, name: { type: 'string', minLength: 1 } }
  const found = await messages({ ...clean, properties })
  expect(found[0]?.message).toMatch(/^name-legal: /)
})

test('output that differs from run to run is found', async () => {
  const data = `${clean.data}\n  again: {{ randAlphaNum 8 | quote }}`
  const [found] = await messages({ ...clean, data })
  expect(found?.message).toBe('two renders of the same values differ')
})

test('the refusal of a rule is legal', async () => {
  const head = '{{ if .Values.rules.on }}{{ fail "rules.on: not now. Remove it." }}{{ end }}'
  const report = await fuzzValues(smallChart({ ...clean, head }), options)
  expect(report.counterexamples).toEqual([])
  expect(report.refused).toBeGreaterThan(0)
})

test('the same seed makes the same cases', async () => {
  const [one, two] = await Promise.all([0, 1].map(() => messages(panicking)))
  expect(one).toEqual(two)
})

test('values with a mistake are refused; a null removes a default, as in Helm', async () => {
  const report = await fuzzInvalidValues(smallChart(clean), options)
  expect(report.counterexamples).toEqual([])
  expect(report.refused).toBeGreaterThan(50)
})

test('a null that takes away what the chart needs is found', async () => {
  const { required, ...careless } = clean
  const more = { ...options, runs: 400 }
  const { counterexamples } = await fuzzInvalidValues(smallChart(careless), more)
  expect(required).toEqual(['name'])
  expect(counterexamples).toMatchObject([{ values: { name: null } }])
})

test('a chart without a schema panics on values with a mistake', async () => {
  const { data, values, name = '' } = clean
  const reads = `${data}\n  on: {{ .Values.rules.on | quote }}`
  const chart = smallChart({ data: reads, values, name })
  const { counterexamples } = await fuzzInvalidValues(chart, options)
  expect(counterexamples.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^template: .*(nil pointer|can't evaluate field)/),
  )
})

test('a profile that the schema refuses is named', async () => {
  const bad = { ...options, profiles: [{ name: 'bad', values: { rules: { off: true } } }] }
  await expect(fuzzValues(smallChart(clean), bad)).rejects.toThrow(
    'the profile "bad" is refused by the schema: rules.off is not a known key. Correct it.',
  )
})

const throughHelm = { cases: 12, helms: [3, 4] } as const

test('both Helms refuse what the schema forbids, by the key', async () => {
  const report = await fuzzInvalidValues(smallChart(clean), { ...options, throughHelm })
  expect(report.counterexamples).toEqual([])
})

test('a schema that says nothing about a key is found when a template cannot handle its values', async () => {
  const data = `${clean.data}\n  on: {{ .Values.rules.on | quote }}`
  const chart = smallChart({ ...clean, data, properties: { ...clean.properties, rules: {} } })
  const { counterexamples } = await fuzzInvalidValues(chart, { ...options, throughHelm })
  const [found] = counterexamples
  expect(found?.message).toMatch(/^template: .*(nil pointer|can't evaluate field)/)
  expect(found?.changes).toEqual([expect.stringMatching(/^rules: .* \(wrong type\)$/)])
})

test('a schema that Helm never sees is found; ajv would not find it', async () => {
  const chart = smallChart(clean)
  writeFileSync(join(chart.path, '.helmignore'), 'values.schema.json\n')
  expect((await fuzzInvalidValues(chart, options)).counterexamples).toEqual([])
  const report = await fuzzInvalidValues(chart, { ...options, throughHelm })
  const messages = report.counterexamples.map(({ message }) => message.split(':')[0])
  for (const helm of [3, 4])
    expect(messages).toContain(`Helm ${helm} accepts what the schema refuses`)
})

test('a refusal that does not name the key is found', async () => {
  const head = '{{ if not (kindIs "string" .Values.word) }}{{ fail "word: not so." }}{{ end }}'
  const properties = { ...clean.properties, word: {} }
  const named = smallChart({ ...clean, head, properties })
  expect((await fuzzInvalidValues(named, options)).counterexamples).toEqual([])
  const careless = smallChart({ ...clean, head: head.replace('word: ', ''), properties })
  const [found] = (await fuzzInvalidValues(careless, options)).counterexamples
  expect(found?.message).toMatch(/^the chart refuses word without naming it: .*not so\.$/)
})

test('the command of a counterexample shows it', async () => {
  const report = await fuzzValues(smallChart(panicking), { ...options, shrinks: 0 })
  const [found] = report.counterexamples
  const bin = temporaryFolder()
  symlinkSync((await resolveTool('helm4')).path, join(bin, 'helm'))
  const env = { PATH: `${bin}:${process.env.PATH}` }
  const { stderr } = await runCommand('sh', ['-c', found?.command ?? ''], { env })
  expect(stderr).toContain('out of range')
})
