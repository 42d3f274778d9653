// Fields that must have one value: of storage, of Jobs, of databases, of the worker with the scheduler.
import {
  defineRule,
  type KindMap,
  nameOf,
  type ObjectOf,
  type Render,
  type Rule,
} from 'chart-harness'
import { ownObjects } from './labels.ts'

/** A field of an object, whether it is right, and the message otherwise. */
type Fact = readonly [path: string, isRight: boolean, message: string]

/** A rule about the fields of all own objects of a kind, or of some. */
function fieldRule<K extends keyof KindMap>(
  name: string,
  kind: K,
  factsOf: (object: ObjectOf<K>) => readonly Fact[],
  isMeant: (object: ObjectOf<K>, render: Render) => boolean = () => true,
): Rule {
  return defineRule({
    name,
    appliesTo: (render) => {
      const all = ownObjects(render.objects).filter((object) => object.kind === kind)
      return (all as unknown as ObjectOf<K>[]).filter((object) => isMeant(object, render))
    },
    check: (object) =>
      factsOf(object)
        .filter(([, isRight]) => !isRight)
        .map(([path, , message]) => ({ rule: name, object: nameOf(object), path, message })),
  })
}

const databaseParallel = fieldRule('database-parallel', 'StatefulSet', ({ spec }) => [
  [
    'spec.podManagementPolicy',
    spec?.podManagementPolicy === 'Parallel',
    'must be Parallel: with OrderedReady, a bad image cannot be rolled back.',
  ],
  ['spec.replicas', (spec?.replicas ?? 1) <= 1, 'must not be above 1: a database is one pod.'],
])

const jobWithoutTtl = fieldRule('job-without-ttl', 'Job', ({ spec }) => [
  [
    'spec.ttlSecondsAfterFinished',
    spec?.ttlSecondsAfterFinished === undefined,
    'must be absent: GitOps controllers would run the Job again and again.',
  ],
  [
    'spec.template.spec.restartPolicy',
    spec?.template.spec?.restartPolicy === 'Never',
    'must be Never: the pods of a Job that failed stay, with the log that says why.',
  ],
])

/** Whether the chart makes the volume of a claim, too. */
function hasOwnVolume({ spec }: ObjectOf<'PersistentVolumeClaim'>, render: Render): boolean {
  return render.has('PersistentVolume', spec?.volumeName ?? '')
}

const keptClaim = fieldRule(
  'kept-claim',
  'PersistentVolumeClaim',
  ({ metadata }) => [
    [
      'metadata.annotations',
      metadata.annotations?.['helm.sh/resource-policy'] === 'keep',
      'must have helm.sh/resource-policy: keep, so that the data survive helm uninstall.',
    ],
  ],
  (claim, render) => !hasOwnVolume(claim, render),
)

const pinnedClaim = fieldRule(
  'pinned-claim',
  'PersistentVolumeClaim',
  ({ spec }) => [
    [
      'spec.storageClassName',
      spec?.storageClassName === '',
      'must be empty: the claim is for one volume, and a class would make another.',
    ],
  ],
  hasOwnVolume,
)

const pinnedVolume = fieldRule(
  'pinned-volume',
  'PersistentVolume',
  ({ metadata, spec }) => [
    [
      'metadata.annotations',
      ['nfs-share', 'host-path'].some((key) => metadata.annotations?.[`mastodon-chart/${key}`]),
      'must say in mastodon-chart/nfs-share or mastodon-chart/host-path where it is.',
    ],
    [
      'spec.persistentVolumeReclaimPolicy',
      spec?.persistentVolumeReclaimPolicy === 'Retain',
      'must be Retain: the data outlive their claim.',
    ],
    [
      'spec.storageClassName',
      spec?.storageClassName === '',
      'must be empty: a class would let a provisioner take part.',
    ],
    [
      'spec.claimRef',
      spec?.claimRef?.kind === 'PersistentVolumeClaim' &&
        Boolean(spec.claimRef.namespace && spec.claimRef.name) &&
        spec.claimRef.uid === undefined,
      'must have kind, namespace and name of the claim, and no uid: a reinstalled claim has another.',
    ],
    ['spec.nfs.server', !spec?.nfs || Boolean(spec.nfs.server), 'must be set.'],
    [
      spec?.nfs ? 'spec.nfs.path' : 'spec.hostPath.path',
      (spec?.nfs ?? spec?.hostPath)?.path.startsWith('/') ?? false,
      'must be an absolute path.',
    ],
    [
      'spec.hostPath.type',
      !spec?.hostPath || spec.hostPath.type === 'Directory',
      'must be Directory: Kubernetes would make one that belongs to root.',
    ],
  ],
  ({ spec }) => (spec?.nfs ?? spec?.hostPath) !== undefined,
)

const twice = 'a second process with the queue scheduler would queue its jobs twice.'

const schedulerRecreate = fieldRule(
  'scheduler-recreate',
  'Deployment',
  ({ spec }) => [
    // Null is Kubernetes' default, one; without the field an autoscaler decides.
    [
      'spec.replicas',
      spec?.replicas !== undefined && spec.replicas <= 1,
      `must be set, and not above 1: ${twice}`,
    ],
    ['spec.strategy.type', spec?.strategy?.type === 'Recreate', `must be Recreate: ${twice}`],
  ],
  ({ spec }) =>
    (spec?.template.spec?.containers ?? []).some(({ args = [] }) =>
      args.some((arg) => /^scheduler(,|$)/.test(arg)),
    ),
)

/** The rules of this file. */
export const fieldRules: readonly Rule[] = [
  databaseParallel,
  jobWithoutTtl,
  keptClaim,
  pinnedClaim,
  pinnedVolume,
  schedulerRecreate,
]
