// Every rule catches its seeded faults.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatProblem, parseYaml, type SeededFault, seedFaults } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { renderExample } from './project.ts'
import { exampleRules, userAdvice, userRules } from './rules.ts'

interface Fault extends SeededFault {
  readonly rule: string
  readonly example: string
  readonly what: string
  readonly problem: string
}

const faults = parseYaml(
  readFileSync(join(import.meta.dirname, 'faults.yaml'), 'utf8'),
) as readonly Fault[]

test.for(faults)('$rule reports $what', async ({ rule: name, example, problem, ...fault }) => {
  const rule = exampleRules.find((candidate) => candidate.name === name)
  const render = await renderExample(example)
  const { problems } = rule?.run(seedFaults(render, [fault])) ?? { problems: [] }
  const reported = problems.map((found) => formatProblem(found).replaceAll(/\[\d+\]/g, '[]'))
  expect(reported).toContainEqual(expect.stringContaining(problem))
  expect(render).toHaveNoProblems(rule?.run(render).problems ?? [])
})

describe('the registry', () => {
  const names = exampleRules.map(({ name }) => name)

  test('has a fault for every rule', () => {
    expect([...new Set(faults.map(({ rule }) => rule))].sort()).toEqual([...names].sort())
  })

  test('has one rule that is only for users, as no example has objects of its own', () => {
    const forUsers = [...userRules, ...userAdvice].map(({ name }) => name)
    expect(forUsers.filter((name) => !names.includes(name))).toEqual(['extra-references'])
  })

  test('names every rule in docs/checking.md', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/checking.md'), 'utf8')
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })
})
