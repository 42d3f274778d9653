/** Tests of the harness that start hundreds of programs: `npm run test:harness` runs them, `npm test` does not. */
export const longTests = [
  'test/harness/test/{foreign-charts,package,tutorial}.test.ts',
  'test/harness/test/{bulk,coverage,mutation}.test.ts',
  'test/harness/test/values-{coverage,fuzz,taint}.test.ts',
]
