import { bases } from './cases/bases.ts'
import { type Step, testSteps } from './steps.ts'

const labelled = (text: string, labels: string): string =>
  text.replace('labels: {app: demo}', `labels: {${labels}}`)
const chosen = (text: string, labels: string): string => text.replace('{app: demo}', `{${labels}}`)
const both = `${bases.Service}\n---\n${bases.PodDisruptionBudget}\n---\n${bases.NetworkPolicy}\n---\n${bases.Deployment}`
const peer = `${bases.NetworkPolicy.replace('}}}', '}}, ingress: [{from: [{podSelector: {matchLabels: {tier: a}}}]}]}')}\n---\n`

const traffic: readonly Step[] = [
  {
    title: 'a selector that wants a new label lets go of the old pods',
    before: both,
    after: [
      chosen(bases.Service, 'app: demo, tier: a'),
      chosen(bases.PodDisruptionBudget, 'app: demo, tier: a'),
      chosen(bases.NetworkPolicy, 'app: demo, tier: a'),
      labelled(bases.Deployment, 'app: demo, tier: a'),
    ].join('\n---\n'),
    finds: [
      ['Service/demo spec.selector', 'reaches'],
      ['PodDisruptionBudget/demo spec.selector', 'protects'],
      ['NetworkPolicy/demo spec.podSelector', 'covers'],
    ].map(
      ([where, verb]) =>
        `warning selector-drift: ${where}: ${verb} the old pods of Deployment/demo no longer, while the new ones are not ready`,
    ),
  },
  {
    title: 'a selector that a label leaves selects no more',
    before: `${chosen(bases.Service, 'tier: a')}\n---\n${labelled(bases.Deployment, 'app: demo, tier: a')}`,
    after: `${chosen(bases.Service, 'tier: a')}\n---\n${labelled(bases.Deployment, 'app: demo, tier: b')}`,
    finds: [
      'warning selector-drift: Service/demo spec.selector: no longer reaches pods of Deployment/demo',
    ],
  },
  {
    title: 'a selector must not mean the old pods of somebody else',
    before: `${chosen(bases.Service, 'tier: b')}\n---\n${labelled(bases.Deployment, 'app: demo, tier: a')}`,
    after: `${chosen(bases.Service, 'tier: a')}\n---\n${labelled(bases.Deployment, 'app: demo, tier: c')}`,
    finds: [
      'warning selector-drift: Service/demo spec.selector: reaches the old pods of Deployment/demo, too, until they are replaced',
    ],
  },
  {
    title: 'a policy that lets new pods in keeps old ones out',
    before: peer + labelled(bases.Deployment, 'app: demo, tier: a'),
    after: peer.replace('tier: a', 'tier: b') + labelled(bases.Deployment, 'app: demo, tier: b'),
    finds: [
      'warning selector-drift: NetworkPolicy/demo spec.ingress: lets through the old pods of Deployment/demo no longer, while the new ones are not ready',
    ],
  },
  {
    title: 'a label more harms nobody',
    before: both,
    after: labelled(both, 'app: demo, tier: a'),
    finds: [],
  },
  {
    title: 'with Recreate no old pod is left',
    before: `${bases.Service}\n---\n${bases.DeploymentRecreate}`,
    after: `${chosen(bases.Service, 'app: demo, tier: a')}\n---\n${labelled(bases.DeploymentRecreate, 'app: demo, tier: a')}`,
    finds: [],
  },
]

testSteps('selectors', traffic)
