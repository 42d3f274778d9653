// ajv and kubeconform both notice what Kubernetes would refuse. All objects of all examples are checked in all minors
// by npm start, which test/scripts/check-values.test.ts runs.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createSchemaChecker, formatProblem, runKubeconform } from 'chart-harness'
import { expect, test } from 'vitest'
import { mutate } from './mutate.ts'
import { renderExample } from './project.ts'

const schemas = join(import.meta.dirname, '../../schema/kubernetes')
const minors = readdirSync(schemas).map((name) => name.slice(1))
const check = createSchemaChecker(schemas)

test('there are eight minors', () => {
  expect(minors).toEqual(['1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36', '1.37'])
})

test('both notice a field that Kubernetes does not know', async () => {
  const object = 'Deployment/minimal-mastodon-web'
  const broken = mutate(await renderExample('minimal'), [
    { object, path: 'spec.template.spec.hostname2', value: 'x' },
  ])
  const deployment = broken.one('Deployment', 'minimal-mastodon-web')
  expect(check(deployment as never, '1.36').map(formatProblem)).toEqual([
    `kubernetes-schema: ${object} spec.template.spec.hostname2: Kubernetes 1.36: unknown field`,
  ])
  const [problem] = await runKubeconform([JSON.stringify(deployment)], '1.36', { schemas })
  expect(problem?.message).toContain('hostname2')
})
