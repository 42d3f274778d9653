// A setup file for vitest (`setupFiles`): adds the matchers, and explains what failed in a test.
import { afterEach, expect, type TaskMeta, type TestError } from 'vitest'
import type { Explanation } from '../diagnosis/explain.ts'
import { explanationsOf, forgetExplanations } from '../diagnosis/explain-later.ts'
import { formatExplanations } from '../diagnosis/format-explanation.ts'
import { diagnosisMatchers } from '../diagnosis/matchers.ts'
import { forReporters } from '../diagnosis/task-meta.ts'
import { overlayVariable } from '../overlay.ts'

const longest = 60_000

expect.extend(diagnosisMatchers)

afterEach(async ({ task }) => {
  // Of a mutant only that it fails is of interest.
  const errors = process.env[overlayVariable] ? [] : (task.result?.errors ?? [])
  for (const error of errors) {
    const explanations = await explanationsOf(error.message)
    if (explanations.length > 0) addTo(error, task.meta, explanations)
  }
  forgetExplanations()
}, longest)

function addTo(error: TestError, meta: TaskMeta, explanations: readonly Explanation[]): void {
  const { message } = error
  const explained = `${message}\n\n${formatExplanations(explanations)}\n`
  meta.explained = [
    ...(meta.explained ?? []),
    ...explanations.map((one) => forReporters(message, one)),
  ]
  error.message = explained
  if (error.stack) error.stack = error.stack.replace(message, () => explained)
}
