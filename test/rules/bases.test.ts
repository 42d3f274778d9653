// Every rule over values in which everything is on: what no example uses is checked here.
import { runRules } from 'chart-harness'
import { expect, test } from 'vitest'
import { checkSchema } from '../../scripts/lib/check-judge.ts'
import { bases } from '../../scripts/lib/fuzz-bases.ts'
import { chart } from '../matrix.ts'
import { userAdvice, userRules } from './rules.ts'

const oldestAndNewest = ['1.30', '1.37']
const requests = bases.map(({ values }) => ({ values, schema: 'ajv' as const }))

await chart.renderAll(requests)

test.for(bases.map(({ name }, index) => ({ name, request: requests[index] })))(
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
