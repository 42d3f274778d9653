// The pages in docs/: whoever looks for one finds it, and whoever copies a block of values gets a release.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord, parseYaml } from 'chart-harness'
import { expect, test } from 'vitest'
import { examples, root } from '../rules/project.ts'
import { defaults, merge, render, type Values } from './render.ts'

const folder = join(root, 'docs')
const pages = readdirSync(folder).map((page) => ({
  ...{ page, text: readFileSync(join(folder, page), 'utf8') },
}))
const blocks = pages.flatMap(({ page, text }) => {
  const found = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml = '']) => yaml)
  return found.map((yaml, index) => ({ page, block: `${page}, block ${index + 1}`, yaml }))
})
const values = blocks.flatMap(({ page, block, yaml }) => {
  const parsed = parseYaml(yaml, block)
  const isValues = isRecord(parsed) && Object.keys(parsed).every((key) => key in defaults)
  return isValues ? [{ page, block, parsed: parsed as Values }] : []
})

test('the README lists every example and every page', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const links = pages.map(({ page }) => `(docs/${page})`)
  const files = examples.map((name) => `| \`${name}.yaml\` |`)
  expect([...links, ...files].filter((text) => !readme.includes(text))).toEqual([])
})

test('the pages contain values', () => {
  expect(values.length).toBeGreaterThan(5)
})

test('no values stand outside of the blocks that are rendered here', () => {
  const keys = Object.keys(defaults).join('|')
  const outside = pages.flatMap(({ page, text }) =>
    [...text.matchAll(new RegExp(`^ {4}(?:${keys}):.*`, 'gm'))].map(([line]) => `${page}: ${line}`),
  )
  expect(outside).toEqual([])
})

test.each(values)('$block renders, alone or after one before it', async ({ page, parsed }) => {
  const ofPage = values.filter((other) => other.page === page).map((other) => other.parsed)
  const before = [{}, ...ofPage.slice(0, ofPage.indexOf(parsed))]
  const renders = before.map((first) => render(merge(first, parsed)).then(() => true))
  const results = await Promise.allSettled(renders)
  expect(results.map(({ status }) => status)).toContain('fulfilled')
})
