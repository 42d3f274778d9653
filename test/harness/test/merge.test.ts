// Our own merge of values does what Helm does: every kind of value over every kind of default.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { mergeDefaults, mergeFiles } from '../src/values/merge.ts'
import { smallChart } from './values-chart.ts'

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

const defaults = { ...layer('default'), nested: layer('default'), single: layer('default') }
const files = [
  { ...layer('user'), nested: layer('user'), unknown: layer('user') },
  { ...layer('second'), nested: layer('second'), unknown: layer('second') },
]

test.for([3, 4] as const)('merged as Helm %d does', async (helm) => {
  const chart = smallChart({ data: '  values: {{ toJson .Values | quote }}', values: defaults })
  const paths = files.map((file, index) => {
    const path = join(chart.path, `${index}-values.yaml`)
    writeFileSync(path, stringify(file))
    return path
  })
  const render = await chart.render({ helm, files: paths })
  const theirs: unknown = JSON.parse(render.one('ConfigMap', 'small').data?.values ?? '')
  const { values } = mergeDefaults(defaults, mergeFiles(files), helm)
  expect(Object.keys(values).length).toBeGreaterThan(60)
  expect(values).toEqual(theirs)
})
