// The files of chart/files arrive in the containers that run them, as they are.
import type { Render } from 'chart-harness'
import { beforeAll, expect, test } from 'vitest'
import { files, filesOf, renders, textOf } from './programs.ts'

let all: readonly Render[] = []
beforeAll(async () => {
  all = await renders()
})

/** The files of the chart's in a ConfigMap, by name. */
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

test('a program finds all that it uses in the volumes of its pod, or brings it along', () => {
  const missing = all.flatMap((render) =>
    render.containers().flatMap((view) => {
      const maps = (view.pod.spec.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? [])
      const there = new Set(maps.flatMap((name) => [...shipped(render, name).keys()]))
      const { command = [], args = [] } = view.container
      const inline = [...command, ...args].join('\n')
      return [...filesOf(view)]
        .filter((name) => !there.has(name) && !inline.includes(firstLine(name)))
        .map((name) => `${view.owner.metadata.name}: ${name}`)
    }),
  )
  expect(missing).toEqual([])
})

function firstLine(name: string): string {
  return textOf(name).split('\n', 1).join('')
}
