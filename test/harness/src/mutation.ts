// The entry point for mutation testing, `chart-harness/mutation`: it needs vitest.
export { type Mutant, mutableFiles, mutantsOf } from './mutation/mutants.ts'
export { planVariable } from './mutation/plan.ts'
export { formatReport, type MutationReport, readExceptions } from './mutation/report.ts'
export { type MutationOptions, runMutation } from './mutation/run.ts'
export type { TestSuite } from './mutation/suite.ts'
