// Faults in schema/values and chart/values.yaml, and what the build says about each.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from 'chart-harness'
import { expect, test } from 'vitest'
import { generate } from '../../scripts/build-values.ts'
import { readCatalogue } from '../../scripts/lib/mastodon-environment.ts'
import { readValuesSource, type ValuesSource } from '../../scripts/lib/values-source.ts'
import { root } from '../rules/project.ts'

/** What is added to the source, and what the build says. */
type Fault = Partial<Omit<ValuesSource, 'sentences'>> & {
  readonly message: string
  readonly sentences?: Readonly<Record<string, string>>
}

const text = readFileSync(join(import.meta.dirname, 'fixtures/build-values/faults.yaml'), 'utf8')
const source = await readValuesSource(root)

function sourceWith({ keys, definitions, values, sentences = {} }: Omit<Fault, 'message'>) {
  return {
    ...source,
    keys: { ...source.keys, ...keys },
    definitions: { ...source.definitions, ...definitions },
    values: { ...source.values, ...values },
    sentences: new Map([...source.sentences, ...Object.entries(sentences)]),
  }
}

test.each(parseYaml(text) as readonly Fault[])('$message', ({ message, ...fault }) => {
  expect(() => generate(sourceWith(fault))).toThrow(expect.objectContaining({ message }))
})

test('a key that sets a variable that nobody reads is refused', async () => {
  const x = { type: 'string', description: 'A.', sets: ['LOCAL_DOMAIN', 'SMTP_SEVER'] }
  const message =
    'x: sets SMTP_SEVER, which is not in schema/mastodon/environment.yaml. Add it there.'
  const catalogue = await readCatalogue(root)
  expect(() => generate(sourceWith({ keys: { x } }), catalogue)).toThrow(
    expect.objectContaining({ message }),
  )
})

test('Ruby and Node may have a variable of one name from different keys', () => {
  const a = { type: 'string', description: 'A.', env: { name: 'A', readers: 'node' } }
  const files = generate(sourceWith({ keys: { a, b: { ...a, env: 'A' } } }))
  const variables = files.find(({ path }) => path === 'chart/files/variables.json')?.text
  const rows = [
    { name: 'A', path: ['a'], readers: 'node' },
    { name: 'A', path: ['b'] },
  ]
  const { facilities } = JSON.parse(variables ?? '')
  expect(facilities[0].variables.slice(0, 2)).toEqual(rows)
})
