import { expect, test } from 'vitest'
import { whyAbsent } from '../src/graph/hook-order.ts'
import type { Manifest } from '../src/objects/types.ts'
import { renderOf } from './support.ts'

// `pre-install,pre-upgrade 5 hook-succeeded` as an object; '' is an ordinary one.
function object(kind: string, hook: string): Manifest {
  const [phases = '', weight = '0', policy = ''] = hook.split(' ')
  const annotations =
    phases === ''
      ? {}
      : {
          'helm.sh/hook': phases,
          'helm.sh/hook-weight': weight,
          'helm.sh/hook-delete-policy': policy,
        }
  const manifest = { apiVersion: 'v1', kind, metadata: { name: 'a', annotations } }
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
  [
    '',
    'post-install',
    'is a post-install hook, so it does not exist when ordinary objects are made',
  ],
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
  [
    'post-install',
    'pre-install 0 hook-succeeded',
    'is a hook that Helm deletes when it succeeded, so',
  ],
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
