import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  KINDS,
  MINORS,
  recordedVersion,
  schemaFileName,
  stableJson,
} from '../../scripts/lib/kubernetes-schema-files.ts'
import { mutations } from './fixtures/vendor-schemas/mutations.ts'
import { asSample, fixture, samplesIn, verdictsIn } from './fixtures/vendor-schemas/samples.ts'
import {
  checkBoth,
  checkWithAjv,
  checkWithKubeconform,
} from './fixtures/vendor-schemas/validators.ts'

const schemas = resolve(import.meta.dirname, '../../schema/kubernetes')
const oldestAndNewest = [MINORS[0] ?? '', MINORS.at(-1) ?? '']

const folderOf = (minor: string): string => join(schemas, `v${minor}`)

function filesIn(dir: string): Map<string, string> {
  return new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]))
}

test('every minor has its folder and there is no other', () => {
  expect(readdirSync(schemas).sort()).toEqual(MINORS.map((minor) => `v${minor}`).sort())
})

describe.each(MINORS)('the vendored schemas of %s', (minor) => {
  const files = filesIn(folderOf(minor))
  const document = JSON.parse(files.get('_definitions.json') ?? '') as {
    definitions: Record<string, unknown>
  }

  test('have every kind and nothing else', () => {
    expect([...files.keys()].sort()).toEqual(
      ['_definitions.json', ...KINDS.map(schemaFileName)].sort(),
    )
  })

  test('name the release that they come from', () => {
    expect(recordedVersion(files)).toMatch(new RegExp(`^v${minor.replace('.', '\\.')}\\.\\d+$`))
  })

  test('are one sorted definition a line, below 120 KB', () => {
    const lines = Object.entries(document.definitions).map(
      ([name, schema]) => `"${name}": ${stableJson(schema)}`,
    )
    const text = files.get('_definitions.json') ?? ''
    const body = `",\n"definitions": {\n${lines.sort().join(',\n')}\n}}\n`
    expect(text.endsWith(body)).toBe(true)
    expect(text.length).toBeLessThan(120_000)
  })

  test('hold only definitions that a kind reaches', () => {
    const used = new Set(
      [...files.values()].flatMap((text) => text.match(/(?<=#\/definitions\/)[\w.-]+/g) ?? []),
    )
    expect(Object.keys(document.definitions).filter((name) => !used.has(name))).toEqual([])
  })

  test('compile in the strict mode of ajv and accept every kind', () => {
    expect(checkWithAjv(folderOf(minor), samplesIn(fixture('every-kind.yaml')))).toEqual(new Map())
  })
})

describe.each(oldestAndNewest)('ajv and kubeconform on %s', (minor) => {
  test('accept an object of every kind', async () => {
    const text = fixture('every-kind.yaml')
    expect(
      samplesIn(text)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(KINDS.map(({ kind }) => kind).sort())
    expect(await checkBoth(folderOf(minor), text)).toEqual({
      ajv: new Map(),
      kubeconform: new Map(),
    })
  })

  test('accept what each conversion allows', async () => {
    const both = await checkBoth(folderOf(minor), fixture('accepted.yaml'))
    expect(both).toEqual({ ajv: new Map(), kubeconform: new Map() })
  })

  test('reject what each conversion forbids, at its place', async () => {
    const text = fixture('rejected.yaml')
    const expected = verdictsIn(text)
    expect(expected.size).toBe(samplesIn(text).length)
    expect(await checkBoth(folderOf(minor), text)).toEqual({ ajv: expected, kubeconform: expected })
  })
})

// One minor: the conversion is the same for all, and there are thousands of changes.
test('ajv and kubeconform agree on every small change of every kind', {
  timeout: 60_000,
}, async () => {
  const minor = MINORS.at(-1) ?? ''
  const changed = mutations(samplesIn(fixture('every-kind.yaml')))
  const text = changed.map((sample) => JSON.stringify(sample)).join('\n---\n')
  const kubeconform = await checkWithKubeconform(folderOf(minor), text)
  const ajv = checkWithAjv(folderOf(minor), changed)
  expect(kubeconform.size).toBeGreaterThan(1000)
  expect(changed.length - kubeconform.size).toBeGreaterThan(500)
  expect([...ajv].sort()).toEqual([...kubeconform].sort())
})

test('a field is known from the minor on that introduced it', () => {
  const pod = asSample({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod' },
    spec: { hostnameOverride: 'demo', containers: [{ name: 'main' }] },
  })
  const knowing = MINORS.filter((minor) => checkWithAjv(folderOf(minor), [pod]).size === 0)
  expect(knowing).toEqual(['1.34', '1.35', '1.36', '1.37'])
})
