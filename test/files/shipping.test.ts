// The files of chart/files arrive unchanged in the containers that run them.
import type { Render } from 'chart-harness'
import { expect, test } from 'vitest'
import { files, filesOf, renders, textOf } from './programs.ts'

const all = await renders()

/** The chart's files in a ConfigMap, by name. */
function shipped(render: Render, name: string): Map<string, string> {
  const data = render.has('ConfigMap', name) ? (render.one('ConfigMap', name).data ?? {}) : {}
  return new Map(Object.entries(data).filter(([key]) => files.has(key)))
}

test('a ConfigMap has the files byte by byte', () => {
  const entries = all.flatMap((render) =>
    render.all('ConfigMap').flatMap(({ metadata }) => [...shipped(render, metadata.name)]),
  )
  expect(entries.filter(([name, text]) => text !== textOf(name)).map(([name]) => name)).toEqual([])
  expect(new Set(entries.map(([name]) => name)).size).toBeGreaterThan(10)
})

test('a ConfigMap has nothing but files, or nothing but variables', () => {
  const mixed = all.flatMap((render) =>
    render.all('ConfigMap').filter(({ metadata, data = {} }) => {
      const ours = shipped(render, metadata.name).size
      return ours > 0 && ours < Object.keys(data).length
    }),
  )
  expect(mixed.map(({ metadata }) => metadata.name)).toEqual([])
})

test('a program finds everything that it uses in the volumes of its pod, or contains it whole', () => {
  const missing = all.flatMap((render) =>
    render.containers().flatMap((view) => {
      const maps = (view.pod.spec.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? [])
      const there = new Set(maps.flatMap((name) => [...shipped(render, name).keys()]))
      const { command = [], args = [] } = view.container
      const inline = [...command, ...args].join('\n')
      return [...filesOf(view, render)]
        .filter((name) => !there.has(name) && !inline.includes(textOf(name).trim()))
        .map((name) => `${view.owner.metadata.name}: ${name}`)
    }),
  )
  expect(missing).toEqual([])
})

test('what a Ruby program requires is next to it', () => {
  const required = [...files].flatMap(([name, text]) =>
    [...text.matchAll(/^require_relative '(.+)'$/gm)].map(([, other]) => [name, `${other}.rb`]),
  )
  expect(required.length).toBeGreaterThan(5)
  expect(required.filter(([, other = '']) => !files.has(other))).toEqual([])
})
