// An example as a release that gets other values.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml, type Render } from 'chart-harness'
import { chart } from '../matrix.ts'
import { merge } from './merge.ts'
import type { Values } from './render.ts'

/** The file of an example. */
export function fileOf(example: string): string {
  return join(chart.path, '../values-examples', `${example}.yaml`)
}

/** The values of an example. */
export function valuesOf(example: string): Values {
  return parseYaml(readFileSync(fileOf(example), 'utf8')) as Values
}

/** The example with the values `from` on top, and with `to` in their place. */
export async function upgrade(
  example: string,
  to: Values,
  from: Values = {},
): Promise<{ before: Render; after: Render }> {
  const render = (change: Values): Promise<Render> =>
    chart.render({ release: example, values: merge(valuesOf(example), change), schema: 'skip' })
  return { before: await render(from), after: await render(to) }
}
