// Every rule over values in which everything is on: what no example uses is checked here.
import { runRules } from 'chart-harness'
import { expect, test } from 'vitest'
import { profiles } from './profiles.ts'
import { chart, checkSchema, oldestAndNewest } from './project.ts'
import { userAdvice, userRules } from './rules.ts'

const requests = profiles.map(({ values }) => ({ values, schema: 'ajv' as const }))

await chart.renderAll(requests)

test.for(profiles.map(({ name }, index) => ({ name, request: requests[index] })))(
  '$name: the rules and Kubernetes accept every object',
  async ({ request }) => {
    const render = await chart.render(request)
    expect(render).toHaveNoProblems([
      ...runRules(render, [...userRules, ...userAdvice]).problems,
      ...oldestAndNewest.flatMap((minor) =>
        render.objects.flatMap((object) => checkSchema(object, minor)),
      ),
    ])
  },
)
