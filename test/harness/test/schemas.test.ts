import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readReport, runKubeconform } from '../src/checks/kubeconform.ts'
import { openSchemas, schemaFileOf } from '../src/checks/kubernetes-schemas.ts'
import { loadManifests } from '../src/objects/manifests.ts'
import { optionalTool } from '../src/tools/tools.ts'
import { fixture, temporaryFolder } from './support.ts'

const schemas = fixture('schemas')
const crds = [fixture('schemas/crds')]
const good = readFileSync(fixture('schemas/good.yaml'), 'utf8')
const { check, isUncheckable } = openSchemas(schemas, crds)
const problemsOf = (text: string) =>
  loadManifests(text).flatMap((manifest) => [...check(manifest, '1.36')])
const named = (api: string): string => {
  const [, apiVersion, kind] = /^(.*) (.*)$/.exec(api) ?? []
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n`
}

const hasKubeconform = (await optionalTool('kubeconform')) !== undefined

const faults: readonly (readonly [string, string, string, string, RegExp])[] = [
  ['an unknown field', 'replicas: 1', 'replica: 1', 'spec.replica', /unknown field/],
  ['a wrong type', 'replicas: 1', 'replicas: "1"', 'spec.replicas', /must be integer/],
  ['a missing field', 'selector: {}', '', 'spec.selector', /required field is missing/],
  ['a value that is not allowed', 'type: Recreate', 'type: x', 'spec.type', /one of Recreate/],
  ['a wrong field of a custom kind', 'hosts: [a]', 'hosts: a', 'spec.hosts', /must be array/],
]

test('a good manifest has no problem', async () => {
  expect(problemsOf(good)).toEqual([])
})

test.each(faults)('ajv finds %s', (_what, search, replacement, path, message) => {
  const problems = problemsOf(good.replace(search, replacement))
  expect(problems).toMatchObject([{ rule: 'kubernetes-schema', path }])
  expect(problems[0]?.message).toMatch(message)
})

const unknown = named('example.org/v1 Nothing')

test.each([
  ['example.org/v1 Nothing', true, 'there is no schema of example.org/v1 Nothing here. Add it.'],
  ['apps/v1 DaemonSet', true, 'there is no schema of apps/v1 DaemonSet here. Add it.'],
  ['apps.example.org/v1 Deployment', true, 'no schema of apps.example.org/v1 Deployment here.'],
  ['apps/v1 Nothing', false, 'no kind Nothing in apps/v1. Correct apiVersion or kind.'],
  ['apps/v1beta1 Deployment', false, 'no kind Deployment in apps/v1beta1. Correct'],
  ['v1 Nothing', false, 'there is no kind Nothing in v1.'],
])('%s has no schema, which is a problem; it may exist: %s', (api, mayExist, text) => {
  const message = expect.stringContaining(text)
  expect(problemsOf(named(api))).toEqual([expect.objectContaining({ message })])
  expect(loadManifests(named(api)).map((one) => isUncheckable(one, '1.36'))).toEqual([mayExist])
})

test('what has a schema can be checked', () => {
  expect(loadManifests(good).map((one) => isUncheckable(one, '1.36'))).toEqual([false, false])
})

// That both agree on every fault is tested over all vendored schemas.
test.skipIf(!hasKubeconform)('kubeconform agrees, and checks equal documents once', async () => {
  const wrong = good.replace('replicas: 1', 'replica: 1')
  const check = async (...texts: string[]) =>
    (await runKubeconform(texts, '1.36', { schemas, crds })).map(({ message }) => message)
  expect(await check(good, good)).toEqual([])
  expect(await check(wrong)).toEqual([expect.stringContaining('replica')])
  expect(await check(unknown)).toEqual([expect.stringContaining('could not find schema')])
})

test.skipIf(!hasKubeconform)('kubeconform sees the items of a List', async () => {
  const items = loadManifests(good.replace('replicas: 1', 'replica: 1'))
  const list = `kind: List\napiVersion: v1\nitems: ${JSON.stringify(items)}\n`
  const problems = await runKubeconform([list], '1.36', { schemas, crds })
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('replica')])
})

test.skipIf(!hasKubeconform)('kubeconform leaves out the kinds that it is told to', async () => {
  const lost = named('apps/v1 Nothing')
  const options = { schemas, crds, skip: ['example.org/v1/Nothing'] }
  const problems = await runKubeconform([good, unknown, lost], '1.36', options)
  expect(problems.map(({ object }) => object)).toEqual(['Nothing/a'])
  expect(await runKubeconform([unknown], '1.36', options)).toEqual([])
})

test('a file that is not a schema is one sentence', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'nothing-example-v1.json'), '{')
  const [manifest] = loadManifests(unknown)
  expect(() => manifest && openSchemas(schemas, [folder]).check(manifest, '1.36')).toThrow(
    /nothing-example-v1\.json is not a JSON Schema \(.+\)\. Correct it\.$/,
  )
})

test('a minor without schemas is an error', () => {
  const [manifest] = loadManifests(good)
  expect(() => manifest && check(manifest, '1.99')).toThrow(
    'v1.99/_definitions.json does not exist. Vendor the schemas',
  )
})

test('kubeconform with nothing to check is an error', async () => {
  await expect(runKubeconform(['# nothing\n'], '1.36', { schemas })).rejects.toThrow(
    'there is no document',
  )
})

test('a report that does not count every document is an error', () => {
  const report = (summary: object): string => JSON.stringify({ resources: [], summary })
  const counts = { valid: 1, invalid: 0, errors: 0, skipped: 0 }
  expect(readReport(report(counts), 1)).toEqual([])
  expect(() => readReport(report(counts), 2)).toThrow('kubeconform checked 1 of 2 documents')
  const skipped = report({ ...counts, skipped: 1 })
  expect(() => readReport(skipped, 2)).toThrow('skipped 1')
  expect(readReport(skipped, 2, { maySkip: true })).toEqual([])
  expect(() => readReport(skipped, 1, { maySkip: true })).toThrow('checked 1 of 1')
  expect(() => readReport('', 1, { stderr: 'no such file' })).toThrow(
    'gave no report: no such file',
  )
})

test('schema files are named as kubeconform asks for them', () => {
  const rbac = 'rbac.authorization.k8s.io/v1'
  expect(schemaFileOf({ apiVersion: 'v1', kind: 'Service' })).toBe('service-v1.json')
  expect(schemaFileOf({ apiVersion: rbac, kind: 'Role' })).toBe('role-rbac-v1.json')
})
