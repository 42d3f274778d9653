// npm run bench, run as a user runs it.
import { describe, expect, test } from 'vitest'
import { measure } from '../../scripts/lib/bench-subjects.ts'
import { root } from '../rules/project.ts'
import { runScript } from './fixtures/run-script.ts'

describe('one round', async () => {
  const args = ['--rounds', '1', '--cases', '1']
  const { code, stdout, stderr } = await runScript('bench-renders', args, { cwd: root })
  const rows = stdout.split('\n').map((line) => line.split(/ {2,}/))

  test('measures both Helms with and without schema against an empty chart', () => {
    expect([code, stderr]).toEqual([0, ''])
    const charts = ['empty chart', 'without schema', 'with schema']
    expect(rows.slice(1, 7).map(([name]) => name)).toEqual(
      [3, 4].flatMap((helm) => charts.map((what) => `Helm ${helm}, ${what}`)),
    )
    const ratios = rows.slice(1, 7).map((row) => Number(row[4]))
    expect([ratios[0], ratios[3]]).toEqual([1, 1])
    expect(Math.min(...ratios)).toBeGreaterThan(0)
  })

  test('says how fast the harness is', () => {
    expect(stdout).toMatch(
      /\nharness on \d+ cores: \d+\.\d renders of the examples per second, \d+\.\d in bulk, \d+\.\d from the cache\n/,
    )
  })

  test('runs the suite with both Helms, all templates and one', () => {
    const suites = rows.filter(([name]) => name?.startsWith('harness, Helm'))
    expect(suites.map(([name]) => name)).toEqual(
      [3, 4].flatMap((helm) => [`harness, Helm ${helm}`, `harness, Helm ${helm}, one template`]),
    )
    for (const [, wall, cpu] of suites)
      expect(Math.min(Number(wall), Number(cpu))).toBeGreaterThan(0)
  })
})

test('a suite that fails ends the run with its output', async () => {
  const args = ['-c', 'echo no test passed; exit 1']
  const suite = { name: 'helm-unittest', program: 'sh', args, env: process.env }
  await expect(measure([suite], 1)).rejects.toThrow(
    'bench-renders: helm-unittest fails:\nno test passed\n',
  )
})
