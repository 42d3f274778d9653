import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandResult, crdFiles, optionalTool, schemaFiles } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { vendoredKinds } from '../../scripts/lib/vendored-kinds.ts'
import { main } from '../../scripts/vendor-schemas.ts'
import { callHere, runScript } from './fixtures/run-script.ts'
import { scratchFolder } from './fixtures/scratch.ts'
import { fixture, verdictsIn } from './fixtures/vendor-schemas/samples.ts'
import { checkBoth } from './fixtures/vendor-schemas/validators.ts'

const widget = { apiVersion: 'demo.example.org/v1', kind: 'Widget' }
const hasKubeconform = (await optionalTool('kubeconform')) !== undefined

const scratch = scratchFolder()
const temporary = (): string => mkdtempSync(join(scratch, 'case-'))

// Definitions of every kind without any content: enough for the script, not for a cluster.
function bareDefinitions(): Record<string, object> {
  const bare = vendoredKinds.map(({ apiVersion, kind }) => {
    const [version = '', group = ''] = apiVersion.split('/').reverse()
    return { type: 'object', 'x-kubernetes-group-version-kind': [{ group, version, kind }] }
  })
  return Object.fromEntries(bare.map((definition, index) => [`kind${index}`, definition]))
}

describe('the conversion', () => {
  const files = schemaFiles(fixture('widget.json'), 'v9.9.9', [widget])

  test.skipIf(!hasKubeconform)(
    'accepts and rejects what it should, as both validators see it',
    async () => {
      const dir = join(temporary(), 'v9.9')
      mkdirSync(dir)
      for (const [name, text] of files) writeFileSync(join(dir, name), text)
      const expected = verdictsIn(fixture('widget.yaml'))
      expect(expected.size).toBe(17)
      expect(await checkBoth(dir, fixture('widget.yaml'))).toEqual({
        ajv: expected,
        kubeconform: expected,
      })
    },
  )

  test('drops descriptions, formats, defaults, extensions and what no kind reaches', () => {
    const [source, ...lines] = (files.get('_definitions.json') ?? '').split('\n')
    expect(source).toMatch(
      /^\{"\$comment": "k8s.io\/kubernetes v9.9.9 api\S+ sha256:[0-9a-f]{64}",$/,
    )
    expect(lines.join()).not.toMatch(/description|format|default|x-|Unreachable/)
  })

  test.each([
    ['an unknown keyword', { a: { type: 'object', not: {} } }, 'a: unknown keyword "not". Teach'],
    ['an untyped value', { a: { type: 'object', properties: { b: {} } } }, 'a.b: has no type'],
    ['a lost definition', { a: { $ref: '#/definitions/b' } }, 'b: the list of kinds refers to it'],
    [
      'a map with properties',
      { a: { type: 'object', properties: {}, additionalProperties: { type: 'string' } } },
      'a: properties beside a map',
    ],
  ])('refuses %s', (_, definitions, message) => {
    const served = { 'x-kubernetes-group-version-kind': [{ version: 'v1', kind: 'A' }] }
    const document = {
      swagger: '2.0',
      definitions: { ...definitions, a: { ...definitions.a, ...served } },
    }
    const kinds = [{ apiVersion: 'v1', kind: 'A' }]
    expect(() => schemaFiles(JSON.stringify(document), 'v1.36.3', kinds)).toThrow(message)
  })
})

describe("the conversion of an operator's kinds", () => {
  const kind = { apiVersion: 'demo.example.org/v1', kind: 'Gadget' }
  const filesOf = (text: string, served = kind): Map<string, string> => {
    const crds = { 'gadget.yaml': [{ ...served, unchecked: ['spec.provider.*'] }] }
    const texts = new Map([['gadget.yaml', text]])
    return crdFiles([
      { module: 'example.org/gadgets', version: 'v9.9.9', sum: 'h1:x=', crds, texts },
    ])
  }
  const crd = fixture('gadget-crd.yaml')

  test.skipIf(!hasKubeconform)('accepts and rejects what it should', async () => {
    const dir = temporary()
    for (const [name, text] of filesOf(crd)) writeFileSync(join(dir, name), text)
    const expected = verdictsIn(fixture('gadget.yaml'))
    expect(expected.size).toBe(15)
    expect(await checkBoth(dir, fixture('gadget.yaml'))).toEqual({
      ajv: expected,
      kubeconform: expected,
    })
  })

  test('names its source, says once what is repeated, and drops what validators do not need', () => {
    const text = filesOf(crd).get('_definitions.json') ?? ''
    const [source, ...lines] = text.split('\n')
    expect(source).toBe('{"$comment": "example.org/gadgets v9.9.9 h1:x=",')
    expect(lines.join()).not.toMatch(/description|format|default|example"|x-|ready/)
    expect(Object.keys(JSON.parse(text).definitions)).toEqual([
      'demo.example.org.v1.Gadget',
      'first',
    ])
  })

  test.each([
    [
      'an unknown keyword',
      'nullable: true',
      'const: 1',
      'Gadget.spec.secret: unknown keyword "const".',
    ],
    [
      'an untyped value',
      'type: string, format: byte',
      'format: byte',
      'Gadget.spec.secret: has no type.',
    ],
    [
      'a version that is not served',
      'served: true',
      'served: false',
      'serves no Gadget in demo.example.org/v1.',
    ],
  ])('refuses %s', (_, search, replacement, message) => {
    expect(() => filesOf(crd.replace(search, replacement))).toThrow(message)
  })
})

test.each([
  ['text', '{', 'the OpenAPI document of v1.36.3 is not JSON.'],
  ['another document', '{"openapi": "3.0.0"}', 'the document of v1.36.3 is not Swagger 2.0.'],
  ['a document without our kinds', fixture('widget.json'), 'v1.36.3 has no ConfigMap in v1.'],
])('%s is refused with one sentence', (_, text, message) => {
  expect(() => schemaFiles(text, 'v1.36.3', vendoredKinds)).toThrow(message)
})

describe('the script', () => {
  const swagger = join(temporary(), 'swagger.json')
  writeFileSync(swagger, JSON.stringify({ swagger: '2.0', definitions: bareDefinitions() }))
  const call = (args: readonly string[], path = process.env.PATH): Promise<CommandResult> =>
    callHere(main, args, { cwd: scratch, env: { ...process.env, PATH: path, GOPROXY: 'off' } })

  test('writes a folder that its check accepts until a file is changed', async () => {
    const out = temporary()
    const args = ['--minor', '1.36.3', '--from', swagger, '--out', out]
    const dir = join(out, 'kubernetes/v1.36')
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'gone-v1.json'), '{}')
    expect(await runScript('vendor-schemas', args)).toMatchObject({
      code: 0,
      stdout: 'v1.36: v1.36.3, 24 files, 25 changed\n',
    })
    expect(await call([...args, '--check'])).toMatchObject({ code: 0, stderr: '' })
    const file = join(dir, 'pod-v1.json')
    writeFileSync(file, '{}\n')
    rmSync(join(dir, 'job-batch-v1.json'))
    writeFileSync(join(dir, 'more-v1.json'), '{}')
    const { code, stdout, stderr } = await runScript('vendor-schemas', [...args, '--check'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'vendor-schemas: out-of-date files: 3. Run it without --check.\n',
    })
    expect(stdout).toContain('v1.36/job-batch-v1.json: missing\n')
    expect(stdout).toContain('v1.36/more-v1.json: not written by this script\n')
    expect(stdout).toContain('v1.36/pod-v1.json: differs\n')
    expect(readFileSync(file, 'utf8')).toBe('{}\n')
  })

  test.each([
    ['--minor', '1.36'],
    ['--crds', '--check'],
  ])('gives the reason when the Go module proxy cannot be reached: %s %s', async (...args) => {
    const { code, stderr } = await call(args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/vendor-schemas: .*(GOPROXY=off|not on PATH)\. [^\n]+\n$/)
  })

  test('says so when Go is not installed', async () => {
    const { code, stderr } = await call(['--minor', '1.36'], '/nonexistent')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^vendor-schemas: the program go is not on PATH\. [^\n]+\n$/)
  })
})
