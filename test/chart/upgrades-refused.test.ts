// What changing one value of an example would break, and what of it is told.
import { checkUpgrade } from 'chart-harness'
import { expect, test } from 'vitest'
import type { Values } from './render.ts'
import { upgrade } from './upgrade.ts'

/** What a change would break, as `effect: object path`. */
async function harm(example: string, from: Values, to: Values): Promise<string[]> {
  const { before, after } = await upgrade(example, to, from)
  return checkUpgrade(before, after).map(({ effect, object, path = '' }) =>
    `${effect}: ${object} ${path}`.trim().replace(/volumes\[\d+\]/, 'volumes[*]'),
  )
}

const media = 'mastodon-public-mstdnblue'
const system = 'PersistentVolumeClaim/minimal-mastodon-system'

test.each<[string, string, Values, Values, readonly string[]]>([
  [
    'mstdnblue',
    'another server of the share',
    {},
    { storage: { system: { nfs: { server: '192.0.2.9' } } } },
    [`refused: PersistentVolume/${media} spec.nfs.server`],
  ],
  [
    'mstdnblue',
    'another directory of the share',
    {},
    { storage: { system: { nfs: { path: '/other' } } } },
    [`refused: PersistentVolume/${media} spec.nfs.path`],
  ],
  [
    'mstdnblue',
    'a larger claim on a share',
    {},
    { storage: { system: { size: '99Gi' } } },
    [`refused: PersistentVolumeClaim/${media}-pvc spec.resources.requests.storage`],
  ],
  [
    'mstdnblue',
    'another volume for the same claim',
    {},
    { storage: { system: { volumeName: 'other' } } },
    [
      `recreated: PersistentVolume/${media}`,
      `refused: PersistentVolumeClaim/${media}-pvc spec.volumeName`,
    ],
  ],
  [
    'mstdnblue',
    'no load balancer',
    {},
    { web: { service: { type: 'ClusterIP' } } },
    ['warning: Service/web-mstdnblue spec.type'],
  ],
  [
    'minimal',
    'another class of the claim',
    {},
    { storage: { system: { storageClassName: 'fast' } } },
    [`refused: ${system} spec.storageClassName`],
  ],
  [
    'minimal',
    'other access modes of the claim',
    {},
    { storage: { system: { accessModes: ['ReadWriteMany'] } } },
    [`refused: ${system} spec.accessModes[0]`],
  ],
  [
    'minimal',
    'a smaller claim',
    {},
    { storage: { system: { size: '1Gi' } } },
    [`refused: ${system} spec.resources.requests.storage`],
  ],
  [
    'minimal',
    'a share in the place of a dynamic claim',
    {},
    { storage: { system: { type: 'nfs', nfs: { server: '192.0.2.9', path: '/x' } } } },
    [`refused: ${system} spec.storageClassName`],
  ],
  [
    'minimal',
    'another name of the claim',
    {},
    { storage: { system: { claimName: 'other' } } },
    [
      `recreated: ${system}`,
      'warning: Deployment/minimal-mastodon-sidekiq-all spec.template.spec.volumes[*]',
      'warning: Deployment/minimal-mastodon-web spec.template.spec.volumes[*]',
    ],
  ],
  [
    'minimal',
    'the history of a StatefulSet, before Kubernetes 1.33',
    {},
    { postgresql: { revisionHistoryLimit: 3 } },
    ['refused: StatefulSet/minimal-mastodon-postgresql spec.revisionHistoryLimit'],
  ],
  [
    'minimal',
    'the end of autoscaling, with Helm 4',
    { web: { autoscaling: { enabled: true } } },
    {},
    ['refused: Deployment/minimal-mastodon-web spec.replicas'],
  ],
  [
    'minimal',
    'another port of web',
    {},
    { web: { service: { port: 8000 } } },
    ['warning: Service/minimal-mastodon-web spec.ports[0].port'],
  ],
  [
    'minimal',
    'another name of web',
    {},
    { web: { name: 'other' } },
    ['recreated: Service/minimal-mastodon-web', 'recreated: Deployment/minimal-mastodon-web'],
  ],
])('%s: %s is told', async (example, _title, from, to, expected) => {
  expect(await harm(example, from, to)).toEqual(expected)
})
