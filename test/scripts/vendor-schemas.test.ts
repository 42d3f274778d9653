import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandResult, optionalTool, schemaFiles } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { main, vendoredKinds } from '../../scripts/vendor-schemas.ts'
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
    mkdirSync(join(out, 'v1.36'))
    writeFileSync(join(out, 'v1.36', 'gone-v1.json'), '{}')
    expect(await runScript('vendor-schemas', args)).toMatchObject({
      code: 0,
      stdout: 'v1.36: v1.36.3, 24 files, 25 changed\n',
    })
    expect(await call([...args, '--check'])).toMatchObject({ code: 0, stderr: '' })
    const file = join(out, 'v1.36', 'pod-v1.json')
    writeFileSync(file, '{}\n')
    rmSync(join(out, 'v1.36', 'job-batch-v1.json'))
    writeFileSync(join(out, 'v1.36', 'more-v1.json'), '{}')
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

  test('gives the reason when the Go module proxy cannot be reached', async () => {
    const { code, stderr } = await call(['--minor', '1.36'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^vendor-schemas: .*(GOPROXY=off|not on PATH)\. [^\n]+\n$/)
  })

  test('says so when Go is not installed', async () => {
    const { code, stderr } = await call(['--minor', '1.36'], '/nonexistent')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^vendor-schemas: the program go is not on PATH\. [^\n]+\n$/)
  })
})
