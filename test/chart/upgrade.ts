// An example as a release that gets other values.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml, type Render, type RenderRequest } from 'chart-harness'
import { chart } from '../rules/project.ts'
import type { Values } from './render.ts'
import { merge } from './render.ts'

/** The file of an example. */
export function fileOf(example: string): string {
  return join(chart.path, '../values-examples', `${example}.yaml`)
}

/** The values of an example. */
export function valuesOf(example: string): Values {
  return parseYaml(readFileSync(fileOf(example), 'utf8')) as Values
}

/** Renders these upgrades in bulk, so that tests that ask for them one by one find them. */
export async function upgradeAhead(
  upgrades: readonly { readonly example: string; readonly change: Values }[],
): Promise<void> {
  await chart.renderAll(
    upgrades.flatMap(({ example, change }) => [request(example, {}), request(example, change)]),
  )
}

/** The example with the values `from` on top, and with `to` in their place. */
export async function upgrade(
  example: string,
  to: Values,
  from: Values = {},
): Promise<{ before: Render; after: Render }> {
  const [before, after] = [request(example, from), request(example, to)]
  return { before: await chart.render(before), after: await chart.render(after) }
}

function request(example: string, change: Values): RenderRequest {
  return { release: example, values: merge(valuesOf(example), change), schema: 'skip' }
}
