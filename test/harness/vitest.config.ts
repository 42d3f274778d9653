// The harness on charts that it has never seen, as a package, and as its tutorial says: `npm run test:harness`.
import { defineSuite } from '../suite.ts'

export default defineSuite(['test/harness/test/**/*.test.ts'], {
  testTimeout: 120_000,
  unstubEnvs: true,
})
