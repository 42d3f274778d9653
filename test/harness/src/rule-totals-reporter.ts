import type { TaskMeta } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'
import { addVisits, emptyRules, type RuleResults } from './rules.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Subjects met in this test, by rule. */
    ruleVisits?: Record<string, number>
  }
}

/** Hands a test's visits to the reporter, which runs outside the workers. */
export function recordVisits(task: { readonly meta: TaskMeta }, results: RuleResults): void {
  task.meta.ruleVisits = { ...addVisits([task.meta.ruleVisits ?? {}, results.visited]) }
}

/**
 * A vitest reporter that fails the run when a rule met no subject in all tests that recorded visits.
 * It does not judge a run that `-t` cut down.
 */
export function ruleTotalsReporter(): Reporter {
  let filtered = false
  return {
    onInit: (vitest) => {
      filtered = vitest.config.testNamePattern !== undefined
    },
    onTestRunEnd: (modules) => {
      const totals = addVisits(modules.flatMap(visitsOf))
      const empty = filtered ? [] : emptyRules(totals)
      if (empty.length === 0) return
      process.exitCode = 1
      process.stderr.write(
        `\nRules that met no object in the whole run: ${empty.join(', ')}. Remove them or render what they are about.\n`,
      )
    },
  }
}

function visitsOf(module: TestModule): Record<string, number>[] {
  return [...module.children.allTests()].map((test) => test.meta().ruleVisits ?? {})
}
