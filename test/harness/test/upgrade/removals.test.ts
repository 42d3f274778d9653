import { bases } from './cases/bases.ts'
import { from, type Step, testSteps } from './steps.ts'

const keep = 'helm.sh/resource-policy: keep'
const renamed = (text: string): string => text.replace('name: demo', 'name: other')
const kept = (text: string): string =>
  text.replace('{name: demo}', `{name: demo, annotations: {${keep}}}`)
const rest = from('rest.yaml', bases.ConfigMap)

const volume = from('volume.yaml', bases.PersistentVolume)
const claim = from('claim.yaml', bases.PersistentVolumeClaimStatic)

const removals: readonly Step[] = [
  ...(
    [
      ['PersistentVolumeClaim', 'and its data'],
      ['CustomResourceDefinition', 'and every object of its kind'],
    ] as const
  ).flatMap(([kind, loss]): Step[] => [
    {
      title: `a ${kind} that goes takes something with it`,
      before: rest + from('a.yaml', bases[kind]),
      after: rest,
      finds: [
        `deleted removed-data: ${kind}/demo${kind.startsWith('Custom') ? '.demo.example.com' : ''}: is deleted, ${loss}. Annotate it with helm.sh/resource-policy: keep, one release before`,
      ],
    },
    {
      title: `a ${kind} that is kept takes nothing`,
      before:
        rest +
        from(
          'a.yaml',
          bases[kind].replace(/\{name: (demo[.a-z]*)\}/, `{name: $1, annotations: {${keep}}}`),
        ),
      after: rest,
      finds: [],
    },
  ]),
  {
    title: 'a volume that goes is missed by its claim',
    before: volume + claim,
    after: claim,
    finds: [
      'deleted removed-data: PersistentVolume/demo: is deleted, and its claim loses the volume. Annotate it with helm.sh/resource-policy: keep, one release before',
    ],
  },
  {
    title: 'a claim that goes from a volume that retains loses nothing, nor does the volume then',
    before: rest + volume + claim,
    after: rest,
    finds: [],
  },
  {
    title: 'a claim that goes from a volume that does not retain loses its data',
    before:
      rest +
      volume.replace('capacity:', 'persistentVolumeReclaimPolicy: Delete\n  capacity:') +
      claim,
    after: rest,
    finds: [
      'deleted removed-data: PersistentVolumeClaim/demo: is deleted, and its data. Annotate it with helm.sh/resource-policy: keep, one release before',
    ],
  },
  {
    title: 'a Namespace that goes takes all with it',
    before: `${rest}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: main}\n`,
    after: rest,
    finds: [
      'deleted removed-data: Namespace/main: is deleted, and everything in it. Annotate it with helm.sh/resource-policy: keep, one release before',
    ],
  },
  {
    title: 'an object of a kind that an operator serves takes what is kept with it',
    before: `${rest}---\napiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: main}\n---\napiVersion: a.example/v1\nkind: Vault\nmetadata: {name: keys}\n`,
    after: rest,
    finds: [
      'deleted removed-data: Cluster/main: is deleted, and the data that its operator keeps. Annotate it with helm.sh/resource-policy: keep, one release before',
      'deleted removed-data: Vault/keys: is deleted, and what its controller keeps. Annotate it with helm.sh/resource-policy: keep, one release before',
    ],
  },
  {
    title: 'a StatefulSet goes alone, unless it is told to take its claims',
    before: rest + from('a.yaml', bases.StatefulSet),
    after: rest,
    finds: ['deleted removed: StatefulSet/demo: is deleted. Keep it, or say that it may go'],
  },
  {
    title: 'a StatefulSet that is told to takes its claims',
    before:
      rest +
      from(
        'a.yaml',
        bases.StatefulSet.replace(
          'replicas: 1',
          'persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}',
        ),
      ),
    after: rest,
    finds: [
      'deleted removed-data: StatefulSet/demo: is deleted, and the claims of its pods. Annotate it with helm.sh/resource-policy: keep, one release before',
    ],
  },
  {
    title: 'what serves somebody is missed',
    before:
      rest +
      from('a.yaml', bases.Service) +
      from('b.yaml', bases.Deployment) +
      from('c.yaml', bases.Ingress),
    after: rest,
    finds: ['Service', 'Deployment', 'Ingress'].map(
      (kind) => `deleted removed: ${kind}/demo: is deleted. Keep it, or say that it may go`,
    ),
  },
  {
    title: 'Jobs, settings and permissions come and go',
    before:
      rest +
      from('a.yaml', bases.Job) +
      from('b.yaml', bases.Secret) +
      from('c.yaml', bases.RoleBinding),
    after: rest,
    finds: [],
  },
  {
    title: 'another name is another Deployment',
    before: from('a.yaml', bases.Deployment),
    after: from('a.yaml', renamed(bases.Deployment)),
    finds: [
      'recreated replaced: Deployment/demo: becomes Deployment/other: Helm deletes the old one before the new one is ready',
    ],
  },
  {
    title: 'another name is another claim, and the old one’s data stays behind where it is kept',
    before: from('a.yaml', kept(bases.PersistentVolumeClaim)),
    after: from('a.yaml', renamed(bases.PersistentVolumeClaim)),
    finds: [
      'recreated replaced: PersistentVolumeClaim/demo: becomes PersistentVolumeClaim/other: Helm leaves the old one, and the new one is empty',
    ],
  },
  {
    title: 'another name is another StatefulSet with other claims',
    before: from('a.yaml', bases.StatefulSet),
    after: from('a.yaml', renamed(bases.StatefulSet)),
    finds: [
      'recreated replaced: StatefulSet/demo: becomes StatefulSet/other: Helm deletes the old one; the new one begins with empty claims',
    ],
  },
  {
    title: 'another namespace is another Service',
    before: from('a.yaml', bases.Service),
    after: from('b.yaml', bases.Service.replace('name: demo', 'name: demo, namespace: there')),
    finds: [
      'recreated replaced: Service/demo: moves from the namespace default to there: Helm deletes the old one before the new one is ready',
    ],
  },
  {
    title: 'another group is another object',
    before: from('a.yaml', bases.Ingress.replace('networking.k8s.io/v1', 'extensions/v1beta1')),
    after: from('a.yaml', bases.Ingress),
    finds: [
      'recreated replaced: Ingress/demo: changes from extensions/v1beta1 to networking.k8s.io/v1: Helm deletes the old one before the new one is ready',
    ],
  },
  {
    title: 'another version of the group is the same object',
    before: from(
      'a.yaml',
      bases.HorizontalPodAutoscaler.replace('autoscaling/v2', 'autoscaling/v1'),
    ),
    after: from('a.yaml', bases.HorizontalPodAutoscaler),
    finds: [],
  },
]

testSteps('objects that go', removals)
