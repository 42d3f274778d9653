// The values in docs/secrets.md render, and are valid.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from 'chart-harness'
import { expect, test } from 'vitest'
import { checkSchema, root } from '../rules/project.ts'
import { render, type Values } from './render.ts'

const text = readFileSync(join(root, 'docs/secrets.md'), 'utf8')
const blocks = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block = '']) => block)

test.each(blocks)('docs/secrets.md has values that work: %#', async (block) => {
  const chart = await render(parseYaml(block) as Values)
  const problems = chart.objects.flatMap((object) => checkSchema(object, '1.36'))
  expect(chart).toHaveNoProblems(problems)
  expect(blocks.length).toBeGreaterThan(1)
})
