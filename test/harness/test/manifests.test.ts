import { expect, test } from 'vitest'
import { identity, loadManifests } from '../src/objects/manifests.ts'

const config = (name: string, more = ''): string =>
  `---\n# Source: demo/templates/${name}.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`

test('two objects with one identity are an error that names both templates', () => {
  const text = config('a') + config('a').replace('templates/a', 'templates/b')
  expect(() => loadManifests(text)).toThrow(
    'ConfigMap/default/a is rendered twice (demo/templates/a.yaml, demo/templates/b.yaml). Rename or drop one.',
  )
})

test('an object with the release namespace written out is the same object', () => {
  const text = config('a') + config('a', '  namespace: demo\n')
  expect(() => loadManifests(text, 'demo')).toThrow('ConfigMap/demo/a is rendered twice')
  expect(loadManifests(text, 'other')).toHaveLength(2)
})

test('kinds of different groups do not clash, versions of one group do', () => {
  const route = (api: string): string =>
    `---\napiVersion: ${api}\nkind: Service\nmetadata: {name: a}\n`
  expect(loadManifests(route('v1') + route('serving.knative.dev/v1'))).toHaveLength(2)
  expect(() => loadManifests(route('x.org/v1') + route('x.org/v2'))).toThrow(
    'x.org/Service/default/a is rendered twice',
  )
})

test('a cluster-wide object has no namespace', () => {
  const [volume] = loadManifests('apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}')
  expect(volume && identity(volume, 'demo')).toBe('PersistentVolume/a')
})

test.each([
  [
    'a key that occurs twice',
    config('a', 'data: {}\ndata: {}\n'),
    'a.yaml: duplicated mapping key',
  ],
  ['a document that is not an object', '- 1', 'is not an object'],
  ['a document without kind', 'apiVersion: v1', 'lacks apiVersion or kind'],
  ['a document without name', '{apiVersion: v1, kind: A, metadata: {}}', 'lacks metadata.name'],
])('%s is an error', (_what, text, message) => {
  expect(() => loadManifests(text)).toThrow(message)
})

test('documents with nothing but comments are skipped', () => {
  const text = `---\n# Source: demo/templates/a.yaml\n# nothing\n${config('b')}`
  expect(loadManifests(text)).toHaveLength(1)
})

test('a List is its items', () => {
  const list =
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}'
  expect(loadManifests(list).map(({ kind }) => kind)).toEqual(['Secret'])
})

test('equal documents of different templates keep their own source', () => {
  const sources = ['one', 'two'].map((name) => {
    const text = config('same').replace('templates/same', `templates/${name}`)
    return loadManifests(text)[0]?.source
  })
  expect(sources).toEqual(['demo/templates/one.yaml', 'demo/templates/two.yaml'])
})
