// What is found where objects come and go, and where they become hooks or stop being hooks.
import { bases, changed } from './bases.ts'
import { all, type Step, testSteps } from './steps.ts'

const configMap = (annotations: object, name = 'o'): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations } })
const hook = (phases: string, policy = 'before-hook-creation'): object => ({
  'helm.sh/hook': phases,
  'helm.sh/hook-delete-policy': policy,
})
const keep = { 'helm.sh/resource-policy': 'keep' }
const annotated = (base: keyof typeof bases, annotations: object): string =>
  changed(bases[base], { 'metadata.annotations': annotations })
const hookPath = 'ConfigMap/o metadata.annotations."helm.sh/hook"'
const both = 'pre-install,pre-upgrade'
const weighed = (name: string, weight: number): string =>
  configMap({ ...hook('pre-upgrade'), 'helm.sh/hook-weight': String(weight) }, name)
const hookClaim = annotated('PersistentVolumeClaim', hook(both))

testSteps('hooks', [
  [
    'an object that becomes a hook of the upgrade is gone after it',
    configMap({}),
    configMap(hook('pre-upgrade')),
    `deleted hook-change: ${hookPath}: becomes a hook (pre-upgrade): Helm deletes it at the end of the upgrade`,
  ],
  ['a hook that says keep stays', configMap({}), configMap({ ...hook('pre-upgrade'), ...keep })],
  [
    'an object that becomes a hook of the install is deleted',
    configMap({}),
    configMap(hook('pre-install')),
    `deleted hook-change: ${hookPath}: becomes a hook (pre-install): Helm deletes it at the end of the upgrade`,
  ],
  [
    'an object that becomes a hook after the upgrade is created again',
    configMap({}),
    configMap(hook('post-upgrade')),
    `recreated hook-change: ${hookPath}: becomes a hook (post-upgrade): Helm deletes it and creates it again`,
  ],
  [
    'a hook that becomes an object is refused',
    configMap(hook('pre-install')),
    configMap({}),
    `refused hook-change: ${hookPath}: was a hook: Helm refuses to take over what it left. Give it another name, or set hook-succeeded in the release before`,
  ],
  [
    'a hook that is deleted when it succeeded may become an object',
    configMap(hook('pre-install', 'hook-succeeded')),
    configMap({}),
  ],
  [
    'a hook that nothing deletes gets in its own way',
    configMap(hook(both, 'hook-failed')),
    configMap(hook(both, 'hook-failed')),
    'refused hook-exists: ConfigMap/o metadata.annotations."helm.sh/hook-delete-policy": still exists from the last run: Helm 3 cannot create it, Helm 4 does not run it again. Add before-hook-creation',
  ],
  [
    'a hook that is deleted when it succeeded does not get in its way',
    configMap(hook(both, 'hook-succeeded')),
    configMap(hook(both, 'hook-succeeded')),
  ],
  [
    'a hook that runs in another phase is reported',
    configMap(hook('pre-upgrade')),
    configMap(hook('post-upgrade')),
    `warning hook-phase: ${hookPath}: pre-upgrade → post-upgrade: it runs at another time`,
  ],
  [
    'phases in another order are the same phases',
    configMap(hook('pre-upgrade,pre-install')),
    configMap(hook('pre-install, pre-upgrade')),
  ],
  [
    'a hook that leaves the chart stays in the cluster',
    all(bases.Secret, configMap(hook('pre-install'))),
    bases.Secret,
    'warning hook-orphan: ConfigMap/o: is left in the cluster, because Helm does not own hooks. Delete it by hand',
  ],
  [
    'a hook that was deleted when it succeeded leaves nothing',
    all(bases.Secret, configMap(hook('pre-install', 'hook-succeeded'))),
    bases.Secret,
  ],
  [
    'a claim that is a hook loses its data with every upgrade',
    hookClaim,
    hookClaim,
    'deleted hook-data: PersistentVolumeClaim/demo metadata.annotations."helm.sh/hook": is deleted and created again by every upgrade: its data is lost. Make it an ordinary object',
  ],
  [
    'a Job that is a hook may have another template',
    annotated('Job', hook('pre-upgrade')),
    annotated('Job', hook('pre-upgrade')).replace('main:1', 'main:2'),
  ],
  [
    'hooks that change places are reported',
    all(weighed('a', 1), weighed('b', 2)),
    all(weighed('a', 3), weighed('b', 2)),
    'warning hook-order: ConfigMap/a metadata.annotations."helm.sh/hook-weight": 1 → 3: now runs after ConfigMap/b, and ran before',
  ],
  [
    'weights may change while the order stays',
    all(weighed('a', 1), weighed('b', 2)),
    all(weighed('a', 5), weighed('b', 7)),
  ],
])

const from = (file: string, ...texts: readonly string[]): string =>
  all('', ...texts.map((text) => `# Source: demo/templates/${file}\n${text}`))
