import { describe, expect, test } from 'vitest'
import { checkUpgrade } from '../../src/upgrade/check-upgrade.ts'
import { renderOf } from '../support.ts'

/** An upgrade, and everything that must be found in it; a step that finds nothing is the clean twin of others. */
export type Step = readonly [
  title: string,
  before: string,
  after: string,
  ...finds: readonly string[],
]

/** Makes a test of each step. */
export function testSteps(topic: string, steps: readonly Step[]): void {
  describe(topic, () => {
    test.each(steps)('%s', (_, before, after, ...finds) => {
      const found = checkUpgrade(renderOf(before), renderOf(after)).map(
        ({ effect, rule, object, path, message }) =>
          `${effect} ${rule}: ${object}${path ? ` ${path}` : ''}: ${message}`,
      )
      expect(found).toEqual(finds)
    })
  })
}

/** A stream of the documents. */
export function all(...documents: readonly string[]): string {
  return documents.join('\n---\n')
}
