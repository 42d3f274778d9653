// What references need: the object exists in time, or is declared external.
import { describe, expect, test } from 'vitest'
import { checkReferences, whyAbsent } from '../src/graph/check-references.ts'
import type { Externals } from '../src/graph/references.ts'
import type { Manifest } from '../src/objects/types.ts'
import { clean, external, renderOf, seeded } from './support.ts'

const web = 'spec.template.spec.containers[0]'

async function problems(object: string, path: string, value: unknown, more: Externals = {}) {
  const render = await seeded(object, { [path]: value })
  const objects = [...(external.objects ?? []), ...(more.objects ?? [])]
  const found = checkReferences(render, { external: { ...more, objects } })
  return found.map((problem) => `${problem.rule} ${problem.object}`)
}

test.each([
  ['Deployment/web', `${web}.envFrom[1].secretRef.name`, 'Secret/x'],
  ['PersistentVolumeClaim/media', 'spec.volumeName', 'PersistentVolume/x'],
  ['PersistentVolume/media-share', 'spec.claimRef.name', 'PersistentVolumeClaim/x'],
  ['RoleBinding/keys', 'roleRef.name', 'Role/x'],
])('what %s names at %s may be external', async (object, path, declared) => {
  const missing = `reference-exists ${object}`
  expect(await problems(object, path, 'x')).toContain(missing)
  expect(await problems(object, path, 'x', { objects: [declared] })).not.toContain(missing)
})

test('a key that the declaration of an external Secret lacks is missing', async () => {
  const reference = ['Deployment/web', `${web}.env[1].valueFrom.secretKeyRef.name`, 'x'] as const
  const externals = (key: string): Externals => ({ objects: [{ object: 'Secret/x', keys: [key] }] })
  expect(await problems(...reference, externals('OTHER'))).toEqual(['reference-key Deployment/web'])
  expect(await problems(...reference, externals('PASSWORD'))).toEqual([])
})

test('a selector may mean pods from elsewhere', async () => {
  const path = 'spec.ingress[0].from[0].podSelector.matchLabels.app'
  const policy = ['NetworkPolicy/db', path, 'gateway'] as const
  expect(await problems(...policy)).toEqual(['selector-selects NetworkPolicy/db'])
  expect(await problems(...policy, { pods: [{ app: 'gateway', tier: 'front' }] })).toEqual([])
})

test.each([
  ['spec.template.spec.serviceAccountName', 'default'],
  [`${web}.envFrom[0].configMapRef.name`, 'kube-root-ca.crt'],
])('what every cluster has needs no declaration (%s)', async (path, name) => {
  expect(await problems('Deployment/web', path, name)).toEqual([])
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

describe('in the order of hooks', () => {
  // `pre-install,pre-upgrade 5 hook-succeeded` as an object; '' is an ordinary one.
  function object(kind: string, hook: string): Manifest {
    const [phases = '', weight = '0', policy = ''] = hook.split(' ')
    const fields = { hook: phases, 'hook-weight': weight, 'hook-delete-policy': policy }
    const annotations = Object.entries(fields).map(([key, value]) => [`helm.sh/${key}`, value])
    const metadata = {
      name: 'a',
      ...(hook ? { annotations: Object.fromEntries(annotations) } : {}),
    }
    const manifest = { apiVersion: 'v1', kind, metadata }
    const [made] = renderOf(JSON.stringify(manifest)).objects
    if (!made) throw new Error('nothing was made')
    return made
  }

  const early = 'pre-install,pre-upgrade'

  test.each([
    ['', ''],
    ['', 'pre-install'],
    ['', `${early} 0 before-hook-creation`],
    ['', 'pre-install 0 hook-failed'],
    [early, `${early} -1`],
    [early, `${early} -1 hook-succeeded`],
    ['post-install', ''],
    ['post-install', 'pre-install'],
    ['post-install,post-upgrade', early],
    ['post-upgrade', 'pre-install'],
    ['pre-delete', ''],
    ['test', ''],
    ['test', 'test -1'],
    ['test', 'post-install'],
  ])('a pod of hook "%s" finds what hook "%s" makes', (pod, target) => {
    expect(whyAbsent(object('Pod', pod), object('ConfigMap', target))).toBeUndefined()
  })

  test.each([
    ['', 'post-install', 'is a post-install hook, so it does not exist when ordinary objects are'],
    ['', 'pre-upgrade', 'is a pre-upgrade hook, so it does not exist'],
    ['', 'test', 'is a test hook'],
    ['', 'pre-install 0 hook-succeeded', 'is a hook that Helm deletes when it succeeded'],
    ['pre-install', '', 'is made after the pre-install hooks'],
    ['pre-upgrade', '', 'is made after the pre-upgrade hooks'],
    ['pre-rollback', '', 'is made after the pre-rollback hooks'],
    ['post-delete', '', 'is deleted before the post-delete hooks'],
    [early, early, 'has hook weight 0, so in pre-install it is not made before weight 0'],
    [early, `${early} 1`, 'has hook weight 1'],
    [early, 'pre-install -1', 'is a pre-install hook, so it is not there in pre-upgrade'],
    ['post-install', 'pre-install 0 hook-succeeded', 'is a hook that Helm deletes when it'],
    ['pre-install', 'post-install', 'is a post-install hook, so it is not there in pre-install'],
  ])('a pod of hook "%s" does not find what hook "%s" makes', (pod, target, reason) => {
    expect(whyAbsent(object('Pod', pod), object('ConfigMap', target))).toContain(
      `ConfigMap/a ${reason}`,
    )
  })

  test('an object that only names another may be made in the same step', () => {
    const binding = object('RoleBinding', early)
    expect(whyAbsent(binding, object('Role', early))).toBeUndefined()
    expect(whyAbsent(binding, object('Role', `${early} 1`))).toContain('has hook weight 1')
  })
})
