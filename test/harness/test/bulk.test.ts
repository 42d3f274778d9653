import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Chart, createChart } from '../src/render/chart.ts'
import { copyChart } from '../src/render/chart-files.ts'
import type { RenderRequest } from '../src/render/request.ts'
import { clean, fixture, temporaryFolder } from './support.ts'

/** A copy of the chart with additional files. */
function chartWith(
  files: Readonly<Record<string, string>>,
  name = 'clean',
  cacheDir = temporaryFolder(),
): Chart {
  const path = copyChart(fixture(name), join(temporaryFolder(), name), files)
  return createChart({ path, release: 'r', schema: 'skip', cacheDir })
}

function configMap(name: string, data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: ${data}\n`
}

/** The texts of requests, or the messages of failures. */
async function texts(chart: Chart, requests: readonly RenderRequest[]): Promise<string[]> {
  const outcomes = await chart.renderAll(requests)
  return outcomes.map(({ render, failure }) => render?.text ?? failure?.message ?? '')
}

/** Renders the requests in bulk, and expects the same as from a process for each. */
async function expectPlain(chart: Chart, requests: readonly RenderRequest[]): Promise<string[]> {
  const { path } = chart
  const plain = createChart({ path, release: 'r', schema: 'skip', cacheDir: temporaryFolder() })
  const bulk = await texts(chart, requests)
  const single = requests.map((request) => ({ ...request, fresh: true }))
  expect(bulk).toEqual(await texts(plain, single))
  return bulk
}

const greetings: RenderRequest[] = Array.from({ length: 5 }, (_, index) => ({
  values: { greeting: `hello ${index}` },
}))

// The chart's templates write into their values and their root, print kinds, and mix documents.
const oddValues = [
  { size: 2000000, list: true },
  { greeting: 'b' },
  { size: null, nested: null },
  { nested: { a: null, d: 3 } },
  { nested: { b: { c: null } } },
  { nested: { b: 'text' } },
  { items: [], half: 0 },
  { items: null, greeting: '' },
  { other: { deep: null } },
  {},
]

const rule =
  '{{ if hasPrefix "bad" .Values.greeting }}{{ fail (print "no " .Values.greeting) }}{{ end }}'

describe.each([3, 4] as const)(
  'with Helm %i many value sets render as each one by itself',
  (helm) => {
    const withValues = (all: readonly object[]): RenderRequest[] =>
      all.map((values) => ({ values, helm }))

    test('changed strings, kinds of values, documents of every kind and hooks', async () => {
      const bulk = await expectPlain(chartWith({}, 'odd'), withValues(oddValues))
      expect(new Set(bulk).size).toBe(oddValues.length)
      expect(bulk[1]).toContain('a: "b!", seen: "1"')
      expect(bulk[0]).toContain('kind: Zebra')
    })

    test('a set that fails has the message of a plain render and affects no other', async () => {
      const chart = chartWith({
        'templates/rule.yaml': `${rule}{{ if eq .Values.greeting "odd" }}{{ .Values.greeting.x.y }}{{ end }}`,
        'templates/yaml.yaml': configMap('yaml', '{ a: {{ .Values.greeting }} }'),
      })
      const words = ['bad 1', 'fine', '"', 'bad 2', 'odd', 'good']
      const bulk = await expectPlain(chart, withValues(words.map((greeting) => ({ greeting }))))
      expect(words.filter((_, index) => bulk[index]?.startsWith('---'))).toEqual(['fine', 'good'])
    })

    test('releases, namespaces, versions, upgrades and values files keep apart', async () => {
      const shown =
        '.Release .Values .Capabilities.KubeVersion .Template.Name .Template.BasePath (.Capabilities.APIVersions.Has "x/v1")'
      const chart = chartWith({
        'templates/facts.yaml': configMap('facts', `{ a: {{ print ${shown} | quote }} }`),
        'templates/a-release.yaml':
          '{{ $_ := set .Release "Name" "x" }}{{ $_ = set .Release "new" 1 }}',
      })
      const [one, two] = [fixture('greeting.yaml'), fixture('greeting-and-tag.yaml')]
      const variants: RenderRequest[] = [
        {},
        { release: 's' },
        { namespace: 'm' },
        { isUpgrade: true },
        { files: [one] },
        { files: [one, two], release: 's.t' },
        { isUpgrade: true, kube: '1.31', apis: ['x/v1'], release: 's', namespace: 'm' },
      ]
      const requests = variants.flatMap((variant) =>
        greetings.slice(0, 2).map((request) => ({ ...request, ...variant, helm })),
      )
      const bulk = await expectPlain(chart, [...requests, { files: [two], helm }])
      expect(new Set(bulk).size).toBe(requests.length - 1) // the values are above the files
    })

    test('what is undefined, or not text in JSON, arrives as it does in Helm', async () => {
      const odd = [undefined, new Date(0), { a: undefined }].map((greeting) => ({ greeting }))
      const files = [fixture('greeting.yaml')]
      const requests = withValues(odd).map((request) => ({ ...request, files }))
      await expectPlain(chartWith({}), requests)
    })

    test('a name, or a file, that Helm refuses is refused among others, too', async () => {
      const wrong = ['Upper', 'a_b', 'x'.repeat(54)].map((release) => ({ release, helm }))
      const broken = { helm, files: [fixture('broken-values.yaml')] }
      const right = greetings.map((request) => ({ ...request, helm }))
      const requests = [...right, ...wrong, broken, { helm, namespace: '' }]
      const bulk = await expectPlain(chartWith({}), requests)
      expect(bulk.filter((text) => !text.startsWith('---'))).toHaveLength(4)
    })
  },
)

test('requests of one tick share a process, a single request has its own', async () => {
  const cacheDir = temporaryFolder()
  const chart = chartWith({}, 'clean', cacheDir)
  await chart.render(greetings[0])
  expect(existsSync(join(cacheDir, 'drivers'))).toBe(false)
  await Promise.all(greetings.map((request) => chart.render(request)))
  expect(existsSync(join(cacheDir, 'drivers'))).toBe(true)
})

test('the notes come with a bulk render', async () => {
  const more = { schema: 'skip', showNotes: true } as const
  const [outcome] = await clean.renderAll(greetings.map((request) => ({ ...request, ...more })))
  const single = await clean.render({ ...greetings[0], ...more, fresh: true })
  expect(outcome?.render?.notes).toBe(single.notes)
})

test('a template that .helmignore leaves out is left out', async () => {
  const chart = chartWith({
    '.helmignore': 'templates/ignored.yaml\n',
    'templates/ignored.yaml': configMap('ignored', '{}'),
  })
  const [text] = await texts(chart, greetings)
  expect(text).not.toContain('name: ignored')
})

const about = 'apiVersion: v2\nname: clean\nversion: 0.1.0\ndependencies: []\n'
const [first, second] = ['{{ define "x" }}1{{ end }}', '{{ define "x" }}2{{ end }}']

test.each([
  ['a chart with subcharts', { 'Chart.yaml': about }],
  ['a name that is defined twice', { 'templates/_a.tpl': first, 'templates/_b.tpl': second }],
])('%s is rendered plainly', async (_, files) => {
  const chart = chartWith({
    ...files,
    'templates/x.yaml': configMap('x', '{ a: "{{ .Template.Name }}" }'),
  })
  await expectPlain(chart, greetings)
})

test('a failure that nobody awaited yet is not unhandled', async () => {
  const chart = chartWith({ 'templates/rule.yaml': '{{ if .Values.bad }}{{ fail "no" }}{{ end }}' })
  const failing = chart.render({ values: { bad: true } })
  await chart.render()
  await expect(failing).rejects.toThrow('no')
})

test('a quick refusal has its message without its own process', async () => {
  const chart = chartWith({ 'templates/rule.yaml': rule })
  const words = ['bad 1', 'fine', 'bad 2', 'good']
  const outcomes = await chart.renderAll(
    words.map((greeting) => ({ values: { greeting }, keep: false, quick: true })),
  )
  const failures = outcomes.map(({ failure }) => failure && `${failure.kind} ${failure.cause}`)
  expect(failures).toEqual(['fail no bad 1', undefined, 'fail no bad 2', undefined])
  expect(outcomes[3]?.render?.one('ConfigMap', 'web').data?.GREETING).toBe('good')
})

test('after a change of the chart, what was asked for is rendered again in bulk', async () => {
  const cacheDir = temporaryFolder()
  const chart = chartWith({}, 'clean', cacheDir)
  expect(await chart.renderKnown()).toBe(0)
  for (const request of greetings) await chart.render(request)
  expect(existsSync(join(cacheDir, 'drivers'))).toBe(false)
  writeFileSync(join(chart.path, 'templates/new.yaml'), configMap('new', '{}'))
  const changed = createChart({ path: chart.path, release: 'r', schema: 'skip', cacheDir })
  expect(await changed.renderKnown()).toBe(greetings.length)
  expect(existsSync(join(cacheDir, 'drivers'))).toBe(true)
  const render = await changed.render(greetings[0])
  expect(render.has('ConfigMap', 'new')).toBe(true)
})

describe('templates', () => {
  const only = { templates: ['templates/web/config-map.yaml'] } as const

  test('are the only ones that are rendered, with all that they include', async () => {
    const chart = chartWith({ 'templates/broken.yaml': '{{ fail "never seen" }}' })
    const outcomes = await chart.renderAll(greetings.map((request) => ({ ...request, ...only })))
    const [render] = outcomes.map((outcome) => outcome.render)
    expect(render?.objects.map(({ kind }) => kind)).toEqual(['ConfigMap'])
    expect(render?.one('ConfigMap', 'web').data?.GREETING).toBe('hello 0')
  })

  test('give the documents of the whole render', async () => {
    const [part, whole] = [await clean.render({ ...only, schema: 'skip' }), await clean.render()]
    expect(part.objects).toEqual([whole.one('ConfigMap', 'web')])
  })

  test('that do not exist are named by Helm', async () => {
    const failure = await clean.renderFails({ templates: ['templates/none.yaml'] })
    expect(failure.cause).toBe('could not find template templates/none.yaml in chart')
  })
})

describe('a schema that ajv checks', () => {
  const schema = { properties: { greeting: { type: 'string', pattern: '^hello' } } }
  const chart = (): Chart => {
    const { path } = chartWith({ 'values.schema.json': JSON.stringify(schema) })
    return createChart({ path, release: 'r', schema: 'ajv', cacheDir: temporaryFolder() })
  }

  test('lets through what it allows', async () => {
    const render = await chart().render(greetings[0])
    expect(render.one('ConfigMap', 'web').data?.GREETING).toBe('hello 0')
  })

  test('refuses in the words of Helm', async () => {
    const failure = await chart().renderFails({ values: { greeting: 'bye' } })
    expect(failure.violations).toEqual([{ path: 'greeting', message: 'does not match ^hello' }])
  })

  test('sees files below values', async () => {
    const request = { files: [fixture('greeting.yaml')], values: { greeting: 'hello' } }
    expect((await chart().render(request)).one('ConfigMap', 'web').data?.GREETING).toBe('hello')
  })
})
