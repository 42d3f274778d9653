import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readReport, runKubeconform } from '../src/checks/kubeconform.ts'
import { createSchemaChecker, schemaFileOf } from '../src/checks/kubernetes-schemas.ts'
import { loadManifests } from '../src/objects/manifests.ts'
import { optionalTool } from '../src/tools/tools.ts'
import { fixture } from './support.ts'

const schemas = fixture('schemas')
const crds = fixture('schemas/crds')
const good = readFileSync(fixture('schemas/good.yaml'), 'utf8')
const check = createSchemaChecker(schemas, crds)
const problemsOf = (text: string) =>
  loadManifests(text).flatMap((manifest) => [...check(manifest, '1.36')])

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

const unknown = 'apiVersion: example.org/v1\nkind: Nothing\nmetadata: {name: a}\n'

test('a kind without a schema is a problem, not skipped', async () => {
  const message = expect.stringContaining('has no schema of example.org/v1 Nothing')
  expect(problemsOf(unknown)).toEqual([expect.objectContaining({ object: 'Nothing/a', message })])
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
  expect(() => readReport(report({ ...counts, skipped: 1 }), 1)).toThrow('skipped 1')
  expect(() => readReport('', 1, 'no such file')).toThrow('gave no report: no such file')
})

test('schema files are named as kubeconform asks for them', () => {
  const rbac = 'rbac.authorization.k8s.io/v1'
  expect(schemaFileOf({ apiVersion: 'v1', kind: 'Service' })).toBe('service-v1.json')
  expect(schemaFileOf({ apiVersion: rbac, kind: 'Role' })).toBe('role-rbac-v1.json')
})
