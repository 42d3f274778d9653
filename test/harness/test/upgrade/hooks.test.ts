import { bases } from './cases/bases.ts'
import { type Step, testSteps } from './steps.ts'

const configMap = (annotations: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: o, annotations: {${annotations}}}\n`
const hook = (phases: string, policy = ''): string =>
  `helm.sh/hook: '${phases}'${policy && `, helm.sh/hook-delete-policy: '${policy}'`}`
const keep = 'helm.sh/resource-policy: keep'
const hookPath = 'ConfigMap/o metadata.annotations."helm.sh/hook"'
const exists =
  'refused hook-exists: ConfigMap/o metadata.annotations."helm.sh/hook-delete-policy": is there from the last run: Helm 3 cannot create it, Helm 4 does not run it again. Add before-hook-creation'

const hooks: readonly Step[] = [
  {
    title: 'an object that becomes a hook of the upgrade is gone after it',
    before: configMap(''),
    after: configMap(hook('pre-upgrade')),
    finds: [
      `deleted hook-change: ${hookPath}: becomes a hook (pre-upgrade): Helm deletes it at the end of the upgrade`,
    ],
  },
  {
    title: 'a hook that says keep stays',
    before: configMap(''),
    after: configMap(`${hook('pre-upgrade')}, ${keep}`),
    finds: [],
  },
  {
    title: 'an object that becomes a hook of the install is deleted',
    before: configMap(''),
    after: configMap(hook('pre-install')),
    finds: [
      `deleted hook-change: ${hookPath}: becomes a hook (pre-install): Helm deletes it at the end of the upgrade`,
    ],
  },
  {
    title: 'an object that becomes a hook after the upgrade is made anew',
    before: configMap(''),
    after: configMap(hook('post-upgrade')),
    finds: [
      `recreated hook-change: ${hookPath}: becomes a hook (post-upgrade): Helm deletes it and makes it anew`,
    ],
  },
  {
    title: 'a hook that becomes an object is refused',
    before: configMap(hook('pre-install')),
    after: configMap(''),
    finds: [
      `refused hook-change: ${hookPath}: was a hook: Helm refuses to take over what it left. Give it another name, or hook-succeeded one release before`,
    ],
  },
  {
    title: 'a hook that is deleted when it succeeded may become an object',
    before: configMap(hook('pre-install', 'hook-succeeded')),
    after: configMap(''),
    finds: [],
  },
  {
    title: 'a hook that nothing deletes is in its own way',
    before: configMap(hook('pre-install,pre-upgrade', 'hook-failed')),
    after: configMap(hook('pre-install,pre-upgrade', 'hook-failed')),
    finds: [exists],
  },
  {
    title: 'a hook that is deleted when it succeeded is not in its way',
    before: configMap(hook('pre-install,pre-upgrade', 'hook-succeeded')),
    after: configMap(hook('pre-install,pre-upgrade', 'hook-succeeded')),
    finds: [],
  },
  {
    title: 'a hook that runs in another phase is told',
    before: configMap(hook('pre-upgrade')),
    after: configMap(hook('post-upgrade')),
    finds: [`warning hook-phase: ${hookPath}: pre-upgrade → post-upgrade: it runs at another time`],
  },
  {
    title: 'phases in another order are the same phases',
    before: configMap(hook('pre-upgrade,pre-install')),
    after: configMap(hook('pre-install, pre-upgrade')),
    finds: [],
  },
  {
    title: 'a hook that leaves the chart stays in the cluster',
    before: `${bases.Secret}\n---\n${configMap(hook('pre-install'))}`,
    after: bases.Secret,
    finds: [
      'warning hook-orphan: ConfigMap/o: is left in the cluster, for Helm does not own hooks. Delete it by hand',
    ],
  },
  {
    title: 'a hook that was deleted when it succeeded leaves nothing',
    before: `${bases.Secret}\n---\n${configMap(hook('pre-install', 'hook-succeeded'))}`,
    after: bases.Secret,
    finds: [],
  },
  {
    title: 'a claim that is a hook loses its data with every upgrade',
    before: bases.PersistentVolumeClaim.replace(
      'name: demo',
      `name: demo, annotations: {${hook('pre-install,pre-upgrade')}}`,
    ),
    after: bases.PersistentVolumeClaim.replace(
      'name: demo',
      `name: demo, annotations: {${hook('pre-install,pre-upgrade')}}`,
    ),
    finds: [
      'deleted hook-data: PersistentVolumeClaim/demo metadata.annotations."helm.sh/hook": is deleted and made anew by every upgrade: its data is lost. Make it an ordinary object',
    ],
  },
  {
    title: 'a Job that is a hook may have another template',
    before: bases.Job.replace('name: demo', `name: demo, annotations: {${hook('pre-upgrade')}}`),
    after: bases.Job.replace(
      'name: demo',
      `name: demo, annotations: {${hook('pre-upgrade')}}`,
    ).replace('main:1', 'main:2'),
    finds: [],
  },
]

const weighed = (name: string, weight: number): string =>
  configMap(`${hook('pre-upgrade')}, helm.sh/hook-weight: '${weight}'`).replace(
    'name: o',
    `name: ${name}`,
  )

const order: readonly Step[] = [
  {
    title: 'hooks that change places are told',
    before: `${weighed('a', 1)}\n---\n${weighed('b', 2)}`,
    after: `${weighed('a', 3)}\n---\n${weighed('b', 2)}`,
    finds: [
      'warning hook-order: ConfigMap/a metadata.annotations."helm.sh/hook-weight": 1 → 3: runs after ConfigMap/b now, and ran before',
    ],
  },
  {
    title: 'weights may change while the order stays',
    before: `${weighed('a', 1)}\n---\n${weighed('b', 2)}`,
    after: `${weighed('a', 5)}\n---\n${weighed('b', 7)}`,
    finds: [],
  },
]

testSteps('hooks', hooks)
testSteps('the order of hooks', order)
