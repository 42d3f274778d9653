import { expect, expectTypeOf, test } from 'vitest'
import type { ContainerRole } from '../src/objects/types.ts'
import { clean, renderOf } from './support.ts'

const render = await clean.render()
const empty = renderOf('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')

test('one() returns the object with the fields of its kind', () => {
  const deployment = render.one('Deployment', 'web')
  expectTypeOf(deployment.spec?.replicas).toEqualTypeOf<number | undefined>()
  expect(deployment.spec?.replicas).toBe(2)
})

test('one() names the nearest objects when the name is wrong', () => {
  expect(() => render.one('Deployment', 'wep')).toThrow(
    /^Deployment\/wep was not rendered\. Nearest: Deployment\/web, /,
  )
})

test('one() asks for the namespace when two objects have the name', () => {
  const manifest = (namespace: string): string =>
    `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: ${namespace}}\n`
  const two = renderOf(manifest('one') + manifest('two'))
  expect(() => two.one('ConfigMap', 'a')).toThrow(
    'ConfigMap/a is ambiguous: ConfigMap/one/a, ConfigMap/two/a.',
  )
  expect(two.one('ConfigMap', 'a', { namespace: 'two' }).metadata.namespace).toBe('two')
})

test('all() throws when there are too few', () => {
  expect(render.all('Service')).toHaveLength(2)
  expect(() => render.all('Service', { min: 3 })).toThrow(
    '2 Service rendered, at least 3 expected.',
  )
  expect(() => render.all('DaemonSet')).toThrow('0 DaemonSet rendered')
  expect(render.all('DaemonSet', { min: 0 })).toEqual([])
})

test('none() throws when there is one', () => {
  expect(() => render.none('Ingress')).toThrow('no Ingress expected, but rendered: Ingress/web.')
  expect(() => render.none('DaemonSet')).not.toThrow()
})

test('none() does not believe in a kind that does not exist', () => {
  expect(() => render.none('Ingres')).toThrow(
    'Ingres is not a kind that the harness knows. Nearest: Ingress',
  )
})

test('has() says whether there is such an object', () => {
  expect([render.has('Service', 'db'), render.has('Service', 'bd')]).toEqual([true, false])
})

test('workloads(), pods() and containers() throw when there is nothing to visit', () => {
  expect(() => empty.workloads()).toThrow('no workload was rendered')
  expect(() => empty.pods()).toThrow('no pod was rendered')
  expect(() => empty.containers()).toThrow('no container was rendered')
  expect(() => render.pods(({ owner }) => owner.kind === 'DaemonSet')).toThrow(
    'no pod was rendered',
  )
})

test('every kind of workload has its pod', () => {
  const owners = render.pods().map(({ owner, path }) => `${owner.kind} ${path}`)
  expect(new Set(owners)).toEqual(
    new Set([
      'Deployment spec.template.spec',
      'StatefulSet spec.template.spec',
      'CronJob spec.jobTemplate.spec.template.spec',
      'Job spec.template.spec',
      'Pod spec',
    ]),
  )
  expect(render.workloads()).toHaveLength(owners.length)
})

test('an init container that restarts always is a sidecar', () => {
  const roles: Record<string, ContainerRole> = {}
  for (const { container, role } of render.containers(({ owner }) => owner.kind === 'Deployment')) {
    roles[container.name] = role
  }
  expect(roles).toEqual({ prepare: 'init', proxy: 'sidecar', web: 'main' })
})

test('a pod of a hook says so', () => {
  const [pod] = render.pods(({ owner }) => owner.metadata.name === 'greet')
  expect(pod?.hook).toEqual({
    phases: ['post-install'],
    weight: 0,
    deletePolicies: ['before-hook-creation'],
  })
})

test('objects cannot be changed', () => {
  const config = render.one('ConfigMap', 'web')
  expect(() => Object.assign(config.data ?? {}, { extra: '1' })).toThrow(TypeError)
  expect(() => Object.assign(config, { kind: 'Secret' })).toThrow(TypeError)
})

test('an object knows its template, invisibly', () => {
  const config = render.one('ConfigMap', 'web')
  expect(config.source).toBe('clean/templates/web/config-map.yaml')
  expect(Object.keys(config)).not.toContain('source')
})

test('notes are there only when they were asked for', () => {
  expect(() => render.notes).toThrow('render with { showNotes: true }')
  expect({ ...render }.text).toBe(render.text)
})
