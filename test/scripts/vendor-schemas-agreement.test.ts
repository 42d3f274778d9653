// What is vendored in schema/kubernetes and schema/crds, and whether ajv and kubeconform read it alike.
import { join } from 'node:path'
import { isRecord, optionalTool, recordedVersion, schemaFileOf, valuesIn } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { crdModules, vendoredKinds } from '../../scripts/lib/vendored-kinds.ts'
import { readFolder } from '../../scripts/vendor-schemas.ts'
import { withoutValueAt, withValueAt } from '../harness/src/objects/paths.ts'
import { crdDir, minors, oldestAndNewest, schemaDir } from '../rules/project.ts'
import { fixture, type Sample, samplesIn, verdictsIn } from './fixtures/vendor-schemas/samples.ts'
import {
  checkBoth,
  checkWithAjv,
  checkWithKubeconform,
} from './fixtures/vendor-schemas/validators.ts'

const hasKubeconform = (await optionalTool('kubeconform')) !== undefined

const valid = { ajv: new Map(), kubeconform: new Map() }

const folderOf = (minor: string): string => join(schemaDir, `v${minor}`)

const kindsOf = (list: readonly { readonly kind: string }[]) => list.map(({ kind }) => kind).sort()

const crdKinds = crdModules.flatMap(({ crds }) => Object.values(crds).flat())

const folders = [
  ...minors.map((minor) => {
    const files = [...vendoredKinds.map(schemaFileOf), '_definitions.json', '_kinds.json']
    return { name: minor, dir: folderOf(minor), expected: files, every: 'every-kind.yaml' }
  }),
  {
    ...{ name: 'operators', dir: crdDir, every: 'every-crd.yaml' },
    expected: [...crdKinds.map(schemaFileOf), '_definitions.json'],
  },
]

describe.each(folders)('the vendored schemas of $name', ({ dir, expected, every }) => {
  const files = readFolder(dir)
  const document = JSON.parse(files.get('_definitions.json') ?? '') as {
    definitions: Record<string, unknown>
  }

  test('have every kind and nothing else', () => {
    expect([...files.keys()].sort()).toEqual(expected.sort())
  })

  test('have one definition per line, sorted, and less than 140 KB', () => {
    const text = files.get('_definitions.json') ?? ''
    const named = [...text.matchAll(/^"([\w.-]+)": \{"/gm)].map(([, name]) => name)
    expect(named).toEqual(Object.keys(document.definitions).sort())
    expect(text.length).toBeLessThan(140_000)
  })

  test('hold only definitions that a kind reaches', () => {
    const used = new Set(
      [...files.values()].flatMap((text) => text.match(/(?<=#\/definitions\/)[\w.-]+/g) ?? []),
    )
    expect(Object.keys(document.definitions).filter((name) => !used.has(name))).toEqual([])
  })

  test('compile in the strict mode of ajv and accept every kind', () => {
    expect(checkWithAjv(dir, samplesIn(fixture(every)))).toEqual(new Map())
  })
})

test.each(minors)('the schemas of %s name the release that they come from', (minor) => {
  const release = new RegExp(`^v${minor.replace('.', '\\.')}\\.\\d+$`)
  expect(recordedVersion(readFolder(folderOf(minor)))).toMatch(release)
})

test('the schemas of operators name the modules that they come from', () => {
  const [comment = ''] = (readFolder(crdDir).get('_definitions.json') ?? '').split('\n')
  for (const { module, version } of crdModules)
    expect(comment).toContain(`${module} ${version} h1:`)
})

test.skipIf(!hasKubeconform)('ajv and kubeconform accept an object of every operator', async () => {
  const text = fixture('every-crd.yaml')
  expect(kindsOf(samplesIn(text))).toEqual(kindsOf(crdKinds))
  expect(await checkBoth(crdDir, text)).toEqual(valid)
})

describe.skipIf(!hasKubeconform).each(oldestAndNewest)('ajv and kubeconform on %s', (minor) => {
  test('accept an object of every kind', async () => {
    const text = fixture('every-kind.yaml')
    expect(kindsOf(samplesIn(text))).toEqual(kindsOf(vendoredKinds))
    expect(await checkBoth(folderOf(minor), text)).toEqual(valid)
  })

  test('accept what each conversion allows', async () => {
    expect(await checkBoth(folderOf(minor), fixture('accepted.yaml'))).toEqual(valid)
  })

  test('reject what each conversion forbids, at its place', async () => {
    const text = fixture('rejected.yaml')
    const expected = verdictsIn(text)
    expect(expected.size).toBe(samplesIn(text).length)
    expect(await checkBoth(folderOf(minor), text)).toEqual({ ajv: expected, kubeconform: expected })
  })
})

// By these fields a validator finds the schema and names the object.
const FIXED = /^(apiVersion|kind|metadata|metadata\.(name|namespace)|)$/

/** Every small change: each value is replaced by each of a few others, removed, or given an unknown key. */
function mutations(samples: readonly Sample[]): Sample[] {
  const changed = samples.flatMap((sample) =>
    valuesIn(sample)
      .filter(({ path }) => !FIXED.test(path.join('.')))
      .flatMap(({ path, value }) => {
        const bogus = isRecord(value) ? [{ ...value, bogus: 'text' }] : []
        const others = [null, true, -1.5, 'text', [null], {}, ...bogus]
        return [withoutValueAt(sample, path), ...others.map((o) => withValueAt(sample, path, o))]
      }),
  ) as Sample[]
  return changed.map((sample, index) => {
    return { ...sample, metadata: { ...sample.metadata, name: `m${index}` } }
  })
}

// One minor: the conversion is the same for all, and there are thousands of changes.
test.skipIf(!hasKubeconform).each(folders.slice(-2))(
  'ajv and kubeconform agree on every small change of every kind of $name',
  async ({ dir, every }) => {
    const changed = mutations(samplesIn(fixture(every)))
    const text = changed.map((sample) => JSON.stringify(sample)).join('\n---\n')
    const kubeconform = await checkWithKubeconform(dir, text)
    const ajv = checkWithAjv(dir, changed)
    expect(kubeconform.size).toBeGreaterThan(1000)
    expect(changed.length - kubeconform.size).toBeGreaterThan(500)
    expect([...ajv].sort()).toEqual([...kubeconform].sort())
  },
)

test('a field is known from the minor that introduced it', () => {
  const spec = { hostnameOverride: 'demo', containers: [{ name: 'main' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec }
  const knowing = minors.filter((minor) => checkWithAjv(folderOf(minor), [pod]).size === 0)
  expect(knowing).toEqual(minors.slice(minors.indexOf('1.34')))
})
