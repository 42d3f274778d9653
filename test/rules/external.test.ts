// The table of outside inputs is complete, and holds nothing that no example needs.
import { expect, test } from 'vitest'
import { generatedSecrets, needsOf, userMade } from './external.ts'
import { examples, renderExample } from './project.ts'

test.for(examples)('%s needs what the table says, and nothing else', async (example) => {
  const { objects = [] } = userMade[example] ?? {}
  const declared = objects.map((item) => (typeof item === 'string' ? item : item.object))
  const needed = needsOf(await renderExample(example)).map((need) => `${need.kind}/${need.name}`)
  expect(needed).toEqual(declared.sort())
})

test('the table names no example that does not exist', () => {
  expect(Object.keys(userMade).filter((name) => !examples.includes(name))).toEqual([])
})

test('gitops has no Job that makes Secrets', async () => {
  expect(generatedSecrets(await renderExample('gitops'))).toEqual([])
})

test('the Job of the zero-values install makes the keys and the passwords', async () => {
  const secrets = generatedSecrets(await renderExample('minimal'))
  expect(secrets.map(({ object, keys }) => [object, keys?.length])).toEqual([
    ['Secret/minimal-mastodon-keys', 6],
    ['Secret/minimal-mastodon-passwords', 3],
  ])
})
