import { bases } from './cases/bases.ts'
import { type Step, testSteps } from './steps.ts'

const mounting = (volume: string): string =>
  bases.Deployment.replace('containers:', `volumes: [{name: data, ${volume}}]\n      containers:`)
const one = 'persistentVolumeClaim: {claimName: one}'
const other = (volume: string): Step => ({
  title: `pods that get another volume lose sight of their data: ${volume}`,
  before: mounting(one),
  after: mounting(volume),
  finds: [
    `warning claim-swapped: Deployment/demo spec.template.spec.volumes[0]: one → ${volume.includes('two') ? 'two' : 'no claim'}: the data stays in one. Move it, or say that it may stay`,
  ],
})

const storage: readonly Step[] = [
  other('persistentVolumeClaim: {claimName: two}'),
  other('emptyDir: {}'),
  {
    title: 'pods that get a claim had no data to lose',
    before: mounting('emptyDir: {}'),
    after: mounting(one),
    finds: [],
  },
  {
    title: 'a claim of a class that does not expand cannot grow',
    before: `${bases.StorageClass}\n---\n${bases.PersistentVolumeClaim.replace('grows', 'demo')}`,
    after: `${bases.StorageClass}\n---\n${bases.PersistentVolumeClaim.replace('grows', 'demo').replace('2Gi', '3Gi')}`,
    finds: [
      'refused immutable-field: PersistentVolumeClaim/demo spec.resources.requests.storage: cannot grow, for StorageClass/demo does not allow expansion ("2Gi" → "3Gi")',
    ],
  },
  {
    title: 'a claim of a class that expands can',
    before: `${bases.StorageClass.replace('false', 'true')}\n---\n${bases.PersistentVolumeClaim.replace('grows', 'demo')}`,
    after: `${bases.StorageClass.replace('false', 'true')}\n---\n${bases.PersistentVolumeClaim.replace('grows', 'demo').replace('2Gi', '3Gi')}`,
    finds: [],
  },
  {
    title: 'a volume that is meant for another claim is taken from the old one',
    before: bases.PersistentVolume,
    after: bases.PersistentVolume.replace('default, name: demo', 'default, name: other'),
    finds: [
      'warning volume-data: PersistentVolume/demo spec.claimRef: default/demo → default/other: the old claim loses its volume',
    ],
  },
  {
    title: 'a volume that was free may be meant for a claim',
    before: bases.PersistentVolumeCsi,
    after: bases.PersistentVolumeCsi.replace(
      'capacity:',
      'claimRef: {namespace: a, name: b}\n  capacity:',
    ),
    finds: [],
  },
  {
    title: 'a volume that is deleted with its claim is told',
    before: bases.PersistentVolume,
    after: bases.PersistentVolume.replace(
      'capacity:',
      'persistentVolumeReclaimPolicy: Delete\n  capacity:',
    ),
    finds: [
      'warning volume-data: PersistentVolume/demo spec.persistentVolumeReclaimPolicy: Delete: from now on the data goes with the claim',
    ],
  },
  {
    title: 'a volume that is retained in so many words is the same',
    before: bases.PersistentVolume,
    after: bases.PersistentVolume.replace(
      'capacity:',
      'persistentVolumeReclaimPolicy: Retain\n  capacity:',
    ),
    finds: [],
  },
]

testSteps('storage', storage)
