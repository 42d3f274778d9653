import { expect, test } from 'vitest'
import { checkUpgrade } from '../../src/upgrade/check-upgrade.ts'
import { renderOf } from '../support.ts'
import { bases } from './cases/bases.ts'
import type { FieldCase } from './cases/field-case.ts'
import { fieldCases } from './cases/field-cases.ts'

function refusedPaths({ base, from, to }: FieldCase, kube?: string): string[] {
  const text: string = bases[base]
  const after = text.replace(from, to)
  if (after === text) throw new Error(`${base} has no "${from}"`)
  const problems = checkUpgrade(renderOf(text), renderOf(after), kube ? { kube } : {})
  return problems
    .filter(({ effect }) => effect === 'refused')
    .map(({ object, path }) => `${object} ${path}`)
}

const rows = fieldCases.map((change) => ({
  ...change,
  paths: change.refused ? [change.refused] : [],
}))

test.each(rows)('$base: $from becomes $to: refused at $paths', (change) => {
  const expected = change.paths.map((path) =>
    expect.stringMatching(new RegExp(`/demo(\\.demo\\.example\\.com)? ${escaped(path)}$`)),
  )
  expect(refusedPaths(change)).toEqual(expected)
})

function escaped(text: string): string {
  return text.replace(/[.[\]]/g, '\\$&')
}

const later = fieldCases.filter(({ since }) => since !== undefined)

test.each(later)('$base: $from may become $to since Kubernetes 1.$since', (change) => {
  const since = change.since ?? 0
  expect(refusedPaths(change, `1.${since - 1}`)).toHaveLength(1)
  expect(refusedPaths(change, `1.${since}`)).toEqual([])
})

test('an unchanged object of every kind is safe', () => {
  const unsafe = Object.values(bases).flatMap((text) =>
    checkUpgrade(renderOf(text), renderOf(`${text}\n`)),
  )
  expect(unsafe).toEqual([])
})

test('a version that is none is an error', () => {
  const render = renderOf(bases.ConfigMap)
  expect(() => checkUpgrade(render, render, { kube: 'newest' })).toThrow(
    '"newest" is no version of Kubernetes, e.g. 1.36',
  )
})
