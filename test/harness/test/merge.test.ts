// Our own merge of values does what Helm does: every kind of value over every kind of default.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { createChart } from '../src/render/chart.ts'
import { mergeDefaults, mergeFiles } from '../src/values/merge.ts'

const dir = mkdtempSync(join(tmpdir(), 'merge-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

type Values = Record<string, unknown>

const kinds: readonly (readonly [string, (side: string) => unknown])[] = [
  ['null', () => null],
  ['text', (side) => `${side}-text`],
  ['list', (side) => [`${side}-item`]],
  ['map', (side) => ({ both: side, [side]: side, gone: side === 'default' ? 1 : null })],
  ['empty', () => ({})],
]

/** Keys for all pairs of kinds; `side` decides which half of the pair this layer sets. */
function layer(side: 'default' | 'user' | 'second'): Values {
  const values: Values = {}
  for (const [lower, makeLower] of [['absent', undefined] as const, ...kinds]) {
    for (const [upper, makeUpper] of [['absent', undefined] as const, ...kinds]) {
      if (side === 'default' && makeLower) values[`${lower}-${upper}`] = makeLower(side)
      if (side === 'user' && makeUpper) values[`${lower}-${upper}`] = makeUpper(side)
      if (side === 'user' && makeLower) values[`files-${lower}-${upper}`] = makeLower(side)
      if (side === 'second' && makeUpper) values[`files-${lower}-${upper}`] = makeUpper(side)
    }
  }
  return values
}

const defaults = { ...layer('default'), nested: layer('default'), alone: layer('default') }
const files = [
  { ...layer('user'), nested: layer('user'), unknown: layer('user') },
  { ...layer('second'), nested: layer('second'), unknown: layer('second') },
]

function writeChart(): string {
  mkdirSync(join(dir, 'templates'))
  writeFileSync(join(dir, 'Chart.yaml'), 'apiVersion: v2\nname: merge\nversion: 0.1.0\n')
  writeFileSync(join(dir, 'values.yaml'), stringify(defaults))
  const template =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {values: {{ toJson .Values | quote }}}\n'
  writeFileSync(join(dir, 'templates/x.yaml'), template)
  return dir
}

const paths = files.map((file, index) => {
  const path = join(dir, `${index}-values.yaml`)
  writeFileSync(path, stringify(file))
  return path
})
const chart = createChart({ path: writeChart(), release: 'merge', cacheDir: join(dir, 'cache') })

test.for([3, 4] as const)('merged as Helm %d does', async (helm) => {
  const render = await chart.render({ helm, files: paths })
  const theirs: unknown = JSON.parse(render.one('ConfigMap', 'x').data?.values ?? '')
  const { values } = mergeDefaults(defaults, mergeFiles(files), helm)
  expect(Object.keys(values).length).toBeGreaterThan(60)
  expect(values).toEqual(theirs)
})
