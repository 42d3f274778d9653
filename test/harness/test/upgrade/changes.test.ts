// What is found beyond fields that cannot be changed: what is cut off while pods are replaced, and what loses its data.
import { bases, type Changes, changed } from './bases.ts'
import { all, type Step, testSteps } from './steps.ts'

const main = 'spec.template.spec.containers.0'
const serving = (service: Changes, container: Changes): string =>
  all(changed(bases.Service, service), changed(bases.Deployment, container))
const target = (port: number | string): Changes => ({ 'spec.ports.0.targetPort': port })
const ports = (port: object): Changes => ({ [`${main}.ports`]: [port] })

testSteps('ports', [
  [
    'old pods do not listen on a new port',
    serving(target(8080), ports({ containerPort: 8080 })),
    serving(target(8081), ports({ containerPort: 8081 })),
    'warning target-port: Service/demo spec.ports[0].targetPort: the old pods of Deployment/demo do not listen on 8081. Name the port in the pods, and use the name',
  ],
  [
    'a port whose name is used may get another number',
    serving(target('web'), ports({ name: 'web', containerPort: 8080 })),
    serving(target('web'), ports({ name: 'web', containerPort: 8081 })),
  ],
  [
    'old pods do not know a new name',
    serving(target('web'), ports({ name: 'web', containerPort: 8080 })),
    serving(target('http'), ports({ name: 'http', containerPort: 8080 })),
    'warning target-port: Service/demo spec.ports[0].targetPort: the old pods of Deployment/demo have no port that is called http. Keep the name',
  ],
  [
    'clients lose a port that is removed',
    bases.Service,
    changed(bases.Service, { 'spec.ports.0.port': 81 }),
    'warning service-port: Service/demo spec.ports[0].port: clients of port 80 lose it',
  ],
  [
    'what uses the name of a port loses the port with the name',
    bases.Service,
    changed(bases.Service, { 'spec.ports.0.name': 'web' }),
    'warning service-port: Service/demo spec.ports[0].name: http → web: what uses the name loses the port',
  ],
  [
    'clients of a node port lose it',
    changed(bases.ServiceNode, { 'spec.ports.0.nodePort': 30001 }),
    changed(bases.ServiceNode, { 'spec.ports.0.nodePort': 30002 }),
    'warning service-port: Service/demo spec.ports[0].nodePort: 30001 → 30002: clients of the node port lose it',
  ],
  [
    'an additional port does no harm',
    bases.Service,
    bases.Service.replace('ports: [', 'ports: [{name: more, port: 81}, '),
  ],
])

const scaler = bases.HorizontalPodAutoscaler
const setScaler = changed(scaler, { 'spec.scaleTargetRef.kind': 'StatefulSet' })
const unscaled = changed(bases.Deployment, { 'spec.replicas': undefined })

testSteps('the number of pods', [
  [
    'a number of pods that is left out becomes 1',
    bases.Deployment,
    all(unscaled, scaler),
    'warning replicas-dropped: Deployment/demo spec.replicas: 2 → absent: Kubernetes makes it 1 until an autoscaler acts',
  ],
  ['one pod stays one', changed(bases.Deployment, { 'spec.replicas': 1 }), unscaled],
  [
    'a number of pods that an autoscaler set belongs to it',
    all(unscaled, scaler),
    bases.Deployment,
    'refused replicas-owned: Deployment/demo spec.replicas: absent → 2: Helm 4 refuses to take the number from HorizontalPodAutoscaler/demo, which set it. Upgrade with --force-conflicts',
  ],
  [
    'a number of pods that nobody set may be set',
    all(unscaled, setScaler),
    all(bases.Deployment, setScaler),
  ],
])

const labelled = (base: 'Deployment' | 'DeploymentRecreate', tier?: string): string =>
  changed(bases[base], { 'spec.template.metadata.labels.tier': tier })
const choosing = (selector: object): string => changed(bases.Service, { 'spec.selector': selector })
const peer = (tier: string): string =>
  changed(bases.NetworkPolicy, {
    'spec.ingress': [{ from: [{ podSelector: { matchLabels: { tier } } }] }],
  })
const deployment = 'Deployment/demo'
const selecting = all(bases.Service, bases.PodDisruptionBudget, bases.NetworkPolicy)

testSteps('selectors', [
  [
    'a selector with a new label no longer selects the old pods',
    all(selecting, bases.Deployment),
    all(
      choosing({ app: 'demo', tier: 'a' }),
      changed(bases.PodDisruptionBudget, { 'spec.selector.matchLabels.tier': 'a' }),
      changed(bases.NetworkPolicy, { 'spec.podSelector.matchLabels.tier': 'a' }),
      labelled('Deployment', 'a'),
    ),
    ...[
      'Service/demo spec.selector: no longer reaches',
      'PodDisruptionBudget/demo spec.selector: no longer protects',
      'NetworkPolicy/demo spec.podSelector: no longer covers',
    ].map(
      (what) =>
        `warning selector-drift: ${what} the old pods of ${deployment}, while the new ones are not ready`,
    ),
  ],
  [
    'a selector whose label changes in the pods selects none',
    all(choosing({ tier: 'a' }), labelled('Deployment', 'a')),
    all(choosing({ tier: 'a' }), labelled('Deployment', 'b')),
    `warning selector-drift: Service/demo spec.selector: no longer reaches pods of ${deployment}`,
  ],
  [
    'a selector must not select the old pods of another workload',
    all(choosing({ tier: 'b' }), labelled('Deployment', 'a')),
    all(choosing({ tier: 'a' }), labelled('Deployment', 'c')),
    `warning selector-drift: Service/demo spec.selector: also reaches the old pods of ${deployment} until they are replaced`,
  ],
  [
    'a policy that lets new pods in keeps old ones out',
    all(peer('a'), labelled('Deployment', 'a')),
    all(peer('b'), labelled('Deployment', 'b')),
    `warning selector-drift: NetworkPolicy/demo spec.ingress: no longer lets through the old pods of ${deployment}, while the new ones are not ready`,
  ],
  [
    'an additional label does no harm',
    all(selecting, bases.Deployment),
    all(selecting, labelled('Deployment', 'a')),
  ],
  [
    'with Recreate no old pod is left',
    all(bases.Service, bases.DeploymentRecreate),
    all(choosing({ app: 'demo', tier: 'a' }), labelled('DeploymentRecreate', 'a')),
  ],
])

