import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type Fragment,
  readValues,
  readValuesSource,
  type ValuesSource,
} from '../../scripts/lib/values-schema.ts'
import { assembleSchema } from '../../scripts/lib/values-schema-assemble.ts'
import { checkValuesSource } from '../../scripts/lib/values-schema-checks.ts'
import { readVariables } from '../../scripts/lib/values-schema-variables.ts'

const root = resolve(import.meta.dirname, '../..')
const source = await readValuesSource(root)
const values = await readValues(root)

function changed(change: (copy: ValuesSource) => void): ValuesSource {
  const copy = structuredClone(source)
  change(copy)
  return copy
}

function setKey(copy: ValuesSource, key: string, name: string, fragment: Fragment): void {
  Object.assign(copy.keys[key]?.properties ?? {}, { [name]: fragment })
}

describe('a fault in schema/values or values.yaml', () => {
  test.each<[string, (copy: ValuesSource) => void, string]>([
    [
      'a default that values.yaml lacks',
      (copy) => setKey(copy, 'smtp', 'timeout', { type: 'integer', description: 'A.', default: 5 }),
      'smtp.timeout: nothing in chart/values.yaml, 5 as default in schema/values. Make them equal.',
    ],
    [
      'another default',
      (copy) => setKey(copy, 'smtp', 'port', { type: 'integer', description: 'A.', default: 25 }),
      'smtp.port: 587 in chart/values.yaml, 25 as default in schema/values. Make them equal.',
    ],
    [
      'another default of a shared key',
      (copy) => Object.assign(copy.keys.web?.defaults ?? {}, { replicas: 3 }),
      'web.replicas: 1 in chart/values.yaml, 3 as default in schema/values. Make them equal.',
    ],
    [
      'a key of values.yaml that the schema lacks',
      (copy) => delete copy.keys.smtp?.properties?.port,
      'smtp.port: chart/values.yaml has this key, the schema lacks it. Add it to schema/values.',
    ],
    [
      'a key without a description',
      (copy) => setKey(copy, 'secrets', 'fromEnv', { type: 'boolean', default: false }),
      'secrets.fromEnv: no description. Write a full sentence into schema/values.',
    ],
    [
      'a key of a shared block without a description',
      (copy) =>
        Object.assign(copy.definitions, { peer: { properties: { a: { type: 'string' } } } }),
      'peer.a: no description. Write a full sentence into schema/values.',
    ],
  ])('is reported: %s', (_, change, message) => {
    expect(checkValuesSource(source, values)).toEqual([])
    expect(checkValuesSource(changed(change), values)).toEqual([message])
  })

  test.each<[string, Fragment, string]>([
    ['an unknown definition', { $ref: '#/definitions/img' }, 'x: there is no definition "img".'],
    ['a pattern without words', { type: 'string', pattern: 'a' }, 'x: a pattern without words.'],
    ['an object that says nothing', { type: 'object' }, 'x: an object without "properties".'],
    ['an unknown shared key', { takes: 'workload', without: ['replica'] }, 'has no key "replica"'],
    ['a default of an unknown shared key', { takes: 'job', defaults: { a: 1 } }, 'has no key "a"'],
  ])('stops the assembly: %s', (_, fragment, message) => {
    const broken = { ...source, keys: { x: fragment } }
    expect(() => assembleSchema(broken)).toThrow(message)
  })

  test.each<[string, Fragment, string]>([
    [
      'unknown readers',
      { env: { name: 'A', readers: 'puma' } },
      'x: unknown readers "puma". Write one of ruby, node, both, web, sidekiq.',
    ],
    [
      'an unknown key of env',
      { env: { name: 'A', omitfalse: true } },
      'x: "env" does not know `omitfalse: true`. Correct or remove it.',
    ],
    ['no name', { env: { join: ',' } }, 'x: "env" without a name. Write `env: NAME`.'],
    [
      'an unknown key of credential',
      { credential: { name: 'A' } },
      'x: "credential" does not know `name`. Correct or remove it.',
    ],
    [
      'a condition on two keys',
      { when: { a: 'b', c: 'd' } },
      'x: "when" must name one key, or one key with its value.',
    ],
    ['the variable of another key', { env: 'SMTP_PORT' }, 'x: smtp.port already sets SMTP_PORT.'],
    [
      'a variable that web reads already',
      { env: { name: 'MAX_THREADS', readers: 'both' } },
      'x: web.maxThreads already sets MAX_THREADS.',
    ],
    [
      'the variable of a credential',
      { credential: { env: 'LOG_LEVEL' }, properties: { a: { env: 'LOG_LEVEL' } } },
      'x: x.a already sets LOG_LEVEL.',
    ],
  ])('stops the list of variables: %s', (_, fragment, message) => {
    const broken = { ...source, keys: { ...source.keys, x: fragment } }
    expect(() => readVariables(broken)).toThrow(message)
  })

  test('is not a variable of one name that Ruby and Node each get from another key', () => {
    const both = { properties: { a: { env: { name: 'A', readers: 'node' } }, b: { env: 'A' } } }
    const { variables } = readVariables({ ...source, keys: { x: both } })
    expect(variables.map(({ path }) => path.join('.'))).toEqual(['x.a', 'x.b'])
  })
})
