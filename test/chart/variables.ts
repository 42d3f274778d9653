// The data of chart/files/variables.yaml.
import { parseYaml } from 'chart-harness'
import { chartFile, type Values } from './render.ts'

/** A value that becomes a variable. */
export interface Variable {
  readonly name: string
  readonly path: readonly string[]
  /** The value that switches the facility on, and what it must be for that. */
  readonly when?: readonly string[]
  readonly is?: string
  readonly join?: string
  readonly readers?: 'node' | 'both' | 'web'
  readonly omitFalse?: boolean
  readonly emptyIsMeaningful?: boolean
}

/** `{value: …}` or `{existingSecret: …, key: …}`. */
interface Credential {
  readonly path: readonly string[]
  readonly env?: string
}

const data = parseYaml(chartFile('files/variables.yaml')) as {
  readonly variables: readonly Variable[]
  readonly credentials: readonly Credential[]
}

/** Every value that becomes a variable; `key` is its path as text. */
export const variables = data.variables.map((row) => ({ ...row, key: row.path.join('.') }))

/** Every credential of the values. */
export const credentials = data.credentials.map((row) => ({ ...row, key: row.path.join('.') }))

/** The values with this one at the path. */
export function valuesAt(path: readonly string[], value: unknown): Values {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Values
}
