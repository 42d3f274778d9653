// Every rule over every example with both Helms.
import { recordVisits, runRules } from 'chart-harness'
import { expect, test } from 'vitest'
import { examples, matrix, renderExample } from './project.ts'
import { exampleRules, userAdvice, userRules } from './rules.ts'

test('there are the eight examples, with two Helms each', () => {
  expect(examples).toEqual([
    'external-services',
    'gitops',
    'ingress-nginx-style',
    'minimal',
    'mstdnblue',
    'rwx-dynamic',
    'single-node-rwo',
    'split-sidekiq',
  ])
  expect(matrix).toHaveLength(16)
})

test.for(matrix)(
  '$example with Helm $helm follows every rule',
  async ({ example, helm }, context) => {
    const render = await renderExample(example, { helm })
    const results = runRules(render, exampleRules)
    recordVisits(context.task, results)
    expect(render).toHaveNoProblems(results.problems)
  },
)

test.for(examples)(
  '%s passes as the values of a user, too, without any advice',
  async (example) => {
    const render = await renderExample(example)
    const { problems } = runRules(render, [...userRules, ...userAdvice])
    expect(render).toHaveNoProblems(problems)
  },
)
