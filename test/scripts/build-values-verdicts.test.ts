import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { parseYaml } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { valuesAt } from '../chart/render.ts'
import { root } from '../rules/project.ts'

interface Verdicts {
  readonly accept: readonly unknown[]
  readonly reject: readonly unknown[]
}

type Names<T> = Readonly<Record<string, T>>

const schema = JSON.parse(readFileSync(join(root, 'schema/values.schema.json'), 'utf8')) as {
  readonly definitions: Names<object>
  readonly properties: Names<object>
}
const text = readFileSync(join(import.meta.dirname, 'fixtures/build-values/verdicts.yaml'), 'utf8')
const table = parseYaml(text) as Readonly<Record<'definitions' | 'values', Names<Verdicts>>>
// Strict: a keyword that ajv does not know, or that cannot apply, is an error.
const ajv = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: true })
const checkValues = ajv.compile({ ...schema, $id: 'values' })

/** The values that a check is wrong about: those in `accept` that it rejects, and those in `reject` that it accepts. */
function misjudged(check: (value: unknown) => boolean, { accept, reject }: Verdicts): unknown[] {
  return [...accept.filter((value) => !check(value)), ...reject.filter((value) => check(value))]
}

function checkAt(path: string): (value: unknown) => boolean {
  return (value) => checkValues(valuesAt(path, value))
}

describe('a definition', () => {
  const names = Object.keys(schema.definitions)

  test('is in the table, with something to accept and to reject', () => {
    const incomplete = names.filter((name) => {
      const { accept = [], reject = [] } = table.definitions[name] ?? {}
      return accept.length === 0 || reject.length === 0
    })
    expect(incomplete).toEqual([])
    expect(Object.keys(table.definitions).filter((name) => !names.includes(name))).toEqual([])
  })

  test.each(Object.entries(table.definitions))(
    '%s accepts and rejects what the table says',
    (name, verdicts) => {
      const check = ajv.compile({ $ref: `values#/definitions/${name}` })
      expect(misjudged((value) => check(value), verdicts)).toEqual([])
    },
  )
})

describe('the values', () => {
  test.each(Object.entries(table.values))('%s are judged as the table says', (path, verdicts) => {
    expect(misjudged(checkAt(path), verdicts)).toEqual([])
  })

  test('of every top-level key have a row', () => {
    const rows = Object.keys(table.values).map((path) => path.split('.')[0])
    const inDefinitions = ['commonLabels', 'commonAnnotations', 'envFrom']
    const keys = Object.keys(schema.properties)
    expect(keys.filter((key) => ![...rows, ...inDefinitions].includes(key))).toEqual([])
  })

  test('that the chart has by default are accepted', () => {
    const defaults = parseYaml(readFileSync(join(root, 'chart/values.yaml'), 'utf8'))
    expect([checkValues(defaults), checkValues.errors]).toEqual([true, null])
  })
})

test('a wrong verdict in the table is noticed', () => {
  const wrong = { accept: [0, 1], reject: ['a', 2] }
  expect(misjudged(checkAt('smtp.port'), wrong)).toEqual([0, 2])
  expect(misjudged(checkAt('maintenance'), { accept: [1], reject: [true] })).toEqual([1, true])
})
