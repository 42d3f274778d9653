// A key with nothing behind it is null in YAML: Helm removes the chart's default, and the schema says which keys
// must not be removed.
import { isRecord, parseYaml } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { chartFile, merge, render, type Values, violations } from './render.ts'

interface Needs {
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Needs>>
}

const schema = JSON.parse(chartFile('values.schema.json')) as { readonly allOf: readonly Needs[] }
const needed = schema.allOf.flatMap((needs) => namesOf(needs))

function namesOf({ required = [], properties = {} }: Needs): string[] {
  const below = Object.entries(properties).flatMap(([key, needs]) =>
    namesOf(needs).map((name) => `${key}.${name}`),
  )
  return [...required, ...below]
}

/** The keys of values.yaml, parents before their children. */
function keysOf(table: object): string[] {
  return Object.entries(table).flatMap(([key, value]) => [
    key,
    ...(isRecord(value) ? keysOf(value).map((name) => `${key}.${name}`) : []),
  ])
}

/** Values with nothing behind these keys. */
function blank(names: readonly string[]): Values {
  return names.reduce<Values>((all, name) => {
    const one = name.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), null)
    return merge(all, one as Values)
  }, {})
}

const depthOf = (name: string) => name.split('.').length
const depths = [...new Set(needed.map(depthOf))].sort()

// A blank key hides those below it: so one depth at a time.
describe.each(depths)('keys at depth %i that the chart needs', (depth) => {
  const names = needed.filter((name) => depthOf(name) === depth)

  test.each([3, 4] as const)('are named by Helm %i when they are blank', async (helm) => {
    const found = await violations(blank(names), { helm })
    expect(found).toEqual(names.map((name) => `${name}: is required`).sort(byText))
  })
})

function byText(a: string, b: string): number {
  return a.localeCompare(b)
}

// What Kubernetes needs inside an optional map is required wherever such a map may be.
const neededByKubernetes = /\.(seccompProfile\.type|sleep\.seconds)$/

test('every other key may be blank', async () => {
  const optional = keysOf(parseYaml(chartFile('values.yaml')) as object).filter(
    (name) => !(needed.includes(name) || neededByKubernetes.test(name)),
  )
  expect(optional).toContain('web.resources')
  const { objects } = await render(blank(optional))
  expect(objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(3)
})
