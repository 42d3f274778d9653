import type { Values } from './render.ts'
import type { RuleCase } from './rule-case.ts'

const share = { server: '192.0.2.1', path: '/export' }
const zone = { maxSkew: 1, topologyKey: 'zone' }
const apart = {
  labelSelector: { matchLabels: { app: 'web' } },
  topologyKey: 'kubernetes.io/hostname',
}
const rwx: Values = { storage: { system: { accessModes: ['ReadWriteMany'] } } }
const sets = ['system', 'postgresql', 'redis'] as const
type Block = NonNullable<NonNullable<Values['storage']>['system']>
type ImportBlock = Pick<Block, 'nfs'> & { type: 'nfs' }

/** The same block for all data sets. */
function everySet(block: Block): Values {
  return { storage: { system: block, postgresql: block, redis: block } }
}

function importFrom(storage: ImportBlock): Values {
  return {
    envFrom: [{ secretRef: { name: 'old-keys' } }],
    import: { database: { enabled: true, source: 'file', file: { path: 'a.dump', storage } } },
  }
}

/** Rules of zz-validate/_storage.tpl. */
export const storageRules: readonly RuleCase[] = [
  {
    rule: 'a share without server',
    broken: everySet({ type: 'nfs', nfs: { path: '/export' } }),
    lines: sets.map(
      (set) =>
        `storage.${set}.nfs.server: required when storage.${set}.type is nfs. Set the host or address of the NFS server.`,
    ),
    met: everySet({ type: 'nfs', nfs: share }),
  },
  {
    rule: 'a share without path',
    broken: everySet({ type: 'nfs', nfs: { server: '192.0.2.1' } }),
    lines: sets.map(
      (set) =>
        `storage.${set}.nfs.path: required when storage.${set}.type is nfs. Set the exported directory.`,
    ),
    met: everySet({ type: 'dynamic', nfs: { server: '192.0.2.1' } }),
  },
  {
    rule: 'the dump on a share without server',
    broken: importFrom({ type: 'nfs', nfs: { path: '/export' } }),
    lines: [
      'import.database.file.storage.nfs.server: required when import.database.file.storage.type is nfs. Set the host or address of the NFS server.',
    ],
    met: importFrom({ type: 'nfs', nfs: share }),
  },
  {
    rule: 'an existing claim without name',
    broken: everySet({ type: 'existingClaim' }),
    lines: sets.map(
      (set) =>
        `storage.${set}.existingClaim: required when storage.${set}.type is existingClaim. Set the name of the claim.`,
    ),
    met: everySet({ type: 'existingClaim', existingClaim: 'mine' }),
  },
  {
    rule: 'an existing claim that is not used',
    broken: everySet({ type: 'emptyDir', existingClaim: 'mine' }),
    lines: sets.map(
      (set) =>
        `storage.${set}.existingClaim: only used when storage.${set}.type is existingClaim. Set the type or remove the line.`,
    ),
    met: everySet({ type: 'emptyDir' }),
  },
  {
    rule: 'media that one pod alone can mount',
    broken: { storage: { system: { accessModes: ['ReadWriteOncePod'] } } },
    lines: [
      'storage.system.accessModes: ReadWriteOncePod lets one pod mount the media, but web and sidekiq both must. Use ReadWriteMany, or ReadWriteOnce on one node.',
    ],
    met: { storage: { system: { accessModes: ['ReadWriteOnce'] } } },
    alsoMet: [
      { storage: { system: { type: 'emptyDir', accessModes: ['ReadWriteOncePod'] } } },
      {
        storage: { system: { accessModes: ['ReadWriteOncePod'] } },
        objectStorage: { type: 's3', s3: { bucket: 'media' } },
      },
    ],
  },
  {
    rule: 'web and sidekiq on different nodes with media on one',
    broken: { sidekiq: { nodeSelector: { disk: 'fast' } } },
    lines: [
      "sidekiq.workers[0].nodeSelector: differs from web's, but they share the ReadWriteOnce volume of storage.system and so need one node. Make them equal or use ReadWriteMany.",
    ],
    met: { sidekiq: { nodeSelector: { disk: 'fast' } }, ...rwx },
  },
  {
    rule: 'replicas kept apart with media on one node',
    broken: {
      web: {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
      },
    },
    lines: [
      'web.affinity.podAntiAffinity: a required one keeps pods apart that share the ReadWriteOnce volume of storage.system. Make it preferred or use ReadWriteMany.',
    ],
    met: {
      web: {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
      },
      ...rwx,
    },
  },
  {
    rule: 'replicas spread strictly with media on one node',
    broken: {
      web: {
        replicas: 2,
        topologySpreadConstraints: [{ ...zone, whenUnsatisfiable: 'DoNotSchedule' }],
      },
    },
    lines: [
      'web.topologySpreadConstraints: DoNotSchedule keeps pods apart that share the ReadWriteOnce volume of storage.system. Use ScheduleAnyway or ReadWriteMany.',
    ],
    met: {
      web: {
        replicas: 2,
        topologySpreadConstraints: [{ ...zone, whenUnsatisfiable: 'ScheduleAnyway' }],
      },
    },
  },
  {
    rule: 'a budget for pods that share one node',
    broken: { web: { replicas: 2, pdb: { enabled: true } } },
    lines: [
      'web.pdb.enabled: a budget would keep the one node from being drained that all these pods share, as storage.system is ReadWriteOnce. Remove it or use ReadWriteMany.',
    ],
    met: {
      web: { replicas: 2, pdb: { enabled: true } },
      storage: { system: { accessModes: ['ReadWriteMany'] } },
    },
    alsoMet: [{ web: { replicas: 1, pdb: { enabled: true } } }, { web: { replicas: 2 } }],
  },
]
