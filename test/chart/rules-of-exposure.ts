import { components } from './components.ts'
import { merge, type Rules, type Values } from './render.ts'

const serving = components.filter(({ takes }) => takes('service'))
const served = serving.map(({ path }) => path)

/** The same Service for all components that have one. */
const services = (service: object): Values => merge(...serving.map(({ set }) => set({ service })))

const balancer = {
  ...{ loadBalancerClass: 'example.com/lb', loadBalancerIP: '192.0.2.1' },
  loadBalancerSourceRanges: ['192.0.2.0/24'],
}
/** Services of web and streaming with these ports on the nodes. */
const onNodes = (web: number | string, streaming: number | string): Values => ({
  web: { service: { type: 'NodePort', nodePort: web } },
  streaming: { service: { type: 'LoadBalancer', nodePort: streaming } },
})
const families = (ipFamilyPolicy: string | null, ipFamilies = ['IPv6', 'IPv4']): Values =>
  services({ ipFamilyPolicy, ipFamilies })

/** Rules of zz-validate/_exposure.tpl. */
export const exposureRules: Rules = {
  'a port on the nodes of a Service inside the cluster': {
    broken: services({ nodePort: 30080 }),
    says: served.map(
      (name) =>
        `${name}.service.nodePort: only used when ${name}.service.type is NodePort or LoadBalancer. Change the type or remove this line.`,
    ),
    met: onNodes(30080, 30081),
  },
  'settings of a load balancer without one': {
    broken: services({ type: 'NodePort', ...balancer }),
    says: served.flatMap((name) =>
      Object.keys(balancer).map(
        (key) =>
          `${name}.service.${key}: only used when ${name}.service.type is LoadBalancer. Change the type or remove this line.`,
      ),
    ),
    met: services({ type: 'LoadBalancer', ...balancer }),
  },
  'settings that Tailscale ignores': {
    broken: services({ type: 'LoadBalancer', ...balancer, loadBalancerClass: 'tailscale' }),
    says: served.flatMap((name) =>
      ['loadBalancerIP', 'loadBalancerSourceRanges'].map(
        (key) =>
          `${name}.service.${key}: ignored by the class tailscale, where the tailnet's policy decides who may connect. Remove this line.`,
      ),
    ),
    met: services({ type: 'LoadBalancer', loadBalancerClass: 'tailscale' }),
  },
  'a policy for what comes from outside, where nothing does': {
    broken: services({ externalTrafficPolicy: 'Local' }),
    says: served.map(
      (name) =>
        `${name}.service.externalTrafficPolicy: only used when ${name}.service.type is NodePort or LoadBalancer, or with ${name}.service.externalIPs. Change the type or remove this line.`,
    ),
    met: [
      services({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }),
      services({ externalIPs: ['192.0.2.1'], externalTrafficPolicy: 'Local' }),
    ],
  },
  'one port of the nodes for two Services': {
    broken: onNodes(30080, '30080'),
    says: 'web.service.nodePort: 30080 is also streaming.service.nodePort, and a port of the nodes leads to one Service. Choose another one.',
    met: [onNodes(30080, 30081), { web: { service: { type: 'NodePort' } } }],
  },
  'two families of a Service with one': {
    broken: families('SingleStack'),
    says: served.map(
      (name) =>
        `${name}.service.ipFamilies: SingleStack in ${name}.service.ipFamilyPolicy allows only one. Remove the other one, or set PreferDualStack or RequireDualStack.`,
    ),
    met: [families('PreferDualStack'), families(null), families('SingleStack', ['IPv6'])],
  },
}
