import { isRecord } from 'chart-harness'
import { anywhere, bucket, embeddedSearch, importing, split } from './components.ts'
import { merge, preset, type Rules, type Values } from './render.ts'

const share = { server: '192.0.2.1', path: '/export/SET' }
const zone = { maxSkew: 1, topologyKey: 'zone' }
const sets = Object.entries(preset<object>('storage'))
  .filter(([, block]) => isRecord(block))
  .map(([set]) => set)

/** The same block for all data sets, with each one's name instead of SET. */
function everySet(block: object): Values {
  const text = JSON.stringify(block)
  const named = sets.map((set) => [set, JSON.parse(text.replaceAll('SET', set.toLowerCase()))])
  const storage: Values = Object.fromEntries(named)
  return { ...embeddedSearch, ...split, storage }
}

const byLabel = { matchLabels: { disk: 'media' } }
const wantsClass = (set: string, key: string) =>
  `storage.${set}.storageClassName: required when storage.${set}.${key} is set, as a claim takes only a volume of its own class. Set the class of that volume, or "" if it has none.`

const importFrom = (storage: object) =>
  merge(importing, {
    import: { database: { source: 'file', file: { path: 'a.dump', storage } } },
  })

const directory = (path: string, node = 'a') => ({ type: 'hostPath', hostPath: { path, node } })
const claim = (existingClaim: string) => ({ type: 'existingClaim', existingClaim })
const twoServers = (redis: object, redisSidekiq: object): Values => ({
  ...split,
  storage: { redis, redisSidekiq },
})
const inOnePlace =
  'storage.redisSidekiq: is in the same place as storage.redis, where each server would overwrite the files of the other. Name another directory or claim.'

const apart = {
  labelSelector: { matchLabels: { app: 'web' } },
  topologyKey: 'kubernetes.io/hostname',
}
const keptApart: Values = {
  web: {
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
  },
}
const spread = (whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'): Values => ({
  web: { replicas: 2, topologySpreadConstraints: [{ ...zone, whenUnsatisfiable }] },
})
const oneDisk: Values = { sidekiq: { nodeSelector: { disk: 'fast' } } }
const onePod: Values = { storage: { system: { accessModes: ['ReadWriteOncePod'] } } }
const autoscaled: Values = { web: { autoscaling: { enabled: true } } }
const budget: Values = { web: { replicas: 2, pdb: { enabled: true } } }

