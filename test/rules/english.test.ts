// Phrases that no native speaker writes, in any text of this repository.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './project.ts'

const words = 'boolean|file|kind|list|map|number|object|string|valid|version|whole'
// "There is no file" is fine. A phrase may continue on the next line.
const phrases = new RegExp(
  String.raw`\b(for\s+ever|exclude\s+each\s+other|pods\s+alone|an\s+own|(?<!there\s+)is\s+no\s+(${words})|names\s+another\s+\w+,\s+too)\b`,
  'i',
)

/** The first such phrase of a text, if there is one. */
const phraseIn = (text: string): string | undefined => phrases.exec(text)?.[0]

test.each([
  ['a pod would wait for ever', 'for ever'],
  ['value and existingSecret exclude each\nother', 'exclude each\nother'],
  ["this release's pods alone", 'pods alone'],
  ['an own host', 'an own'],
  ['"two" is no whole number', 'is no whole'],
  ['"a" names another worker, too', 'names another worker, too'],
])('%j is found', (text, phrase) => {
  expect(phraseIn(text)).toBe(phrase)
})

test.each([
  'for every pod',
  'There is no file in the volume',
  'it is no longer used',
  'its own host',
])('%j is fine', (text) => {
  expect(phraseIn(text)).toBeUndefined()
})

// Not schema/kubernetes, which others wrote, nor this file.
const folders = ['chart', 'docs', 'schema/values', 'scripts', 'test', 'values-examples']
const pages = ['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md']
const nested = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, String(path))),
)
const files = [...pages, ...nested].filter(
  (path) =>
    /\.(awk|go|js|json|md|rb|sh|sql|tpl|ts|txt|ya?ml)$/.test(path) &&
    !/node_modules|english\.test\.ts$/.test(path) &&
    statSync(join(root, path)).isFile(),
)

test('no text has such a phrase', () => {
  expect(files.length).toBeGreaterThan(400)
  const found = files.flatMap((path) => {
    const phrase = phraseIn(readFileSync(join(root, path), 'utf8'))
    return phrase ? [`${path}: ${phrase}`] : []
  })
  expect(found).toEqual([])
})
