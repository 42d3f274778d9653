import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { definedNames, findBlocks } from '../src/templates/blocks.ts'
import { calledBy, literalText, placesOf, readStatement } from '../src/templates/expressions.ts'
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
    const texts = tokenize(source).map(({ text }) => text)
    expect(texts.join('')).toBe(source)
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

  test('an action without end is reported with its line', () => {
    expect(() => tokenize('\n{{ if "}} }}')).toThrow('the action on line 2 is not closed by "}}"')
  })
})

describe('blocks', () => {
  test('have a branch for each condition', () => {
    const tokens = tokenize('{{ if .a }}1{{ else if .b }}2{{ else }}3{{ end }}')
    const [block] = findBlocks(tokens)
    expect(block).toMatchObject({ keyword: 'if', hasElse: true })
    const opened = block?.branches.map(({ open }) => tokens[open]?.body)
    expect(opened).toEqual(['if .a', 'else if .b', 'else'])
  })

  test('know the block around them', () => {
    const [outer, inner] = findBlocks(tokenize('{{ define "x" }}{{ range . }}{{ end }}{{ end }}'))
    expect(inner).toMatchObject({ keyword: 'range', hasElse: false })
    expect(inner?.parent).toBe(outer)
  })

  test('an end too many is reported with its line', () => {
    expect(() => findBlocks(tokenize('\n{{ end }}'))).toThrow('line 2: end without a block')
  })

  test('a missing end is reported with its line', () => {
    expect(() => findBlocks(tokenize('\n{{ if .x }}'))).toThrow('line 2: block without end')
  })
})

test('the names of the templates that a source defines are those of define and block', () => {
  const source = '{{- define "a.b" }}{{ end }}{{/* {{ define "no" }} */}}{{block `c` . }}{{ end }}'
  expect(definedNames(source)).toEqual(['a.b', 'c'])
})

describe('statements', () => {
  const calls = (source: string): (string | undefined)[] =>
    tokenize(source)
      .flatMap((token) => readStatement(token) ?? [])
      .flatMap((statement) => placesOf(statement))
      .map(({ command }) => calledBy(command))

  test('are read with all commands of their pipelines, also those in parentheses', () => {
    const source = '{{ with default (dict "a" "b | c") .x | toYaml }}{{ end }}'
    expect(calls(source)).toEqual(['default', 'dict', 'toYaml'])
  })

  test('know their keyword, the variables before an assignment and where the pipeline is', () => {
    const source = '{{- range $i, $x := .Values.list }}{{ else }}{{ end }}'
    const [statement, ...others] = tokenize(source).flatMap((token) => readStatement(token) ?? [])
    expect(others).toEqual([])
    expect(statement).toMatchObject({ keyword: 'range', assign: ':=', variables: '$i, $x' })
    expect(source.slice(statement?.pipeline.start, statement?.pipeline.end)).toBe('.Values.list')
  })

  test('have operands of every kind', () => {
    const [token] = tokenize('{{ f "s" `r` \'c\' -1 true .a.b $.c $x (g).d . }}')
    const operands = token && readStatement(token)?.pipeline.commands[0]?.operands
    expect(operands?.map(({ kind }) => kind).join(' ')).toBe(
      'function string string number number bool path path path group path',
    )
    const literals = operands?.slice(1, 4).map(({ text }) => literalText(text))
    expect(literals).toEqual(['s', 'r', undefined])
  })
})
