// A setup file for vitest (`setupFiles`): tells the recorder of requests which test is asking.
import { expect } from 'vitest'
import { setRequester } from '../recorder.ts'

setRequester(() => {
  const { testPath, currentTestName } = expect.getState()
  return {
    ...(testPath ? { file: testPath } : {}),
    ...(currentTestName ? { test: currentTestName } : {}),
  }
})
