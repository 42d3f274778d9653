import { bases } from './cases/bases.ts'
import { type Step, testSteps } from './steps.ts'

const address = 'warning service-address: Service/demo'
const services: readonly Step[] = (
  [
    [
      'ServiceHeadless',
      'clusterIP: None',
      'type: ClusterIP',
      [
        'warning service-headless: Service/demo spec.clusterIP: has no effect: the Service stays headless. Give the new one another name',
      ],
    ],
    [
      'Service',
      'type: ClusterIP',
      'clusterIP: 10.96.7.7',
      [
        'refused immutable-field: Service/demo spec.clusterIP: cannot be changed after creation (absent → "10.96.7.7")',
      ],
    ],
    [
      'ServiceClassed',
      'type: LoadBalancer\n  loadBalancerClass: example.com/one',
      'type: NodePort',
      [
        `${address} spec.type: LoadBalancer → NodePort: the load balancer and its address go. Tell who uses it`,
      ],
    ],
    [
      'ServiceNode',
      'type: NodePort',
      'type: ClusterIP',
      [`${address} spec.type: NodePort → ClusterIP: the node ports go. Tell who uses it`],
    ],
    [
      'Service',
      'type: ClusterIP',
      'type: ExternalName\n  externalName: example.com',
      [
        `${address} spec.type: ClusterIP → ExternalName: the cluster address goes. Tell who uses it`,
      ],
    ],
    ['ServiceNode', 'type: NodePort', 'type: LoadBalancer', []],
    ['ServiceClassed', 'loadBalancerClass', 'loadBalancerIP: 192.0.2.1\n  loadBalancerClass', []],
  ] as const
).map(([base, search, replacement, finds]) => ({
  title: `${base}: ${replacement}`,
  before: bases[base],
  after: bases[base].replace(search, replacement),
  finds,
}))

const fixedAddress = bases.ServiceClassed.replace(
  'loadBalancerClass',
  'loadBalancerIP: 192.0.2.1\n  loadBalancerClass',
)
const moreServices: readonly Step[] = [
  {
    title: 'another address of a load balancer is told',
    before: fixedAddress,
    after: fixedAddress.replace('192.0.2.1', '192.0.2.2'),
    finds: [
      `${address} spec.loadBalancerIP: 192.0.2.1 → 192.0.2.2: the address changes. Tell who uses it`,
    ],
  },
]

testSteps('Services', [...services, ...moreServices])
