// Faults in schema/values and chart/values.yaml, and what the build says about each.
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Key, listKeys } from '../../scripts/lib/values-keys.ts'
import { assembleSchema } from '../../scripts/lib/values-schema.ts'
import {
  type Fragment,
  readValuesSource,
  type ValuesSource,
} from '../../scripts/lib/values-source.ts'
import { readVariables } from '../../scripts/lib/values-variables.ts'

const root = resolve(import.meta.dirname, '../..')
const source = await readValuesSource(root)

/** The source with another fragment at `x`, and nothing of it in chart/values.yaml. */
function withKey(x: Fragment): ValuesSource {
  return { ...source, keys: { ...source.keys, x } }
}

function withDefinition(x: Fragment): ValuesSource {
  return { ...source, definitions: { ...source.definitions, x } }
}

/** The source with one more key in chart/values.yaml. */
function withValue(path: string, sentence: string, value: object): ValuesSource {
  return {
    ...source,
    values: { ...source.values, ...value },
    sentences: new Map([...source.sentences, [path, sentence]]),
  }
}

const described = { type: 'integer', description: 'A number.' }

test('schema/values and chart/values.yaml are without fault', () => {
  expect(listKeys(source).problems).toEqual([])
  expect(listKeys(withKey(described)).problems).toEqual([])
})

test.each<[string, ValuesSource, string]>([
  [
    'a key without its sentence',
    withValue('maintenance', '', {}),
    'maintenance: no sentence. Write one above it in chart/values.yaml (`# -- …`).',
  ],
  [
    'a key of a shared block without its sentence',
    withValue('web.resources', '', {}),
    'web.resources: no sentence. Write one above it in chart/values.yaml (`# -- …`).',
  ],
  [
    'a sentence without its end',
    withValue('maintenance', 'Scales', {}),
    'maintenance: no sentence. Write one above it in chart/values.yaml (`# -- …`).',
  ],
  [
    'a key that only the schema has and that nothing describes',
    withKey({ properties: {}, description: 'A map.', items: { properties: { a: {} } } }),
    'x[].a: no sentence. Write one above it in chart/values.yaml (`# -- …`).',
  ],
  [
    'a key that is described in both',
    {
      ...withValue('x', 'A number.', { x: 1 }),
      keys: { ...source.keys, x: described },
    },
    'x: described twice. Remove the description from schema/values.',
  ],
  [
    'a key of a definition that nothing describes',
    withDefinition({ items: { properties: { a: { type: 'string' } } } }),
    'x[].a: no description, and chart/values.yaml does not show it. Describe it in schema/values.',
  ],
  [
    'a variable of a definition',
    withDefinition({ properties: { a: { ...described, env: 'A' } } }),
    'x.a: "env", "credential" and "when" belong to a key that has one place.',
  ],
  [
    'a variable of the items of a list',
    withKey({ description: 'A.', items: { properties: { a: { ...described, env: 'A' } } } }),
    'x[].a: "env", "credential" and "when" belong to a key that has one place.',
  ],
])('is reported: %s', (_, broken, message) => {
  expect(listKeys(broken).problems).toEqual([message])
})

test.each<[string, Fragment, string]>([
  ['an unknown definition', { $ref: '#/definitions/img' }, 'x: there is no definition "img".'],
  ['a pattern without words', { type: 'string', pattern: 'a' }, 'x: a pattern without words.'],
  ['an object that says nothing', { type: 'object' }, 'x: an object without "properties".'],
  ['an unknown shared key', { takes: 'workload', without: ['replica'] }, 'has no key "replica"'],
  [
    'an unknown keyword',
    { type: 'string', evn: 'A' } as Fragment,
    'x: schema/values does not know the keyword "evn". Correct or remove it.',
  ],
])('stops the assembly: %s', (_, fragment, message) => {
  const keys = listKeys(source)
  expect(() => assembleSchema(withKey(fragment), keys)).toThrow(message)
})

test.each([
  [{ x: 1 }, 'of chart/values.yaml. Add it to schema/values/x.yaml'],
  [
    { smtp: { x: 1 } },
    'smtp.x: the schema lacks this key of chart/values.yaml. Add it to schema/values/smtp.yaml',
  ],
  [{ smtp: { port: '25' } }, 'smtp.port: its default must be integer.'],
])('defaults must fit the shapes: %j', (values, message) => {
  const keys = listKeys(source)
  expect(() => assembleSchema({ ...source, values }, keys)).toThrow(message)
})

describe('the list of variables', () => {
  const place = { path: 'x', isShared: false, value: undefined, text: 'A.' }

  test.each<[string, Partial<Key>, string]>([
    [
      'unknown readers',
      { fragment: { env: { name: 'A', readers: 'puma' } } },
      'x: unknown readers "puma". Write one of ruby, node, both, web.',
    ],
    [
      'an unknown key of env',
      { fragment: { env: { name: 'A', omitfalse: true } } },
      'x: "env" does not know `omitfalse: true`. Correct or remove it.',
    ],
    [
      'no name',
      { fragment: { env: { join: ',' } } },
      'x: "env" without a name. Write `env: NAME`.',
    ],
    [
      'an unknown key of credential',
      { fragment: { credential: { name: 'A' } } },
      'x: "credential" does not know `name`. Correct or remove it.',
    ],
    [
      'a condition on two keys',
      { fragment: { env: 'A' }, when: { a: 'b', c: 'd' } },
      'x: "when" must name one key, or one key with its value.',
    ],
    [
      'a condition on a key that does not exist',
      { fragment: { env: 'A' }, when: 'smtp.sever' },
      'x: "when" names smtp.sever, and there is no such key. Correct it.',
    ],
    [
      'the variable of another key',
      { fragment: { env: 'SMTP_PORT' } },
      'x: smtp.port already sets SMTP_PORT.',
    ],
    [
      'a variable that web reads already',
      { fragment: { env: { name: 'MAX_THREADS', readers: 'both' } } },
      'x: web.maxThreads already sets MAX_THREADS.',
    ],
    [
      'the variable of a key as that of a credential',
      { fragment: { credential: { env: 'SMTP_PORT' } } },
      'x: smtp.port already sets SMTP_PORT.',
    ],
  ])('refuses %s', (_, key, message) => {
    const { keys } = listKeys(source)
    expect(() => readVariables([...keys, { ...place, fragment: {}, ...key }])).toThrow(message)
  })

  test('lets Ruby and Node have a variable of one name from different keys', () => {
    const keys = [
      { ...place, path: 'a', fragment: { env: { name: 'A', readers: 'node' } } },
      { ...place, path: 'b', fragment: { env: 'A' } },
    ]
    expect(readVariables(keys).variables.map(({ path }) => path)).toEqual([['a'], ['b']])
  })
})
