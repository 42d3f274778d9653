// Usage: npm run build -- [--check] [--root DIR]
// Builds what schema/values/*.yaml and chart/values.yaml say: the schema that Helm checks (chart/values.schema.json) and
// the one for editors (schema/values.schema.json), chart/files/variables.json and docs/values.md; and with
// schema/mastodon/environment.yaml what is known of Mastodon's variables (chart/files/environment.json and
// docs/environment.md). Then it draws the picture in README.md. --check writes nothing and fails if a file is out of date.
// --root: the values of another repository, without the picture.
import { join, resolve } from 'node:path'
import { type Call, fail, readArgs, runScript } from './lib/cli.ts'
import { drawReadme } from './lib/diagram.ts'
import { emitGenerated, type GeneratedFile } from './lib/generated-files.ts'
import {
  type Catalogue,
  emitEnvironment,
  emitKnown,
  readCatalogue,
} from './lib/mastodon-environment.ts'
import { emitDocs } from './lib/values-docs.ts'
import { type Key, listKeys } from './lib/values-keys.ts'
import { assembleEditorSchema, assembleSchema, formatSchema } from './lib/values-schema.ts'
import { readValuesSource, type ValuesSource } from './lib/values-source.ts'
import { emitVariables } from './lib/values-variables.ts'

const BUDGET = 120_000

/** What `npm run build` does. */
export async function main({ args, cwd, print }: Call): Promise<void> {
  const { values: options } = readArgs(import.meta, args, {
    options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
  })
  const root = resolve(cwd, options.root ?? join(import.meta.dirname, '..'))
  const files = generate(await readValuesSource(root), await readCatalogue(root))
  const tell = options.check ? undefined : print
  await emitGenerated(root, files, 'schema or chart/values.yaml', tell)
  if (options.root === undefined) await emitGenerated(root, [await drawReadme()], 'the chart', tell)
}

/** All generated files; fails with a sentence for each mistake in the source. */
export function generate(source: ValuesSource, catalogue?: Catalogue): GeneratedFile[] {
  const keys = listKeys(source)
  if (keys.problems.length > 0) fail(keys.problems.join('\n'))
  const variables = emitVariables(keys.keys)
  const schema = formatSchema(assembleSchema(source, keys))
  if (schema.length > BUDGET) {
    fail(`chart/values.schema.json: ${schema.length} bytes, more than ${BUDGET}. Use definitions.`)
  }
  return [
    { path: 'chart/values.schema.json', text: schema },
    { path: 'schema/values.schema.json', text: formatSchema(assembleEditorSchema(source, keys)) },
    { path: 'chart/files/variables.json', text: variables },
    { path: 'docs/values.md', text: emitDocs(source, keys) },
    ...(catalogue ? environmentFiles(catalogue, keys.keys) : []),
  ]
}

function environmentFiles(catalogue: Catalogue, keys: readonly Key[]): GeneratedFile[] {
  return [
    { path: 'chart/files/environment.json', text: emitKnown(catalogue, keys) },
    { path: 'docs/environment.md', text: emitEnvironment(catalogue, keys) },
  ]
}

await runScript(main, import.meta)
