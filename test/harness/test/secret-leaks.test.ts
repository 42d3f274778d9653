import { expect, test } from 'vitest'
import { canary, checkSecretLeaks, containsSecret } from '../src/checks/secret-leaks.ts'
import { clean, renderOf } from './support.ts'

const secret = canary('password')
const url = encodeURIComponent(secret)
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const holder = `---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {key: ${JSON.stringify(secret)}}\n`
const config = (value: string): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {key: ${JSON.stringify(value)}}\n`

test('a secret that only a Secret holds is not a leak', async () => {
  const render = await clean.render({ values: { password: secret } })
  expect(checkSecretLeaks(render, [secret])).toEqual([])
})

test('base64 data of a Secret holds the secret, too', () => {
  const text = `{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {key: ${base64(secret)}}}`
  expect(checkSecretLeaks(renderOf(text), [secret])).toEqual([])
})

test('a secret that no Secret holds proves nothing', async () => {
  const problems = checkSecretLeaks(await clean.render(), [secret])
  expect(problems).toEqual([expect.objectContaining({ rule: 'secret-leak', object: 'Secret/*' })])
})

test.each([
  ['plain', `url://x:${secret}@host`],
  ['in base64', base64(secret)],
  ['in base64 behind one character', base64(`x${secret}y`)],
  ['in base64 behind two characters', base64(`xx${secret}yy`)],
  ['URL-encoded', `url://x:${url}@host`],
  ['URL-encoded and in base64', base64(`x:${url}@`)],
  ['in JSON', JSON.stringify({ a: secret })],
])('a secret in a ConfigMap is a leak: %s', (_how, value) => {
  const message = 'holds a secret value. Put it into a Secret.'
  expect(checkSecretLeaks(renderOf(holder + config(value)), [secret])).toEqual([
    { rule: 'secret-leak', object: 'ConfigMap/c', path: 'data.key', message },
  ])
})

test('a secret in an annotation of a Secret is a leak', () => {
  const text = holder.replace('name: s', `name: s, annotations: {a: ${JSON.stringify(secret)}}`)
  const [problem] = checkSecretLeaks(renderOf(text), [secret])
  expect(problem).toMatchObject({ object: 'Secret/s', path: 'metadata.annotations.a' })
})

test('notes and errors can be searched', () => {
  expect(containsSecret(`the password is ${base64(secret)}.`, secret)).toBe(true)
  expect(containsSecret('nothing here', secret)).toBe(false)
})
