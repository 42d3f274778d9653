import { expect, test } from 'vitest'
import { checkUpgrade } from '../../src/upgrade/check-upgrade.ts'
import { renderOf } from '../support.ts'
import { bases, changed, manifestOf } from './bases.ts'
import { type FieldCase, fieldCases } from './tables.ts'

function refusedPaths({ base, changes }: FieldCase, kube?: string): string[] {
  const [before, after] = [renderOf(manifestOf(base)), renderOf(changed(base, changes))]
  expect(after.objects).not.toEqual(before.objects)
  return checkUpgrade(before, after, kube ? { kube } : {})
    .filter(({ effect }) => effect === 'refused')
    .map(
      ({ object, path }) => `${object.replace(/^.*\/demo(?:\.demo\.example\.com)?$/, '')}${path}`,
    )
}

test.each(fieldCases)('$base: $changes is refused at $refused', (one) => {
  expect(refusedPaths(one)).toEqual(one.refused ? [one.refused] : [])
})

const later = fieldCases.filter(({ since }) => since !== undefined)

test.each(later)('$base: $changes is taken since Kubernetes 1.$since', (one) => {
  const since = one.since ?? 0
  expect(refusedPaths(one, `1.${since - 1}`)).toHaveLength(1)
  expect(refusedPaths(one, `1.${since}`)).toEqual([])
})

test('an unchanged object of every kind is safe', () => {
  const unsafe = bases.flatMap((text) => checkUpgrade(renderOf(text), renderOf(`${text}\n`)))
  expect(unsafe).toEqual([])
})

test('an unknown version of Kubernetes is an error', () => {
  const render = renderOf(manifestOf('ConfigMap'))
  expect(() => checkUpgrade(render, render, { kube: 'newest' })).toThrow(
    '"newest" is not a version of Kubernetes. Write one such as 1.36.',
  )
})