/** Rules of zz-validate/_storage.tpl. */
export const storageRules: Rules = {
  'a share without server': {
    broken: everySet({ type: 'nfs', nfs: { path: '/export/SET' } }),
    says: sets.map(
      (set) =>
        `storage.${set}.nfs.server: required when storage.${set}.type is nfs. Set the host or address of the NFS server.`,
    ),
    met: everySet({ type: 'nfs', nfs: share }),
  },
  'a share without path': {
    broken: everySet({ type: 'nfs', nfs: { server: '192.0.2.1' } }),
    says: sets.map(
      (set) =>
        `storage.${set}.nfs.path: required when storage.${set}.type is nfs. Set the exported directory.`,
    ),
    met: everySet({ type: 'dynamic', nfs: { server: '192.0.2.1' } }),
  },
  'the dump on a share without server': {
    broken: importFrom({ type: 'nfs', nfs: { path: '/export' } }),
    says: 'import.database.file.storage.nfs.server: required when import.database.file.storage.type is nfs. Set the host or address of the NFS server.',
    met: importFrom({ type: 'nfs', nfs: share }),
  },
  'a directory of a node without path': {
    broken: everySet({ type: 'hostPath' }),
    says: sets.map(
      (set) =>
        `storage.${set}.hostPath.path: required when storage.${set}.type is hostPath. Set the directory of the node.`,
    ),
    met: everySet({ type: 'hostPath', hostPath: { path: '/srv/SET' } }),
  },
  'an existing volume by name, in whatever class': {
    broken: everySet({ volumeName: 'mine' }),
    says: sets.map((set) => wantsClass(set, 'volumeName')),
    met: [
      everySet({ volumeName: 'mine', storageClassName: '' }),
      { storage: { system: { type: 'nfs', nfs: share, volumeName: 'mine' } } },
    ],
  },
  'an existing volume by its labels, in whatever class': {
    broken: everySet({ selector: byLabel }),
    says: sets.map((set) => wantsClass(set, 'selector')),
    met: everySet({ selector: byLabel, storageClassName: 'manual' }),
  },
  'labels of a volume that the chart makes': {
    broken: everySet({ type: 'nfs', nfs: share, selector: byLabel }),
    says: sets.map(
      (set) =>
        `storage.${set}.selector: only used when storage.${set}.type is dynamic. Change the type or remove this line.`,
    ),
    met: everySet({ type: 'nfs', nfs: share }),
  },
  'two servers in one directory': {
    broken: twoServers(directory('/srv'), directory('/srv')),
    says: inOnePlace,
    met: [
      twoServers(directory('/srv'), directory('/srv/sidekiq')),
      twoServers(directory('/srv'), directory('/srv', 'b')),
      twoServers({ type: 'dynamic' }, { type: 'dynamic' }),
      merge(twoServers(directory('/srv'), directory('/srv')), {
        redis: { sidekiq: { mode: 'shared' } },
      }),
      {
        storage: {
          system: directory('/srv'),
          postgresql: directory('/srv'),
          redis: directory('/srv'),
        },
      },
    ],
  },
  'two servers on one share': {
    broken: twoServers(
      { type: 'nfs', nfs: share },
      { type: 'nfs', nfs: { ...share, mountOptions: [] } },
    ),
    says: inOnePlace,
    met: twoServers({ type: 'nfs', nfs: share }, { type: 'nfs', nfs: { ...share, path: '/b' } }),
  },
  'two servers in one claim': {
    broken: twoServers(claim('a'), claim('a')),
    says: inOnePlace,
    met: twoServers(claim('a'), claim('b')),
  },
  'a claim for /tmp without size': {
    broken: { web: { tmp: { claim: { storageClassName: 'fast' } } } },
    says: 'web.tmp.claim.size: required in a claim for /tmp. Set the capacity.',
    met: [
      {
        pod: { tmp: { claim: { size: '9Gi' } } },
        web: { tmp: { claim: { storageClassName: 'a' } } },
      },
      { web: { tmp: { claim: {} } } },
    ],
  },
  'a claim for /tmp in memory': {
    broken: { web: { tmp: { claim: { size: '9Gi' }, medium: 'Memory' } } },
    says: 'web.tmp.claim: a claim has a size of its own and is not in memory. Remove it, or medium and sizeLimit.',
    met: { web: { tmp: { medium: 'Memory', sizeLimit: '1Gi' } } },
  },
  'an existing claim without name': {
    broken: everySet({ type: 'existingClaim' }),
    says: sets.map(
      (set) =>
        `storage.${set}.existingClaim: required when storage.${set}.type is existingClaim. Set the name of the claim.`,
    ),
    met: everySet({ type: 'existingClaim', existingClaim: 'claim-SET' }),
  },
  'an existing claim that is not used': {
    broken: everySet({ type: 'emptyDir', existingClaim: 'claim-SET' }),
    says: sets.map(
      (set) =>
        `storage.${set}.existingClaim: only used when storage.${set}.type is existingClaim. Change the type or remove this line.`,
    ),
    met: everySet({ type: 'emptyDir' }),
  },
  'media that only one pod can mount': {
    broken: onePod,
    says: 'storage.system.accessModes: ReadWriteOncePod lets only one pod mount the media, but web and sidekiq both need to. Use ReadWriteMany, or ReadWriteOnce on one node.',
    met: [
      { storage: { system: { accessModes: ['ReadWriteOnce'] } } },
      merge(onePod, { storage: { system: { type: 'emptyDir' } } }),
      { ...onePod, ...bucket },
    ],
  },
  'web and sidekiq on different nodes with media on one': {
    broken: oneDisk,
    says: "sidekiq.nodeSelector: differs from web's, but they share the ReadWriteOnce volume of storage.system and so need the same node. Make them equal or use ReadWriteMany.",
    met: { ...oneDisk, ...anywhere },
  },
  'replicas kept apart with media on one node': {
    broken: keptApart,
    says: 'web.affinity.podAntiAffinity: a required rule separates pods that need the same node, as they share the ReadWriteOnce volume of storage.system. Make it preferred or use ReadWriteMany.',
    met: { ...keptApart, ...anywhere },
  },
  'replicas spread strictly with media on one node': {
    broken: spread('DoNotSchedule'),
    says: 'web.topologySpreadConstraints: DoNotSchedule separates pods that need the same node, as they share the ReadWriteOnce volume of storage.system. Use ScheduleAnyway or ReadWriteMany.',
    met: spread('ScheduleAnyway'),
  },
  'a budget for pods that share one node': {
    broken: budget,
    says: 'web.pdb.enabled: a disruption budget would prevent the node that all these pods share from being drained, as storage.system is ReadWriteOnce. Remove it or use ReadWriteMany.',
    met: [
      { ...budget, ...anywhere },
      { web: { replicas: 1, pdb: { enabled: true } } },
      { web: { replicas: 2 } },
    ],
  },
  'autoscaled pods that share one node, apart and with a budget': {
    broken: merge(autoscaled, spread('DoNotSchedule'), budget, { web: { replicas: 1 } }),
    says: [
      'web.pdb.enabled: a disruption budget would prevent the node that all these pods share from being drained, as storage.system is ReadWriteOnce. Remove it or use ReadWriteMany.',
      'web.topologySpreadConstraints: DoNotSchedule separates pods that need the same node, as they share the ReadWriteOnce volume of storage.system. Use ScheduleAnyway or ReadWriteMany.',
    ],
    met: [autoscaled, { ...merge(autoscaled, budget), ...anywhere }],
  },
}
