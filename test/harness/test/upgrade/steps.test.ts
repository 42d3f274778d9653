import { describe, expect, test } from 'vitest'
import { checkUpgrade } from '../../src/upgrade/check-upgrade.ts'
import { renderOf } from '../support.ts'
import { manifestsOf, steps } from './tables.ts'

describe.each(steps)('%s', (_, upgrades) => {
  test.each(upgrades)('$title', ({ before, after, finds = [] }) => {
    const found = checkUpgrade(renderOf(manifestsOf(before)), renderOf(manifestsOf(after))).map(
      ({ effect, rule, object, path, message }) =>
        `${effect} ${rule}: ${object}${path ? ` ${path}` : ''}: ${message}`,
    )
    expect(found).toEqual([finds].flat())
  })
})
