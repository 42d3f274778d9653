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
  keys.map((key) => ({ key, remedy, depth: key.split('.').length })),
)
const depths = [...new Set(needed.map(({ depth }) => depth))].sort()

/** The values with nothing behind this key. */
function blank(key: string): Values {
  return key.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), null) as Values
}

// A blank key hides those below it.
test.each(depths)('blank keys of depth %i are told, and what to write', async (depth) => {
  const keys = needed.filter((row) => row.depth === depth)
  const values = keys.reduce<Values>((all, { key }) => merge(all, blank(key)), {})
  expect([...(await refusal(values))].sort()).toEqual(
    keys
      .map(
        ({ key, remedy }) =>
          `${key}: is empty, and the chart needs it. Write ${remedy} or remove the line.`,
      )
      .sort(),
  )
})
