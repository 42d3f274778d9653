import type { TaskMeta } from 'vitest'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { addVisits, emptyRules, type RuleResults } from '../checks/rules.ts'

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
 * It judges whole runs only, not those that `-t` or a file name cut down.
 */
export function ruleTotalsReporter(): Reporter {
  let instance: Vitest | undefined
  let isWhole = true
  return {
    onInit: (vitest) => {
      instance = vitest
    },
    onTestRunStart: async (chosen) => {
      const all = await instance?.globTestSpecifications()
      const isNamed = instance?.config.testNamePattern !== undefined
      isWhole = !isNamed && chosen.length === (all?.length ?? chosen.length)
    },
    onTestRunEnd: (modules) => {
      const empty = isWhole ? emptyRules(addVisits(modules.flatMap(visitsOf))) : []
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
