import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isRecord, valuesIn } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { main } from '../../scripts/build-values.ts'
import { emitDocs } from '../../scripts/lib/values-docs.ts'
import { listKeys } from '../../scripts/lib/values-keys.ts'
import { assembleSchema, firstSentence } from '../../scripts/lib/values-schema.ts'
import { readValuesSource } from '../../scripts/lib/values-source.ts'
import { callHere } from './fixtures/run-script.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const root = resolve(import.meta.dirname, '../..')
const source = await readValuesSource(root)
const keys = listKeys(source)

const scratch = scratchFolder()

const GENERATED = [
  'chart/values.schema.json',
  'schema/values.schema.json',
  'chart/files/variables.json',
  'docs/values.md',
  'chart/files/environment.json',
  'docs/environment.md',
] as const

/** A copy of what the script reads and writes. */
function copyOfRepository(): string {
  const copy = mkdtempSync(join(scratch, 'case-'))
  for (const path of ['schema/mastodon', 'schema/values', 'chart/values.yaml', ...GENERATED]) {
    cpSync(join(root, path), join(copy, path), { recursive: true })
  }
  return copy
}

function edit(folder: string, path: string, from: string, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8')
  if (!text.includes(from)) throw new Error(`${path}: there is no ${JSON.stringify(from)} to edit`)
  writeFileSync(join(folder, path), text.replace(from, to))
}

// What Kubernetes checks, or the user decides.
const OPEN = [
  ...['containers.*', 'extraObjects.*', 'gateway.backendTLSPolicy.validation'],
  ...['gateway.listenerSet.listeners.*', 'gateway.listenerSet.listeners.*.tls', 'global'],
  ...['peer.namespaceSelector', 'peer.podSelector'],
  ...['postgresql.cloudnativepg.backup.configuration', 'postgresql.cloudnativepg.spec'],
  ...['routeFilters.*', 'storage.selector', 'volumes.*', 'workload.affinity.nodeAffinity'],
  'workload.affinity.podAffinity',
  ...['workload.affinity.podAntiAffinity', 'workload.autoscaling.behavior'],
  'workload.topologySpreadConstraints.*.labelSelector',
]

/** The paths of the objects of a schema that may have any keys. */
function openObjects(schema: unknown): string[] {
  const isOpen = (value: unknown): boolean => {
    if (!isRecord(value) || ![value.type].flat().includes('object')) return false
    const { additionalProperties: rest } = value
    return rest !== false && !isRecord(rest)
  }
  const steps = { items: '*', additionalProperties: '*', properties: '', definitions: '' }
  return valuesIn(schema)
    .filter(({ value }) => isOpen(value))
    .map(({ path }) => path.map((step) => steps[step as keyof typeof steps] ?? step))
    .map((path) => path.filter(Boolean).join('.'))
    .sort()
}

describe('the generated files', () => {
  test('are what schema/values and chart/values.yaml say', async () => {
    const { code, stderr } = await callHere(main, ['--check', '--root', root])
    expect([code, stderr]).toEqual([0, ''])
  })

  test('are refused when they were edited by hand, and written again', async () => {
    const copy = copyOfRepository()
    for (const path of GENERATED) edit(copy, path, 'mastodon', 'mastodom')
    const { code, stderr } = await callHere(main, ['--check', '--root', copy])
    const stale = `${GENERATED.join(', ')} are older than schema or chart/values.yaml`
    expect([code, stderr]).toEqual([1, `${stale}: run \`npm run build\` and commit it.\n`])
    expect((await callHere(main, ['--root', copy])).stdout).toBe(
      GENERATED.map((path) => `wrote ${path}\n`).join(''),
    )
    for (const path of GENERATED) {
      expect(readFileSync(join(copy, path))).toEqual(readFileSync(join(root, path)))
    }
  })

  test('change with a default or a sentence of chart/values.yaml', async () => {
    const copy = copyOfRepository()
    edit(copy, 'chart/values.yaml', 'maintenance: false', 'maintenance: true')
    edit(copy, 'chart/values.yaml', '# -- Outgoing mail', '# -- All mail')
    expect((await callHere(main, ['--root', copy])).stdout).toBe(
      'wrote chart/values.schema.json\nwrote schema/values.schema.json\nwrote docs/values.md\n',
    )
    const docs = readFileSync(join(copy, 'docs/values.md'), 'utf8')
    expect(docs).toContain('| `maintenance` | boolean | `true` |')
    expect(docs).toContain('All mail, which sidekiq sends.')
  })

  test('name every link target that the reference uses', () => {
    const docs = emitDocs(source, keys)
    const headings = [...docs.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text)
    const anchors = headings.map((text) => `#${text.toLowerCase().replaceAll(' ', '-')}`)
    const links = [...docs.matchAll(/\]\((#[^)]+)\)/g)].map(([, target = '']) => target)
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter((target) => !anchors.includes(target))).toEqual([])
  })
})

describe('the assembled schema', () => {
  const schema = assembleSchema(source, keys)

  test('is closed everywhere but where Kubernetes or the user decides', () => {
    expect(openObjects(schema)).toEqual(OPEN)
    expect(openObjects({ properties: { a: { type: 'object' } } })).toEqual(['a'])
  })

  test('lets a component refer to the shared block, and ships no text with it', () => {
    const at = ['properties', 'web', 'properties', 'resources']
    const found = at.reduce<unknown>((inner, key) => isRecord(inner) && inner[key], schema)
    expect(found).toEqual({ $ref: '#/definitions/workload/properties/resources' })
  })
})

test('a key without its sentence is reported in one line', async () => {
  const copy = copyOfRepository()
  edit(copy, 'chart/values.yaml', '# -- Outgoing mail', '# Outgoing mail')
  const { code, stderr } = await callHere(main, ['--root', copy])
  expect([code, stderr]).toEqual([
    1,
    'smtp: no sentence. Write one above it in chart/values.yaml (`# -- …`).\n',
  ])
})

test.each([
  [
    'schema/values/web.yaml',
    'takes: workload',
    'takes: [workload',
    /^schema\/values\/web.yaml: .+ Correct the file.$/,
  ],
  ['chart/values.yaml', 'web:', 'web: &web *web', /^chart\/values.yaml: .+$/],
])('%s that is not YAML is named in one sentence', async (path, from, to, message) => {
  const copy = copyOfRepository()
  edit(copy, path, from, to)
  await expect(readValuesSource(copy)).rejects.toThrow(message)
})

test('a folder without a schema is named in one sentence', async () => {
  await expect(readValuesSource(scratch)).rejects.toThrow(
    `${scratch}: there is no folder schema/values in it. Name the repository's folder.`,
  )
})

test('the shipped description is the first sentence', () => {
  expect(firstSentence('Worker processes. 0 runs one.')).toBe('Worker processes.')
  expect(firstSentence('A setting of postgresql.conf, with (a.b) in it.')).toBe(
    'A setting of postgresql.conf, with (a.b) in it.',
  )
})
