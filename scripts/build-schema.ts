// Makes from schema/values/*.yaml and chart/values.yaml: the schema that Helm checks (chart/values.schema.json), the one
// for editors (schema/values.schema.json), chart/files/variables.yaml and the types of test/chart/values.generated.ts.
// Usage: npm run build, or tsx scripts/build-schema.ts [--check] [--root DIR]
import { join, resolve } from 'node:path'
import { type Call, fail, readArgs, runScript } from './lib/cli.ts'
import { readValues, readValuesSource } from './lib/values-schema.ts'
import { assembleSchema, formatSchema } from './lib/values-schema-assemble.ts'
import { checkValuesSource } from './lib/values-schema-checks.ts'
import { checkGenerated, writeGenerated } from './lib/values-schema-files.ts'
import { findNeeds } from './lib/values-schema-needed.ts'
import { emitTypes } from './lib/values-schema-types.ts'
import { emitVariables } from './lib/values-schema-variables.ts'

const USAGE = 'build-schema: tsx scripts/build-schema.ts [--check] [--root DIR]'
const BUDGET = 120_000

/** What `tsx scripts/build-schema.ts` does. */
export async function main({ args, cwd, print }: Call): Promise<void> {
  const { values: options } = readArgs(USAGE, {
    args: [...args],
    options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
  })
  const root = resolve(cwd, options.root ?? join(import.meta.dirname, '..'))
  const source = await readValuesSource(root)
  const values = await readValues(root)
  const problems = checkValuesSource(source, values)
  if (problems.length > 0) fail(problems.join('\n'))

  const editors = assembleSchema(source)
  const schema = formatSchema({ ...editors, allOf: [findNeeds(values, editors)] })
  if (schema.length > BUDGET) {
    fail(`chart/values.schema.json: ${schema.length} bytes, more than ${BUDGET}. Use definitions.`)
  }
  const files = [
    { path: 'chart/values.schema.json', text: schema },
    { path: 'schema/values.schema.json', text: formatSchema(editors) },
    { path: 'chart/files/variables.yaml', text: emitVariables(source) },
    { path: 'test/chart/values.generated.ts', text: emitTypes(source) },
  ]
  if (options.check) return checkGenerated(root, files)
  for (const path of await writeGenerated(root, files)) print(`wrote ${path}`)
}

await runScript(main, import.meta)
