/** Tests of the harness and its benchmark that start vitest, or hundreds of programs: `npm run test:harness`, not `npm test`. */
export const longTests = [
  'test/harness/test/{foreign-charts,package,reporters,rules,tutorial}.test.ts',
  'test/harness/test/{bulk,coverage,mutation}.test.ts',
  'test/harness/test/values-{coverage,fuzz,taint}.test.ts',
  'test/scripts/bench-renders.test.ts',
]
