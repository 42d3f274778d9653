// The README's reference names everything that the package exports. (Types are explained by their declarations.)
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const harness = join(import.meta.dirname, '..')
const readme = readFileSync(join(harness, 'README.md'), 'utf8')
const reference = readme.slice(readme.indexOf('\n# Reference\n'))

test.each(['index', 'mutation'])('what %s.ts exports is in the reference', async (file) => {
  const names = Object.keys(await import(`../src/${file}.ts`))
  expect(names.length).toBeGreaterThan(3)
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(reference))).toEqual([])
})

test('every exported type has a declaration that explains it', () => {
  const src = join(harness, 'src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const bare = files.flatMap((file) => {
    const source = readFileSync(join(src, file), 'utf8')
    return [
      ...source.matchAll(/(?<!\*\/\n)^export (?:interface|type) (\w+)(?! \{[^}]*\} from)/gm),
    ].map(([, name]) => `${file}: ${name}`)
  })
  expect(files.length).toBeGreaterThan(40)
  expect(bare).toEqual([])
})
