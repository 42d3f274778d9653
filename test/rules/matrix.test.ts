// Every rule, and every Kubernetes minor, over every example with both Helms.
import { formatProblem, recordVisits, runRules, seedFaults } from 'chart-harness'
import { expect, test } from 'vitest'
import { checkSchema, examples, matrix, minors, renderExample } from './project.ts'
import { exampleRules, userAdvice, userRules } from './rules.ts'

test('there are examples and minors', () => {
  expect(examples.length).toBeGreaterThan(7)
  expect(matrix).toHaveLength(2 * examples.length)
  expect(minors.length).toBeGreaterThan(7)
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

test.for(matrix)('$example with Helm $helm is valid in every minor', async ({ example, helm }) => {
  const render = await renderExample(example, { helm })
  expect(render).toHaveNoProblems(
    minors.flatMap((minor) => render.objects.flatMap((object) => checkSchema(object, minor))),
  )
})

test.for(minors)('Kubernetes %s does not take a field that it does not know', async (minor) => {
  const object = 'Deployment/minimal-mastodon-web'
  const broken = seedFaults(await renderExample('minimal'), [
    { object, path: 'spec.template.spec.hostname2', value: 'x' },
  ])
  const problems = broken.objects.flatMap((one) => checkSchema(one, minor))
  expect(problems.map(formatProblem)).toEqual([
    `kubernetes-schema: ${object} spec.template.spec.hostname2: Kubernetes ${minor}: unknown field`,
  ])
})

test.for(examples)(
  '%s passes as the values of a user, too, without any advice',
  async (example) => {
    const render = await renderExample(example)
    const { problems } = runRules(render, [...userRules, ...userAdvice])
    expect(render).toHaveNoProblems(problems)
  },
)
