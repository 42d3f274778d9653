import { anywhere, bucket, importing } from './components.ts'
import { merge, preset, type Rules, type Values } from './render.ts'

const share = { server: '192.0.2.1', path: '/export' }
const zone = { maxSkew: 1, topologyKey: 'zone' }
const sets = Object.keys(preset<object>('storage'))

/** The same block for all data sets. */
function everySet(block: object): Values {
  return { storage: Object.fromEntries(sets.map((set) => [set, block])) }
}

const importFrom = (storage: object) =>
  merge(importing, {
    import: { database: { source: 'file', file: { path: 'a.dump', storage } } },
  })

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
const budget: Values = { web: { replicas: 2, pdb: { enabled: true } } }

/** Rules of zz-validate/_storage.tpl. */
export const storageRules: Rules = {
  'a share without server': {
    broken: everySet({ type: 'nfs', nfs: { path: '/export' } }),
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
  'an existing claim without name': {
    broken: everySet({ type: 'existingClaim' }),
    says: sets.map(
      (set) =>
        `storage.${set}.existingClaim: required when storage.${set}.type is existingClaim. Set the name of the claim.`,
    ),
    met: everySet({ type: 'existingClaim', existingClaim: 'mine' }),
  },
  'an existing claim that is not used': {
    broken: everySet({ type: 'emptyDir', existingClaim: 'mine' }),
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
}
