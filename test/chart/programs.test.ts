// The programs in chart/files, as they come to the containers that run them.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chart } from '../rules/project.ts'
import { everything } from './components.ts'
import { chartFile, render } from './render.ts'
import { dataOf, viewOf } from './views.ts'

const folder = join(chart.path, 'files')
const inArguments = ['generate-secrets.rb', 'valkey.sh', 'wait.js']
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile() && !inArguments.includes(entry.name))
  .map(({ name }) => name)

/** The files of a kind, with their content. */
function contents(belongs: (name: string) => boolean, dir = ''): Record<string, string> {
  const names = dir === '' ? files : readdirSync(join(folder, dir))
  return Object.fromEntries(
    names.filter(belongs).map((name) => [name, chartFile(join('files', dir, name))]),
  )
}

function trimmed(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([name, text]) => [name, text.trim()]))
}

test.each<[string, Record<string, string>]>([
  ['mastodon-scripts', contents((name) => name.endsWith('.rb'))],
  ['mastodon-import-database', contents((name) => name.startsWith('import-database'))],
  ['mastodon-postgresql', contents(() => true, 'postgresql')],
])('%s holds the programs as they are', async (name, programs) => {
  expect(Object.keys(programs).length).toBeGreaterThan(3)
  expect(trimmed(dataOf(await render(everything), name))).toEqual(trimmed(programs))
})

test('what a program requires lies beside it', async () => {
  const scripts = dataOf(await render(), 'mastodon-scripts')
  const required = Object.values(scripts).flatMap((text) =>
    [...text.matchAll(/^require_relative '(.+)'$/gm)].map(([, name]) => `${name}.rb`),
  )
  expect(required.length).toBeGreaterThan(5)
  expect(required.filter((name) => !(name in scripts))).toEqual([])
})

test('what is given as an argument is whole, too', async () => {
  const rendered = await render()
  const streaming = viewOf(rendered, 'streaming').pod.initContainers?.[0]
  const given = [
    streaming?.args?.at(-1) ?? streaming?.command?.at(-1),
    viewOf(rendered, 'redis').main.command?.[2],
  ]
  expect(given.map((text) => text?.trim())).toEqual(
    ['wait.js', 'valkey.sh'].map((name) => chartFile(`files/${name}`).trim()),
  )
})
