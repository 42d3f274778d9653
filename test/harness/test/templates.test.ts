import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findBlocks } from '../src/templates/blocks.ts'
import { tokenize } from '../src/templates/tokens.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const templates = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((file) => /templates\/.*\.(?:yaml|tpl|txt)$/.test(file))
  .map((file) => [file, readFileSync(join(fixtures, file), 'utf8')] as const)

function shapes(source: string): string[] {
  return tokenize(source).map(({ type, body, keyword }) => `${type} ${keyword ?? ''}|${body}`)
}

describe('tokens', () => {
  test.each(templates)('of %s are the whole source', (_, source) => {
    expect(
      tokenize(source)
        .map(({ text }) => text)
        .join(''),
    ).toBe(source)
  })

  test('trim marks need a blank', () => {
    const [action, text, negative] = tokenize('{{- .a -}} b{{-3}}')
    expect(action).toMatchObject({ body: '.a', trimLeft: true, trimRight: true })
    expect(text).toMatchObject({ type: 'text', body: ' b' })
    expect(negative).toMatchObject({ body: '-3', trimLeft: false, trimRight: false })
  })

  test.each([
    ['a string', '{{ print "}}" }}x', ['action |print "}}"', 'text |x']],
    ['an escaped quote', '{{ print "\\"}}" }}x', ['action |print "\\"}}"', 'text |x']],
    ['a raw string', '{{ print `}}\\` }}x', ['action |print `}}\\`', 'text |x']],
    ['a character', "{{ print '}' '}' }}x", ["action |print '}' '}'", 'text |x']],
    ['a comment', '{{- /* }} " */ -}}x', ['comment |/* }} " */', 'text |x']],
  ])('braces in %s do not end the action', (_, source, expected) => {
    expect(shapes(source)).toEqual(expected)
  })

  test('keywords are whole words', () => {
    expect(shapes('{{if .a}}{{ else if .b }}{{end}}{{ endless }}{{ range.x }}')).toEqual([
      ...['action if|if .a', 'action else|else if .b', 'action end|end'],
      ...['action |endless', 'action range|range.x'],
    ])
  })

  test('lines count from 1', () => {
    expect(tokenize('a\n{{ if\n.x }}\nb{{ end }}').map(({ line }) => line)).toEqual([1, 2, 3, 4])
  })

  test('an action without end is told with its line', () => {
    expect(() => tokenize('\n{{ if "}} }}')).toThrow('the action on line 2 is not closed by "}}"')
  })
})

describe('blocks', () => {
  test('have an arm for each branch', () => {
    const tokens = tokenize('{{ if .a }}1{{ else if .b }}2{{ else }}3{{ end }}')
    const [block] = findBlocks(tokens)
    expect(block).toMatchObject({ keyword: 'if', hasElse: true })
    expect(block?.arms.map(({ open }) => tokens[open]?.body)).toEqual([
      'if .a',
      'else if .b',
      'else',
    ])
  })

  test('know the block around them', () => {
    const [outer, inner] = findBlocks(tokenize('{{ define "x" }}{{ range . }}{{ end }}{{ end }}'))
    expect(inner).toMatchObject({ keyword: 'range', hasElse: false })
    expect(inner?.parent).toBe(outer)
  })

  test('an end too many is told with its line', () => {
    expect(() => findBlocks(tokenize('\n{{ end }}'))).toThrow('line 2: end without a block')
  })

  test('a missing end is told with its line', () => {
    expect(() => findBlocks(tokenize('\n{{ if .x }}'))).toThrow('line 2: block without end')
  })
})
