// The data of chart/files/variables.yaml.
import { parseYaml } from 'chart-harness'
import { chartFile } from './render.ts'

/** A value that becomes a variable. */
export interface Variable {
  readonly name: string
  /** Where the values have it, such as `smtp.port`. */
  readonly key: string
  /** The value that switches the facility on, and what it must be for that. */
  readonly when?: string
  readonly is?: string
  readonly join?: string
  readonly readers?: 'node' | 'both' | 'web'
  readonly omitFalse?: boolean
  readonly emptyIsMeaningful?: boolean
}

/** `{value: …}` or `{existingSecret: …, key: …}`. */
export interface Credential {
  readonly key: string
  readonly env?: string
}

type Row<T> = Omit<T, 'key' | 'when'> & { readonly path: string[]; readonly when?: string[] }

const data = parseYaml(chartFile('files/variables.yaml')) as {
  readonly variables: readonly Row<Variable>[]
  readonly credentials: readonly Row<Credential>[]
}

/** Every value that becomes a variable. */
export const variables: readonly Variable[] = data.variables.map(({ path, when, ...row }) => ({
  ...{ ...row, key: path.join('.') },
  ...(when ? { when: when.join('.') } : {}),
}))

/** Every credential of the values. */
export const credentials: readonly Credential[] = data.credentials.map(({ path, ...row }) => ({
  ...row,
  key: path.join('.'),
}))
