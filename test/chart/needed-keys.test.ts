// A key without anything behind it: YAML reads null, and Helm removes the chart's default. needed-keys.yaml
// says, apart from the generator, for which keys that must be refused and in which words.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from 'chart-harness'
import { expect, test } from 'vitest'
import { merge } from './merge.ts'
import { refusal, type Values } from './render.ts'

const file = join(import.meta.dirname, 'needed-keys.yaml')
const byRemedy = parseYaml(readFileSync(file, 'utf8')) as Record<string, readonly string[]>
const needed = Object.entries(byRemedy).flatMap(([remedy, keys]) =>
  keys.map((key) => ({ key, remedy, table: key.split('.').slice(0, -1).join('.') })),
)

// A blank key hides those below it, and neighbours shall not stand in for each other: so not all at once.
const tables = [...new Set(needed.map(({ table }) => table))]
const rounds = needed.map(
  ({ key, table }) => `${key.split('.').length}${tables.indexOf(table) % 2}`,
)
const groups = [...new Set(rounds)]
  .sort()
  .map((round) => needed.filter((_, i) => rounds[i] === round))

/** The values with nothing behind this key. */
function blank(key: string): Values {
  return key.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), null) as Values
}

test.each(groups.map((keys) => ({ first: keys[0]?.key, count: keys.length, keys })))(
  'blank keys are told, and what to write: $first and as many as $count',
  async ({ keys }) => {
    const values = keys.reduce<Values>((all, { key }) => merge(all, blank(key)), {})
    expect([...(await refusal(values))].sort()).toEqual(
      keys
        .map(
          ({ key, remedy }) =>
            `${key}: is empty, and the chart needs it. Write ${remedy} or remove the line.`,
        )
        .sort(),
    )
  },
)
