// A setup file for vitest: `setupFiles: ['chart-harness/setup']`. Adds the matchers, explains what failed
// in a test when the test is over, and reports to the recorder of requests which test is asking.
import { afterEach, expect, type TaskMeta, type TestError } from 'vitest'
import { type Explanation, explanationsOf, forgetExplanations } from './diagnosis/explain.ts'
import { explainedFailures } from './diagnosis/explain-failure.ts'
import { formatExplanations } from './diagnosis/format.ts'
import './matchers.ts'
import { overlayVariable, setRequester } from './render/recorder.ts'

const longest = 60_000

setRequester(() => {
  const { testPath, currentTestName } = expect.getState()
  return {
    ...(testPath ? { file: testPath } : {}),
    ...(currentTestName ? { test: currentTestName } : {}),
  }
})

afterEach(async ({ task }) => {
  // Of a mutant only that it fails is of interest.
  const errors = process.env[overlayVariable] ? [] : (task.result?.errors ?? [])
  for (const error of errors) {
    report(task.meta, explainedFailures(error.message))
    const explanations = await explanationsOf(error.message)
    if (explanations.length > 0) addTo(error, task.meta, explanations)
  }
  forgetExplanations()
}, longest)

function addTo(error: TestError, meta: TaskMeta, explanations: readonly Explanation[]): void {
  const { message } = error
  const explained = `${message}\n\n${formatExplanations(explanations)}\n`
  report(
    meta,
    explanations.map(({ excerpt: _, actual: _value, ...one }) => ({ message, ...one })),
  )
  error.message = explained
  if (error.stack) error.stack = error.stack.replace(message, () => explained)
}

function report(meta: TaskMeta, explained: NonNullable<TaskMeta['explained']>): void {
  if (explained.length > 0) meta.explained = [...(meta.explained ?? []), ...explained]
}