const rest = from('rest.yaml', bases.ConfigMap)
const without = (...texts: readonly string[]): string => rest + from('a.yaml', ...texts)
const volume = from('volume.yaml', bases.PersistentVolume)
const claim = from('claim.yaml', bases.PersistentVolumeClaimStatic)
const lost = (object: string, loss: string): string =>
  `deleted removed-data: ${object}: is deleted, ${loss}. Annotate it with helm.sh/resource-policy: keep in the release before`
const removed = (object: string): string =>
  `deleted removed: ${object}: is deleted. Keep it, or allow its removal`

const removals: readonly Step[] = [
  [
    'a claim takes its data with it',
    without(bases.PersistentVolumeClaim),
    rest,
    lost('PersistentVolumeClaim/demo', 'and its data'),
  ],
  ['a claim that is kept takes nothing', without(annotated('PersistentVolumeClaim', keep)), rest],
  [
    'a definition takes the objects of its kind with it',
    without(bases.CustomResourceDefinition),
    rest,
    lost('CustomResourceDefinition/demo.demo.example.com', 'and every object of its kind'),
  ],
  [
    'a definition that is kept takes nothing',
    without(annotated('CustomResourceDefinition', keep)),
    rest,
  ],
  [
    'a volume is missed by its claim',
    volume + claim,
    claim,
    lost('PersistentVolume/demo', 'and its claim loses the volume'),
  ],
  [
    'a claim of a volume that retains loses nothing, nor does the volume then',
    rest + volume + claim,
    rest,
  ],
  [
    'a claim of a volume that does not retain loses its data',
    rest +
      claim +
      all('', changed(bases.PersistentVolume, { 'spec.persistentVolumeReclaimPolicy': 'Delete' })),
    rest,
    lost('PersistentVolumeClaim/demo', 'and its data'),
  ],
  [
    'a Namespace takes everything with it',
    without('apiVersion: v1\nkind: Namespace\nmetadata: {name: main}'),
    rest,
    lost('Namespace/main', 'and everything in it'),
  ],
  [
    'an object that an operator serves takes what is kept with it',
    without(
      'apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: main}',
      'apiVersion: a.example/v1\nkind: Vault\nmetadata: {name: keys}',
    ),
    rest,
    lost('Cluster/main', 'and the data that its operator keeps'),
    lost('Vault/keys', 'and what its controller keeps'),
  ],
  [
    'a StatefulSet leaves its claims behind',
    without(bases.StatefulSet),
    rest,
    removed('StatefulSet/demo'),
  ],
  [
    'a StatefulSet that says so takes its claims with it',
    without(
      changed(bases.StatefulSet, {
        'spec.persistentVolumeClaimRetentionPolicy.whenDeleted': 'Delete',
      }),
    ),
    rest,
    lost('StatefulSet/demo', 'and the claims of its pods'),
  ],
  [
    'what serves somebody is missed',
    without(bases.Service, bases.Deployment, bases.Ingress),
    rest,
    ...['Service/demo', 'Deployment/demo', 'Ingress/demo'].map(removed),
  ],
  [
    'Jobs, settings and permissions come and go',
    without(bases.Job, bases.Secret, bases.RoleBinding),
    rest,
  ],
]

const renamed = (text: string): string => changed(text, { 'metadata.name': 'other' })
const deletes = 'Helm deletes the old one before the new one is ready'

const replacements: readonly Step[] = [
  [
    'another name is another Deployment',
    from('a.yaml', bases.Deployment),
    from('a.yaml', renamed(bases.Deployment)),
    `recreated replaced: Deployment/demo: becomes Deployment/other: ${deletes}`,
  ],
  [
    'another name is another claim, and the data stays in the old one if it is kept',
    from('a.yaml', annotated('PersistentVolumeClaim', keep)),
    from('a.yaml', renamed(bases.PersistentVolumeClaim)),
    'recreated replaced: PersistentVolumeClaim/demo: becomes PersistentVolumeClaim/other: Helm leaves the old one, and the new one is empty',
  ],
  [
    'another name is another StatefulSet with other claims',
    from('a.yaml', bases.StatefulSet),
    from('a.yaml', renamed(bases.StatefulSet)),
    'recreated replaced: StatefulSet/demo: becomes StatefulSet/other: Helm deletes the old one; the new one starts with empty claims',
  ],
  [
    'another namespace is another Service',
    from('a.yaml', bases.Service),
    from('b.yaml', changed(bases.Service, { 'metadata.namespace': 'there' })),
    `recreated replaced: Service/demo: moves from the namespace default to there: ${deletes}`,
  ],
  [
    'another group is another object',
    from('a.yaml', changed(bases.Ingress, { apiVersion: 'extensions/v1beta1' })),
    from('a.yaml', bases.Ingress),
    `recreated replaced: Ingress/demo: changes from extensions/v1beta1 to networking.k8s.io/v1: ${deletes}`,
  ],
  [
    'another version of the group is the same object',
    from('a.yaml', changed(bases.HorizontalPodAutoscaler, { apiVersion: 'autoscaling/v1' })),
    from('a.yaml', bases.HorizontalPodAutoscaler),
  ],
]

testSteps('objects that are removed', removals)
testSteps('objects that are replaced', replacements)
