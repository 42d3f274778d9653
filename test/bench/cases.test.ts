// The cases that scripts/lib/bench-suites.ts writes for helm-unittest, too: one override and two assertions
// each. Ours also check the values and every rendered object against their schemas.
import { join } from 'node:path'
import { createChart } from 'chart-harness'
import { expect, test } from 'vitest'
import { checkSchema, minors, root } from '../rules/project.ts'

const { BENCH_CASES = '', BENCH_TEMPLATES, BENCH_HELM, BENCH_CACHE = '' } = process.env
const newest = minors.at(-1) ?? ''
const chart = createChart({
  path: join(root, 'chart'),
  release: 'bench',
  schema: 'ajv',
  cacheDir: BENCH_CACHE,
})

const cases = Array.from({ length: Number(BENCH_CASES) }, (_, index) => {
  const replicas = index + 2
  const render = chart.render({
    values: { web: { replicas } },
    helm: BENCH_HELM === '3' ? 3 : 4,
    ...(BENCH_TEMPLATES ? { templates: BENCH_TEMPLATES.split(',') } : {}),
  })
  return { replicas, render }
})

test.each(cases)('web with $replicas replicas', async ({ replicas, render }) => {
  const { objects, one } = await render
  const { spec } = one('Deployment', 'bench-mastodon-web')
  expect(spec?.replicas).toBe(replicas)
  expect(spec?.template.spec?.containers[0]?.name).toBe('main')
  expect(objects.flatMap((object) => checkSchema(object, newest))).toEqual([])
})
