// Faults in schema/values and chart/values.yaml, and what the build says about each.
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listKeys } from '../../scripts/lib/values-keys.ts'
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

const unexplained = 'no sentence. Write one above it in chart/values.yaml (`# -- …`).'
const misplaced = '"env", "credential" and "when" belong to a key that has one place.'
const a = { ...described, env: 'A' }

test.each<[string, ValuesSource]>([
  [`maintenance: ${unexplained}`, withValue('maintenance', '', {})],
  // A key of a shared block.
  [`web.resources: ${unexplained}`, withValue('web.resources', '', {})],
  // A sentence without its end.
  [`maintenance: ${unexplained}`, withValue('maintenance', 'Scales', {})],
  // A key that only the schema has.
  [`x[].a: ${unexplained}`, withKey({ description: 'A.', items: { properties: { a: {} } } })],
  [
    'x: described twice. Remove the description from schema/values.',
    { ...withValue('x', 'A number.', { x: 1 }), keys: { ...source.keys, x: described } },
  ],
  [
    'x[].a: no description, and chart/values.yaml does not show it. Describe it in schema/values.',
    withDefinition({ items: { properties: { a: { type: 'string' } } } }),
  ],
  [`x.a: ${misplaced}`, withDefinition({ properties: { a } })],
  [`x[].a: ${misplaced}`, withKey({ description: 'A.', items: { properties: { a } } })],
])('is reported: %s', (message, broken) => {
  expect(listKeys(broken).problems).toEqual([message])
})

test.each<[string, Fragment & { readonly evn?: string }]>([
  ['x: there is no definition "img".', { $ref: '#/definitions/img' }],
  ['x: a pattern without words.', { type: 'string', pattern: 'a' }],
  ['x: an object without "properties".', { type: 'object' }],
  ['has no key "replica"', { takes: 'workload', without: ['replica'] }],
  [
    'x: schema/values does not know the keyword "evn". Correct or remove it.',
    { type: 'string', evn: 'A' },
  ],
])('stops the assembly: %s', (message, fragment) => {
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

  test.each<[string, Fragment, unknown?]>([
    [
      'x: unknown readers "puma". Write one of ruby, node, both, web.',
      { env: { name: 'A', readers: 'puma' } },
    ],
    [
      'x: "env" does not know `omitfalse: true`. Correct or remove it.',
      { env: { name: 'A', omitfalse: true } },
    ],
    ['x: "env" without a name. Write `env: NAME`.', { env: { join: ',' } }],
    ['x: "credential" does not know `name`. Correct or remove it.', { credential: { name: 'A' } }],
    ['x: "when" must name one key, or one key with its value.', { env: 'A' }, { a: 'b', c: 'd' }],
    [
      'x: "when" names smtp.sever, and there is no such key. Correct it.',
      { env: 'A' },
      'smtp.sever',
    ],
    ['x: smtp.port already sets SMTP_PORT.', { env: 'SMTP_PORT' }],
    [
      'x: web.maxThreads already sets MAX_THREADS.',
      { env: { name: 'MAX_THREADS', readers: 'both' } },
    ],
    ['x: smtp.port already sets SMTP_PORT.', { credential: { env: 'SMTP_PORT' } }],
  ])('refuses: %s', (message, fragment, when) => {
    const keys = [...listKeys(source).keys, { ...place, fragment, when }]
    expect(() => readVariables(keys)).toThrow(message)
  })

  test('lets Ruby and Node have a variable of one name from different keys', () => {
    const keys = [
      { ...place, path: 'a', fragment: { env: { name: 'A', readers: 'node' } } },
      { ...place, path: 'b', fragment: { env: 'A' } },
    ]
    expect(readVariables(keys).variables.map(({ path }) => path)).toEqual([['a'], ['b']])
  })
})
