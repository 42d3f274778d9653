import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatPath, valueAt, withoutValueAt, withValueAt } from '../src/objects/paths.ts'
import { checkValuesSchema } from '../src/values/check-values.ts'
import { describeViolations } from '../src/values/suggest-key.ts'
import { openValuesSchema, type ValuesSchema } from '../src/values/values-schema.ts'
import { smallChart } from './values-chart.ts'

const port = { type: 'integer', minimum: 1 }
const chart = (properties: object, values: object = {}) =>
  openValuesSchema(smallChart({ data: '  a: b', values, properties }).path)
const leavesOf = ({ keys }: ValuesSchema): string[] =>
  keys.filter(({ isLeaf }) => isLeaf).map(({ name }) => name)
const leaves = (properties: object): string[] => leavesOf(chart(properties))

test('keys are those of maps, of open maps, and of the items of lists', () => {
  const queues = { type: 'array', items: { type: 'string' } }
  const worker = { type: 'object', properties: { queues } }
  expect(
    leaves({
      server: { type: 'object', properties: { port, tls: { type: 'boolean' } } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      workers: { type: 'array', items: worker },
      anything: {},
    }),
  ).toEqual(['server.port', 'server.tls', 'labels.*', 'workers[].queues[]', 'anything'])
})

test('references, allOf, branches and conditions are followed', () => {
  expect(
    leaves({
      one: {
        type: 'object',
        allOf: [
          { properties: { a: port } },
          { properties: { b: { $ref: '#/properties/one/allOf/0/properties/a' } } },
        ],
      },
      two: {
        type: 'object',
        properties: { type: { enum: ['x', 'y'] } },
        if: { properties: { type: { const: 'x' } } },
        // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
        then: { properties: { x: port } },
        else: { properties: { y: port } },
      },
      three: { anyOf: [{ type: 'string' }, { type: 'object', properties: { c: port } }] },
    }),
  ).toEqual(['one.a', 'one.b', 'two.type', 'two.x', 'two.y', 'three', 'three.c'])
})

test('a schema that refers to itself ends', () => {
  const properties = { name: { type: 'string' }, child: { $ref: '#/properties/tree' } }
  expect(leaves({ tree: { type: 'object', properties } })).toContain('tree.name')
})

test('a reference that leads nowhere is named', () => {
  expect(() => leaves({ a: { $ref: '#/definitions/b' } })).toThrow('#/definitions/b')
})

test('a place takes what the schema allows', () => {
  const schema = chart({ port, mode: { enum: ['a', 'b'] } })
  const [first, second] = schema.keys
  expect([1, 0, 'x'].filter((value) => first && schema.accepts(first.node, value))).toEqual([1])
  expect(second?.node.allowed).toEqual(['a', 'b'])
})

test('values are judged over the defaults', () => {
  const schema = chart({ port }, { port: 80 })
  expect(schema.violations({})).toEqual([])
  expect(schema.violations({ port: 0 })).toMatchObject([{ path: 'port' }])
})

test('what the defaults fill in is required of merged values only', () => {
  const { path } = smallChart({ data: '  a: b', values: { port: 80 }, properties: { port } })
  const file = join(path, 'values.schema.json')
  const schema = JSON.parse(readFileSync(file, 'utf8')) as object
  const needs = (...required: string[]) => JSON.stringify({ ...schema, allOf: [{ required }] })
  writeFileSync(file, needs('port'))
  expect(openValuesSchema(path).root.required).toEqual([])
  expect(openValuesSchema(path).violations({ port: null })).toMatchObject([{ path: 'port' }])
  writeFileSync(file, needs('port', 'host'))
  expect(openValuesSchema(path).root.required).toEqual(['port', 'host'])
})

test('without a schema the defaults say what the keys are', () => {
  const values = { web: { port: 80, hosts: ['a'] }, on: true }
  const { path } = smallChart({ data: '  a: b', values })
  expect(leavesOf(openValuesSchema(path))).toEqual(['web.port', 'web.hosts[]', 'on'])
})

test('a value is set, found and taken away by its path', () => {
  const values = { a: [{ b: 1 }, { b: 2 }] }
  expect(withValueAt(values, ['a', 1, 'b'], 3)).toEqual({ a: [{ b: 1 }, { b: 3 }] })
  expect(valueAt(values, ['a', 1, 'b'])).toBe(2)
  expect(withoutValueAt(values, ['a', 0])).toEqual({ a: [{ b: 2 }] })
  expect(formatPath(['a', 0, 'b.c'])).toBe('a[0]."b.c"')
})

test('a list of the defaults is copied before an item of it changes', () => {
  const defaults = { a: [{ b: 1, c: 2 }] }
  expect(withValueAt({}, ['a', 0, 'b'], 3, defaults)).toEqual({ a: [{ b: 3, c: 2 }] })
})

test('a message quotes the pattern, or words it if somebody knows how', () => {
  const properties = { name: { type: 'string', pattern: '^[a-z]+$' } }
  const { path } = smallChart({ data: '  a: b', values: {}, properties })
  const messages = (wordsOf: (pattern: string) => string | undefined): string[] =>
    checkValuesSchema({ path, wordsOf }, { name: 'A' }).map(({ message }) => message)
  expect(messages(() => undefined)).toEqual(['must be what ^[a-z]+$ matches'])
  const words = messages((pattern) => `lower case (${pattern.length})`)
  expect(words).toEqual(['must be lower case (8)'])
})

test('an unknown key names the neighbour that is written similarly, or the only such key elsewhere', () => {
  const items = { type: 'object', properties: { name: { type: 'string' } } }
  const pond = { type: 'object', properties: { fish: { type: 'array', items }, water: {} } }
  const lake = { type: 'object', properties: { water: {}, depth: {} } }
  const { path } = smallChart({ data: '  a: b', values: {}, properties: { pond, lake } })
  const message = 'is not a known key'
  const said = (unknown: string): string[] =>
    describeViolations(path, [{ path: unknown, message }]).map((line) => line.split(': ')[1] ?? '')
  expect(['pond.fihs', 'lkae', 'pond.fish[3].nane', 'depth', 'water', 'frog'].map(said)).toEqual([
    [`${message}. Did you mean fish?`],
    [`${message}. Did you mean lake?`],
    [`${message}. Did you mean name?`],
    [`${message}. Did you mean lake.depth?`],
    [message],
    [message],
  ])
  expect(describeViolations(path, [{ path: 'pond', message: 'is required' }])).toEqual([
    'pond: is required',
  ])
})
