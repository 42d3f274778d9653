// Every object of every example is valid in every Kubernetes minor, for ajv. Kubeconform's opinion on the same
// objects is part of npm start, which test/scripts/check-values.test.ts runs over all examples.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createSchemaChecker, formatProblem, runKubeconform } from 'chart-harness'
import { expect, test } from 'vitest'
import { matrix, renderExample } from '../matrix.ts'
import { mutate } from './mutate.ts'

const schemas = join(import.meta.dirname, '../../schema/kubernetes')
const minors = readdirSync(schemas).map((name) => name.slice(1))
const check = createSchemaChecker(schemas)

const renders = (): Promise<Awaited<ReturnType<typeof renderExample>>[]> =>
  Promise.all(matrix.map(({ example, helm }) => renderExample(example, { helm })))

test('there are eight minors', () => {
  expect(minors).toEqual(['1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36', '1.37'])
})

test.for(minors)('Kubernetes %s takes every object, says ajv', async (minor) => {
  const objects = (await renders()).flatMap((render) => render.objects)
  expect(objects.length).toBeGreaterThan(200)
  expect(objects.flatMap((object) => check(object, minor)).map(formatProblem)).toEqual([])
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
