import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { isRecord, parseYaml } from 'chart-harness'
import { describe, expect, test } from 'vitest'

interface Verdicts {
  accept: unknown[]
  reject: unknown[]
}

const root = resolve(import.meta.dirname, '../..')
const schema: unknown = JSON.parse(readFileSync(join(root, 'schema/values.schema.json'), 'utf8'))
const table = readTable(join(import.meta.dirname, 'fixtures/build-values/verdicts.yaml'))
// Strict: a keyword that ajv does not know, or that cannot apply, is an error.
const ajv = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: true })
const checkValues = ajv.compile({ ...record(schema), $id: 'values' })

function record(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw new Error(`not a map: ${JSON.stringify(value)}`)
  return value
}

function readTable(file: string): Record<'definitions' | 'values', Record<string, Verdicts>> {
  const read = (section: unknown): Record<string, Verdicts> =>
    Object.fromEntries(
      Object.entries(record(section)).map(([name, entry]) => {
        const { accept, reject } = record(entry)
        if (!(Array.isArray(accept) && Array.isArray(reject))) throw new Error(`${name}: no lists`)
        return [name, { accept, reject }]
      }),
    )
  const { definitions, values } = record(parseYaml(readFileSync(file, 'utf8')))
  return { definitions: read(definitions), values: read(values) }
}

/** The values of which a check is wrong about: rejected though in `accept`, accepted though in `reject`. */
function misjudged(check: ValidateFunction, { accept, reject }: Verdicts): unknown[] {
  return [...accept.filter((value) => !check(value)), ...reject.filter((value) => check(value))]
}

function checkAt(path: string): ValidateFunction {
  const keys = path.split('.').reverse()
  const check = (value: unknown): boolean =>
    checkValues(keys.reduce((inner: unknown, key) => ({ [key]: inner }), value))
  return Object.assign(check, checkValues)
}

function definition(name: string): ValidateFunction {
  return ajv.compile({ $ref: `values#/definitions/${name}` })
}

describe('a definition', () => {
  const names = Object.keys(record(record(schema).definitions))

  test('stands in the table, with something to accept and to reject', () => {
    const incomplete = names.filter((name) => {
      const { accept = [], reject = [] } = table.definitions[name] ?? {}
      return accept.length === 0 || reject.length === 0
    })
    expect(incomplete).toEqual([])
    expect(Object.keys(table.definitions).filter((name) => !names.includes(name))).toEqual([])
  })

  test.each(Object.entries(table.definitions))('%s judges as the table says', (name, verdicts) => {
    expect(misjudged(definition(name), verdicts)).toEqual([])
  })
})

describe('the values', () => {
  test.each(Object.entries(table.values))('%s are judged as the table says', (path, verdicts) => {
    expect(misjudged(checkAt(path), verdicts)).toEqual([])
  })

  test('of every top-level key have a row', () => {
    const rows = Object.keys(table.values).map((path) => path.split('.')[0])
    const inDefinitions = ['commonLabels', 'commonAnnotations', 'envFrom']
    const keys = Object.keys(record(record(schema).properties))
    expect(keys.filter((key) => ![...rows, ...inDefinitions].includes(key))).toEqual([])
  })

  test('that the chart has by default are accepted', () => {
    const defaults = parseYaml(readFileSync(join(root, 'chart/values.yaml'), 'utf8'))
    expect([checkValues(defaults), checkValues.errors]).toEqual([true, null])
  })
})

test('a wrong verdict in the table is noticed', () => {
  const wrong = { accept: [0, 1], reject: ['a', 2] }
  expect(misjudged(definition('port'), wrong)).toEqual([0, 2])
  expect(misjudged(checkAt('maintenance'), { accept: [1], reject: [true] })).toEqual([1, true])
})
