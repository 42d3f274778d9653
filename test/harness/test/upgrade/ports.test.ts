import { bases } from './cases/bases.ts'
import { type Step, testSteps } from './steps.ts'

const serving = (service: string, container: string): string =>
  `${bases.Service.replace('port: 80', service)}\n---\n${bases.Deployment.replace('name: main,', `name: main, ports: [{${container}}],`)}`
const ports: readonly Step[] = [
  {
    title: 'old pods do not listen on a new port',
    before: serving('port: 80, targetPort: 8080', 'containerPort: 8080'),
    after: serving('port: 80, targetPort: 8081', 'containerPort: 8081'),
    finds: [
      'warning target-port: Service/demo spec.ports[0].targetPort: the old pods of Deployment/demo do not listen on 8081. Name the port in the pods, and aim at the name',
    ],
  },
  {
    title: 'a port that is aimed at by its name may have another number',
    before: serving('port: 80, targetPort: web', 'name: web, containerPort: 8080'),
    after: serving('port: 80, targetPort: web', 'name: web, containerPort: 8081'),
    finds: [],
  },
  {
    title: 'old pods do not know a new name',
    before: serving('port: 80, targetPort: web', 'name: web, containerPort: 8080'),
    after: serving('port: 80, targetPort: http', 'name: http, containerPort: 8080'),
    finds: [
      'warning target-port: Service/demo spec.ports[0].targetPort: the old pods of Deployment/demo have no port that is called http. Keep the name',
    ],
  },
  {
    title: 'clients lose a port that goes',
    before: bases.Service,
    after: bases.Service.replace('port: 80', 'port: 81'),
    finds: ['warning service-port: Service/demo spec.ports[0].port: clients of port 80 lose it'],
  },
  {
    title: 'who names a port loses it with the name',
    before: bases.Service,
    after: bases.Service.replace('name: http', 'name: web'),
    finds: [
      'warning service-port: Service/demo spec.ports[0].name: http → web: who names the port loses it',
    ],
  },
  {
    title: 'clients of a node port lose it',
    before: bases.ServiceNode.replace('port: 80', 'port: 80, nodePort: 30001'),
    after: bases.ServiceNode.replace('port: 80', 'port: 80, nodePort: 30002'),
    finds: [
      'warning service-port: Service/demo spec.ports[0].nodePort: 30001 → 30002: clients of the node port lose it',
    ],
  },
  {
    title: 'a port more harms nobody',
    before: bases.Service,
    after: bases.Service.replace(
      '[{name: http, port: 80}]',
      '[{name: more, port: 81}, {name: http, port: 80}]',
    ),
    finds: [],
  },
]

testSteps('ports', ports)
