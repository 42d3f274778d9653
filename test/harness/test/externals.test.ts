import { expect, test } from 'vitest'
import { checkReferences } from '../src/graph/check-references.ts'
import type { Externals } from '../src/graph/references.ts'
import { clean, renderOf, seed } from './support.ts'

const tls = { name: 'outside-tls' }

async function problems(search: string | RegExp, replacement: string, more: Externals = {}) {
  const render = await seed(search, replacement)
  const external = { ...more, secrets: [tls, ...(more.secrets ?? [])] }
  return checkReferences(render, { external }).map(({ rule, object }) => `${rule} ${object}`)
}

// What is put for what, the declaration that allows it, and what is said without it.
test.each<readonly [string | RegExp, string, Externals, string]>([
  ['secretRef: {name: web}', 'secretRef: {name: x}', { secrets: ['x'] }, 'Deployment/web'],
  ['configMapRef: {name: web}', 'configMapRef: {name: x}', { configMaps: ['x'] }, 'Deployment/web'],
  ['{claimName: dynamic}', '{claimName: x}', { claims: ['x'] }, 'CronJob/sweep'],
  ['volumeName: media-share', 'volumeName: x', { volumes: ['x'] }, 'PersistentVolumeClaim/media'],
  [
    'serviceAccountName: web',
    'serviceAccountName: x',
    { serviceAccounts: ['x'] },
    'Deployment/web',
  ],
  ['serviceName: db', 'serviceName: x', { services: ['x'] }, 'StatefulSet/db'],
  ['kind: Role, name: keys', 'kind: Role, name: x', { others: ['Role/x'] }, 'RoleBinding/keys'],
])('%s may be declared external (%s)', async (search, replacement, declared, object) => {
  expect(await problems(search, replacement)).toContain(`reference-exists ${object}`)
  expect(await problems(search, replacement, declared)).not.toContain(`reference-exists ${object}`)
})

test('a key that an external Secret is not said to have is missing', async () => {
  const reference = ['secretKeyRef: {name: web', 'secretKeyRef: {name: x'] as const
  const external = (key: string): Externals => ({ secrets: [{ name: 'x', keys: [key] }] })
  expect(await problems(...reference, external('OTHER'))).toEqual(['reference-key Deployment/web'])
  expect(await problems(...reference, external('PASSWORD'))).toEqual([])
})

test('a selector may mean pods from elsewhere', async () => {
  const policy = [/(podSelector:\n {12}matchLabels: \{app: )web/, '$1gateway'] as const
  expect(await problems(...policy)).toEqual(['selector-selects NetworkPolicy/db'])
  expect(await problems(...policy, { pods: [{ app: 'gateway', tier: 'front' }] })).toEqual([])
})

test('what every cluster has needs no declaration', async () => {
  expect(await problems('serviceAccountName: web', 'serviceAccountName: default')).toEqual([])
  expect(
    await problems('configMapRef: {name: web}', 'configMapRef: {name: kube-root-ca.crt}'),
  ).toEqual([])
})

test('an object of another namespace is another object', () => {
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, envFrom: [{secretRef: {name: s}}]}]}'
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: other}'
  const rules = checkReferences(renderOf(`${pod}\n---\n${secret}`)).map(({ rule }) => rule)
  expect(rules).toEqual(['reference-exists'])
})

test('the clean chart needs its one external Secret', async () => {
  const found = checkReferences(await clean.render())
  expect(found.map(({ object, path }) => `${object} ${path}`)).toEqual([
    'Ingress/web spec.tls[0].secretName',
  ])
})

test('a PodMonitor may select pods in other namespaces', () => {
  const monitor = (more: string): string =>
    `apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: m}\nspec: {selector: {matchLabels: {app: x}}, podMetricsEndpoints: []${more}}`
  const found = (more: string) => checkReferences(renderOf(monitor(more))).map(({ rule }) => rule)
  expect(found('')).toEqual(['selector-selects'])
  expect(found(', namespaceSelector: {any: true}')).toEqual([])
})
