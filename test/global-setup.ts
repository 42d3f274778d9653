// Runs once before all tests: finds the tools and renders the matrix, so that the workers only read
// the render cache.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cacheRoot, pruneCache, resolveTool } from 'chart-harness'
import { planVariable } from 'chart-harness/mutation'
import type { TestProject } from 'vitest/node'
import { cacheName, chart, matrix, renderExample } from './rules/project.ts'

const daysToKeep = 7
const tools = ['helm3', 'helm4'] as const

/** Vitest's entry. */
export default async function setup({ config }: TestProject): Promise<void> {
  if ({ ...config.env }[planVariable] !== undefined) return // of mutants, nothing is known ahead
  for (const folder of ['renders', 'notes', 'marked', 'drivers', 'requests']) {
    pruneCache(join(cacheRoot(cacheName), folder), daysToKeep)
  }
  await Promise.all(tools.map((name) => resolveTool(name)))
  if (!existsSync(join(chart.path, 'Chart.yaml'))) return
  // A failing example is not reported here: the tests about it say what is wrong.
  await Promise.allSettled(matrix.map(({ example, helm }) => renderExample(example, { helm })))
  await chart.renderKnown()
}
