import type { ValuesSchema } from './values-schema.ts'

/** Values under which parts of the chart are on that its defaults leave off; the schema must take them. */
export interface Base {
  readonly name: string
  readonly values: object
}

/** Throws for a base that the schema refuses: nothing legal could be built on it. */
export function checkBases(schema: ValuesSchema, bases: readonly Base[]): void {
  for (const { name, values } of bases) {
    const [violation] = schema.violations(values)
    if (!violation) continue
    const { path, message } = violation
    throw new Error(
      `the base "${name}" is refused by the schema: ${path || '(root)'} ${message}. Correct it.`,
    )
  }
}