const address = 'warning service-address: Service/demo'
const fixedAddress = changed(bases.ServiceClassed, { 'spec.loadBalancerIP': '192.0.2.1' })

testSteps('Services', [
  [
    'a headless Service stays headless',
    bases.ServiceHeadless,
    changed(bases.ServiceHeadless, { 'spec.clusterIP': undefined }),
    'warning service-headless: Service/demo spec.clusterIP: has no effect: the Service stays headless. Give the new one another name',
  ],
  [
    'a Service has an address that Kubernetes chose',
    bases.Service,
    changed(bases.Service, { 'spec.clusterIP': '10.96.7.7' }),
    'refused immutable-field: Service/demo spec.clusterIP: cannot be changed after creation (absent → "10.96.7.7")',
  ],
  [
    'without its load balancer a Service loses the address',
    bases.ServiceClassed,
    changed(bases.ServiceClassed, { 'spec.type': 'NodePort', 'spec.loadBalancerClass': undefined }),
    `${address} spec.type: LoadBalancer → NodePort: the load balancer and its address go away. Tell its users`,
  ],
  [
    'a Service without node ports loses them',
    bases.ServiceNode,
    changed(bases.ServiceNode, { 'spec.type': 'ClusterIP' }),
    `${address} spec.type: NodePort → ClusterIP: the node ports go away. Tell its users`,
  ],
  [
    'a Service that becomes a name loses its address',
    bases.Service,
    changed(bases.Service, { 'spec.type': 'ExternalName', 'spec.externalName': 'example.com' }),
    `${address} spec.type: ClusterIP → ExternalName: the cluster address goes away. Tell its users`,
  ],
  [
    'node ports stay behind a load balancer',
    bases.ServiceNode,
    changed(bases.ServiceNode, { 'spec.type': 'LoadBalancer' }),
  ],
  ['a load balancer may be given an address', bases.ServiceClassed, fixedAddress],
  [
    'another address of a load balancer is reported',
    fixedAddress,
    changed(fixedAddress, { 'spec.loadBalancerIP': '192.0.2.2' }),
    `${address} spec.loadBalancerIP: 192.0.2.1 → 192.0.2.2: the address changes. Tell its users`,
  ],
])

const mounting = (volume: object): string =>
  changed(bases.Deployment, { 'spec.template.spec.volumes': [{ name: 'data', ...volume }] })
const claim = (claimName: string): object => ({ persistentVolumeClaim: { claimName } })
const swapped = 'warning claim-swapped: Deployment/demo spec.template.spec.volumes[0]'
const sized = (storage: string): string =>
  changed(bases.PersistentVolumeClaim, {
    'spec.storageClassName': 'demo',
    'spec.resources.requests.storage': storage,
  })
const expanding = changed(bases.StorageClass, { allowVolumeExpansion: true })
const reclaim = (policy: string): string =>
  changed(bases.PersistentVolume, { 'spec.persistentVolumeReclaimPolicy': policy })

const storage: readonly Step[] = [
  [
    'pods with another claim do not see their data',
    mounting(claim('one')),
    mounting(claim('two')),
    `${swapped}: one → two: the data stays in one. Move it, or allow this change`,
  ],
  [
    'pods without their claim do not see their data',
    mounting(claim('one')),
    mounting({ emptyDir: {} }),
    `${swapped}: one → no claim: the data stays in one. Move it, or allow this change`,
  ],
  ['pods that get a claim had no data to lose', mounting({ emptyDir: {} }), mounting(claim('one'))],
  [
    'a claim of a class that does not expand cannot grow',
    all(bases.StorageClass, sized('2Gi')),
    all(bases.StorageClass, sized('3Gi')),
    'refused immutable-field: PersistentVolumeClaim/demo spec.resources.requests.storage: cannot grow, because StorageClass/demo does not allow expansion ("2Gi" → "3Gi")',
  ],
  [
    'a claim of a class that expands can grow',
    all(expanding, sized('2Gi')),
    all(expanding, sized('3Gi')),
  ],
  [
    'a volume for another claim is taken from the old one',
    bases.PersistentVolume,
    changed(bases.PersistentVolume, { 'spec.claimRef.name': 'other' }),
    'warning volume-data: PersistentVolume/demo spec.claimRef: default/demo → default/other: the old claim loses its volume',
  ],
  [
    'a volume that was free may be given to a claim',
    bases.PersistentVolumeCsi,
    changed(bases.PersistentVolumeCsi, { 'spec.claimRef': { namespace: 'a', name: 'b' } }),
  ],
  [
    'a volume that is now deleted with its claim is reported',
    bases.PersistentVolume,
    reclaim('Delete'),
    'warning volume-data: PersistentVolume/demo spec.persistentVolumeReclaimPolicy: Delete: from now on the data is deleted with the claim',
  ],
  ['a volume is retained by default', bases.PersistentVolume, reclaim('Retain')],
]

testSteps('storage', storage)
