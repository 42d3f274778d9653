// Makes docs/values.md, the reference of all values, from schema/values/*.yaml.
// Usage: npm run build, or tsx scripts/build-docs.ts [--check] [--root DIR]
import { join, resolve } from 'node:path'
import { readArgs, runScript } from './lib/cli.ts'
import { readValuesSource } from './lib/values-schema.ts'
import { emitDocs } from './lib/values-schema-docs.ts'
import { checkGenerated, writeGenerated } from './lib/values-schema-files.ts'

const USAGE = 'build-docs: tsx scripts/build-docs.ts [--check] [--root DIR]'

await runScript(async ({ args, cwd, print }) => {
  const { values: options } = readArgs(USAGE, {
    args: [...args],
    options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
  })
  const root = resolve(cwd, options.root ?? join(import.meta.dirname, '..'))
  const files = [{ path: 'docs/values.md', text: emitDocs(await readValuesSource(root)) }]
  if (options.check) return checkGenerated(root, files)
  for (const path of await writeGenerated(root, files)) print(`wrote ${path}`)
})
