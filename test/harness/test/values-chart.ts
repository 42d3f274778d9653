import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Chart, createChart } from '../src/render/chart.ts'
import { temporaryFolder } from './support.ts'

/** The parts of a chart with one ConfigMap. */
export interface SmallChart {
  /** The lines of the ConfigMap's data. */
  readonly data: string
  readonly values: object
  /** The schema's properties; without, the chart has no schema. */
  readonly properties?: object
  readonly required?: readonly string[]
  /** Lines before the ConfigMap, such as a rule. */
  readonly head?: string
  readonly name?: string
  readonly notes?: string
}

/** Writes such a chart into a folder that goes away with the test. */
export function smallChart(parts: SmallChart): Chart {
  const { data, values, properties, required = [], head = '', name = 'small', notes } = parts
  const path = join(temporaryFolder(), 'small')
  mkdirSync(join(path, 'templates'), { recursive: true })
  const write = (file: string, text: string): void => writeFileSync(join(path, file), text)
  write('Chart.yaml', 'apiVersion: v2\nname: small\nversion: 0.1.0\n')
  write('values.yaml', JSON.stringify(values))
  if (properties) {
    const schema = { type: 'object', additionalProperties: false, properties, required }
    write('values.schema.json', JSON.stringify(schema))
  }
  const map = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}\n`
  write('templates/config-map.yaml', `${head}${map}`)
  if (notes !== undefined) write('templates/NOTES.txt', notes)
  return createChart({ path, release: 'r', cacheDir: temporaryFolder() })
}
