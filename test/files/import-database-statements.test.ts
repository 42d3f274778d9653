// What the import leaves out of a dump, and what it passes on.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { awks, dumpWith, leftOf, translate } from './awk.ts'

type Named<T> = Readonly<Record<string, T>>

const text = readFileSync(join(import.meta.dirname, 'statements.yaml'), 'utf8')
const { leftOut, kept, changed } = parseYaml(text) as {
  readonly leftOut: Named<string>
  readonly kept: Named<string>
  readonly changed: Named<{ readonly dump: string; readonly left: string }>
}

describe.each(awks)('with $name', (awk) => {
  test.each(Object.entries(leftOut))('%s are left out', (reason, statements) => {
    const lines = statements.trimEnd().split('\n')
    const { sql, log } = translate(awk, dumpWith(...lines))
    expect(`${sql}`).toBe(`${translate(awk, dumpWith()).sql}`)
    expect(log).toContain(`Left out: ${reason} (${lines.length}).\n`)
  })

  test.each(Object.entries(kept))('%s is passed on as it is', (_, dump) => {
    expect(leftOf(awk, dump)).toBe(dump)
  })

  test.each(Object.entries(changed))('%s: only what is to be kept is passed on', (_, each) => {
    expect(leftOf(awk, each.dump)).toBe(each.left)
  })
})
