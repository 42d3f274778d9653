// Values that once broke the chart: each file's first line says how. They render now and pass the oracle of the fuzz
// runs, or the chart refuses them in words.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeOutcome } from 'chart-harness'
import { expect, test } from 'vitest'
import { oracle } from '../rules/oracle.ts'
import { readValues } from '../rules/profiles.ts'
import { chart } from '../rules/project.ts'

const dir = import.meta.dirname
const files = readdirSync(dir).filter((name) => name.endsWith('.yaml'))

test('each kept case says what it once broke', () => {
  expect(files.length).toBeGreaterThan(5)
  const silent = files.filter((name) => !/^# Once: ./.test(readFileSync(join(dir, name), 'utf8')))
  expect(silent).toEqual([])
})

test.each(files)('%s', async (name) => {
  const values = readValues(join(dir, name))
  const [outcome] = await chart.renderAll([{ release: 'fuzz', values }])
  expect(outcome && judgeOutcome(outcome, values, oracle)).toEqual([])
  const lines = outcome?.failure?.lines ?? []
  expect(lines.every((line) => line !== '')).toBe(true)
})
