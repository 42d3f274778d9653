import { describe, expect, test } from 'vitest'
import { checkUpgrade } from '../../src/upgrade/check-upgrade.ts'
import { renderOf } from '../support.ts'

/** One upgrade, and all that is to be found in it; a step that finds nothing is the clean twin of others. */
export interface Step {
  readonly title: string
  readonly before: string
  readonly after: string
  readonly finds: readonly string[]
}

/** One document of a template file. */
export function from(file: string, text: string): string {
  return `---\n# Source: demo/templates/${file}\n${text}\n`
}

/** Makes a test of each step. */
export function testSteps(topic: string, steps: readonly Step[]): void {
  describe(topic, () => {
    test.each(steps)('$title', ({ before, after, finds }) => {
      expect(problems(before, after)).toEqual(finds)
    })
  })
}

function problems(before: string, after: string): string[] {
  return checkUpgrade(renderOf(before), renderOf(after)).map(
    ({ effect, rule, object, path, message }) =>
      `${effect} ${rule}: ${object}${path ? ` ${path}` : ''}: ${message}`,
  )
}
