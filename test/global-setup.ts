// Runs once before all tests: finds Helm and renders the matrix, so that the workers only read the render cache.
import { join } from 'node:path'
import { cacheRoot, pruneCache, resolveTool } from 'chart-harness'
import { planVariable } from 'chart-harness/mutation'
import type { TestProject } from 'vitest/node'
import { cacheName, chart, matrix, renderExample } from './rules/project.ts'

const daysToKeep = 7

/** Vitest's entry. */
export default async function setup({ config }: TestProject): Promise<void> {
  if ({ ...config.env }[planVariable] !== undefined) return // what mutants render is not known ahead
  for (const folder of ['renders', 'notes', 'marked', 'drivers', 'requests']) {
    pruneCache(join(cacheRoot(cacheName), folder), daysToKeep)
  }
  await Promise.all(['helm3', 'helm4'].map((name) => resolveTool(name)))
  // A failing example is not reported here: the tests about it say what is wrong.
  await Promise.allSettled(matrix.map(({ example, helm }) => renderExample(example, { helm })))
  await chart.renderKnown()
}
