import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findField, formatPath, type Path, valueAt } from '../objects/paths.ts'
import { parseYaml } from '../objects/yaml.ts'
import { chartFolders } from '../render/chart-files.ts'
import type { Origin } from '../render/render.ts'
import { mergeValues } from '../values/merge.ts'
import { findPlace, lineOf, readYamlText, type YamlText } from './lines/documents.ts'

/** Where a value comes from: the chart's values.yaml, a values file, or the `values` of the test. */
type Giver = 'default' | 'file' | 'test'

/** Values from one place. */
export interface ValuesLayer {
  readonly giver: Giver
  /** The file; none for the values of a test. */
  readonly file?: string
  readonly values: unknown
  readonly yaml: YamlText
  /** Where a subchart's defaults are in the chart's values; empty for everything else. */
  readonly prefix: Path
}

/** Where a value, or what comes nearest to it, was set. */
export interface ValueSource {
  readonly giver: Giver
  /** What is set there, e.g. `web.replicas`. */
  readonly path: string
  readonly file?: string
  readonly line?: number
}

/** What the render's values are made from; later layers win. */
export function valuesLayers({ chart, request }: Pick<Origin, 'chart' | 'request'>): ValuesLayer[] {
  return [
    ...defaultLayers(chart),
    ...(request.files ?? []).flatMap((file) => fileLayer('file', resolve(file), [])),
    ...(request.values ? [layer('test', JSON.stringify(request.values, null, 2), [])] : []),
  ]
}

function defaultLayers(chart: string): ValuesLayer[] {
  if (!existsSync(join(chart, 'Chart.yaml'))) return []
  const charts = chartFolders(chart).map(({ folder, name }) => {
    const prefix = name.split('/charts/').slice(1)
    return { file: join(chart, folder, 'values.yaml'), prefix }
  })
  // A chart's own values win over those that its subcharts bring.
  return charts.reverse().flatMap(({ file, prefix }) => fileLayer('default', file, prefix))
}

// A file that cannot be read has failed elsewhere, with a better message.
function fileLayer(giver: Giver, file: string, prefix: Path): ValuesLayer[] {
  try {
    return [{ ...layer(giver, readFileSync(file, 'utf8'), prefix), file }]
  } catch {
    return []
  }
}

function layer(giver: Giver, text: string, prefix: Path): ValuesLayer {
  const values = prefix.reduceRight<unknown>((inner, key) => ({ [key]: inner }), parseYaml(text))
  return { giver, values, yaml: readYamlText(text), prefix }
}

/** The values that the templates see. */
export function mergedValues(layers: readonly ValuesLayer[]): unknown {
  return layers.reduce<object>((merged, { values }) => mergeValues(merged, values), {})
}

/** Where the effective value at the path comes from. */
export function sourceOfValue(layers: readonly ValuesLayer[], path: Path): ValueSource | undefined {
  const giving = layers.findLast(({ values }) => valueAt(values, path) !== undefined)
  return giving && sourceIn(giving, formatPath(path)).source
}

/**
 * The line that sets the path, or the nearest key above it. What the user gave comes before defaults:
 * that is where a mistake is corrected.
 */
export function nearestSource(
  layers: readonly ValuesLayer[],
  path: string,
): ValueSource | undefined {
  const deepest = (some: readonly ValuesLayer[]): ValueSource | undefined => {
    const found = some.map((one) => sourceIn(one, path))
    const depth = Math.max(0, ...found.map((one) => one.depth))
    return depth === 0 ? undefined : found.findLast((one) => one.depth === depth)?.source
  }
  return (
    deepest(layers.filter(({ giver }) => giver !== 'default')) ??
    deepest(layers.filter(({ giver }) => giver === 'default'))
  )
}

function sourceIn(
  { giver, file, yaml, prefix, values }: ValuesLayer,
  path: string,
): { readonly depth: number; readonly source: ValueSource } {
  const { steps } = findField(values, path)
  const source = { giver, path: formatPath(steps) }
  if (file === undefined) return { depth: steps.length, source }
  const { start } = findPlace(yaml.root, steps.slice(prefix.length))
  return { depth: steps.length, source: { ...source, file, line: lineOf(yaml, start) } }
}
