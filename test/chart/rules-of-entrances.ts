import { merge, type Rules, type Values } from './render.ts'

const domain: Values = { mastodon: { localDomain: 'example.com' } }
const split: Values = { mastodon: { localDomain: 'example.com', webDomain: 'social.example.com' } }
const gateway = (block: object): Values => merge(domain, { gateway: { enabled: true, ...block } })
const tailnet: Values = {
  mastodon: { localDomain: 'a.tail1234.ts.net', alternateDomains: ['b.example'] },
}
/** A domain that is in a Secret, where the chart cannot see it. */
const outside: Values = { mastodon: { localDomain: '' }, envFrom: [{ secretRef: { name: 'a' } }] }
const ingress = (block: object): Values => ({ ingress: { enabled: true, ...block } })
const closed = (closedPaths: readonly string[]): Values => ({ web: { closedPaths } })
const wellKnown: Values = { wellKnown: { enabled: true } }
const [http, https] = ['http', 'https'].map((sectionName) => ({ name: 'public', sectionName }))
const whole = { name: 'public' }
const ownHosts = merge(wellKnown, { streaming: { baseUrl: 'wss://stream.example.com' } })
const validation = { hostname: 'mastodon.internal', wellKnownCACertificates: 'System' }
const caCertificateRefs = [{ group: '', kind: 'ConfigMap', name: 'authority' }]
const trusting = (trustedProxies: readonly string[], validating: object = validation) =>
  merge(
    gateway({ parentRefs: [https], backendTLSPolicy: { port: 8443, validation: validating } }),
    { mastodon: { trustedProxies } },
  )
const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }]
const own = { kind: 'ListenerSet', name: 'mastodon' }
const withListeners = (parentRefs: readonly (object | undefined)[], block: object = {}) =>
  gateway({ listenerSet: { parentRef: { name: 'public' }, listeners }, parentRefs, ...block })

/** Rules of zz-validate/_entrances.tpl. */
export const entranceRules: Rules = {
  'an Ingress without host': {
    broken: ingress({}),
    says: 'ingress.hosts: required when ingress.enabled is true and mastodon.localDomain is empty. Set mastodon.localDomain or add a host.',
    met: [merge(domain, ingress({})), merge(outside, ingress({ hosts: ['example.com'] }))],
  },
  'two issuers of certificates': {
    broken: merge(domain, ingress({ certManager: { issuer: 'a', clusterIssuer: 'b' } })),
    says: 'ingress.certManager: issuer and clusterIssuer are mutually exclusive. Remove one of them.',
    met: merge(domain, ingress({ certManager: { clusterIssuer: 'b' } })),
  },
  'what Tailscale does itself, or does not do': {
    broken: merge(
      tailnet,
      ingress({
        className: 'tailscale',
        ...{ hosts: ['a.tail1234.ts.net', 'b.example'], certManager: { issuer: 'a' } },
      }),
    ),
    says: [
      'ingress.certManager: not used by the ingress class tailscale, which makes its certificates itself. Remove it.',
      'ingress.hosts: the ingress class tailscale leads from one host only. Remove the others.',
    ],
    met: merge(tailnet, ingress({ className: 'tailscale', hosts: ['a.tail1234.ts.net'] })),
  },
  'the way to streaming is closed': {
    broken: merge(domain, ingress({}), closed(['/sidekiq', '/api/v1/streaming'])),
    says: 'web.closedPaths: /api/v1/streaming is the way to streaming, which clients need. Remove it.',
    met: merge(domain, ingress({}), closed(['/sidekiq'])),
  },
  'closed paths without a way in': {
    broken: closed(['/sidekiq']),
    says: 'web.closedPaths: only used with ingress.enabled or gateway.enabled. Enable one of them, or remove this line.',
    met: [
      merge(domain, ingress({}), closed(['/sidekiq'])),
      merge(gateway({ parentRefs: [https] }), closed(['/sidekiq'])),
    ],
  },
  'well-known paths of the domain that people visit': {
    broken: merge(domain, ingress({}), wellKnown),
    says: 'wellKnown.enabled: only used when mastodon.webDomain differs from mastodon.localDomain. Set both domains, or remove this line.',
    met: merge(split, ingress({}), wellKnown),
  },
  'well-known paths without a way in': {
    broken: merge(split, wellKnown),
    says: 'wellKnown.enabled: only used with ingress.enabled or gateway.enabled. Enable one of them, or remove this line.',
    met: [
      merge(split, ingress({}), wellKnown),
      merge(split, wellKnown, gateway({ parentRefs: [https] }), split),
    ],
  },
  'routes without host': {
    broken: { gateway: { enabled: true, parentRefs: [https] } },
    says: 'gateway.hostnames: required when gateway.enabled is true and mastodon.localDomain is empty. Set mastodon.localDomain or add a host.',
    met: merge(outside, gateway({ parentRefs: [https], hostnames: ['a.example'] })),
  },
  'routes without Gateway': {
    broken: gateway({}),
    says: 'gateway.parentRefs: required when gateway.enabled is true. Name the Gateway that the routes belong to.',
    met: [
      gateway({ parentRefs: [{ name: 'public' }] }),
      gateway({ listenerSet: { parentRef: { name: 'public' }, listeners } }),
    ],
  },
  'listeners without Gateway': {
    broken: gateway({ listenerSet: { listeners } }),
    says: 'gateway.listenerSet.parentRef: required when gateway.listenerSet.listeners is set. Name the Gateway that the listeners are added to.',
    met: gateway({ listenerSet: { parentRef: { name: 'public' }, listeners } }),
  },
  'listeners without routes': {
    broken: withListeners([https, { ...own, namespace: 'other' }, { ...own, kind: 'Gateway' }]),
    says: 'gateway.listenerSet.listeners: no route belongs to them, as those in gateway.parentRefs are others. Add {kind: ListenerSet, name: mastodon} there, or remove them.',
    met: [
      withListeners([]),
      withListeners([https, own]),
      withListeners([{ ...own, namespace: 'mastodon' }]),
      ...(['streaming', 'wellKnown', 'redirect'] as const).map((key) =>
        withListeners([https], { [key]: { parentRefs: [own] } }),
      ),
      merge(withListeners([https]), {
        extraObjects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }],
      }),
    ],
  },
  'a redirect from listeners that the routes answer on': {
    broken: merge(
      ownHosts,
      gateway({
        ...{ parentRefs: [whole], streaming: { parentRefs: [whole] } },
        ...{ wellKnown: { parentRefs: [https, whole] }, redirect: { parentRefs: [http] } },
      }),
      split,
    ),
    says: [
      'gateway.parentRefs[0]',
      'gateway.streaming.parentRefs[0]',
      'gateway.wellKnown.parentRefs[1]',
    ].map(
      (path) =>
        `${path}.sectionName: required when gateway.redirect.parentRefs is set, as the route would answer on the listeners for HTTP, too. Name the listener for HTTPS.`,
    ),
    met: [
      gateway({
        parentRefs: [https],
        redirect: { parentRefs: [http, { name: 'public', port: 80 }] },
      }),
      gateway({ parentRefs: [whole], redirect: { parentRefs: [{ name: 'other' }] } }),
      // Without a host of its own, streaming has no route of its own.
      gateway({
        parentRefs: [https],
        streaming: { parentRefs: [whole] },
        redirect: { parentRefs: [http] },
      }),
    ],
  },
  'a redirect from all listeners of a Gateway': {
    broken: gateway({ parentRefs: [https], redirect: { parentRefs: [whole] } }),
    says: 'gateway.redirect.parentRefs[0].sectionName: required, as "public" is in gateway.parentRefs, too, so requests by HTTPS would be redirected forever. Name the listener for HTTP.',
    met: gateway({ parentRefs: [https], redirect: { parentRefs: [{ ...whole, port: 80 }] } }),
  },
  'a redirect from added listeners that the routes answer on': {
    broken: gateway({
      listenerSet: { parentRef: { name: 'public' }, listeners },
      redirect: { parentRefs: [http] },
    }),
    says: 'gateway.parentRefs: required when gateway.redirect.parentRefs is set, as the routes would answer on the listeners for HTTP, too. Name the listeners for HTTPS.',
    met: gateway({ parentRefs: [https], redirect: { parentRefs: [http] } }),
  },
  'a redirect to itself': {
    broken: merge(
      ownHosts,
      gateway({
        ...{ parentRefs: [https], wellKnown: { parentRefs: [{ ...https, kind: 'Gateway' }] } },
        ...{ streaming: { parentRefs: [{ ...whole, port: '443' }] } },
        redirect: { parentRefs: [{ ...https, port: 443 }] },
      }),
      split,
    ),
    says: ['gateway', 'gateway.streaming', 'gateway.wellKnown'].map(
      (path) =>
        `gateway.redirect.parentRefs: "public" with the same listener is in ${path}.parentRefs, too, so requests would be redirected forever. Name the listener for HTTP here, and there that for HTTPS.`,
    ),
    met: gateway({
      parentRefs: [https],
      redirect: { parentRefs: [http, { ...https, namespace: 'gateways' }] },
    }),
  },
  'TLS without sidecars': {
    broken: gateway({ parentRefs: [https], backendTLSPolicy: { validation } }),
    says: 'gateway.backendTLSPolicy.port: required when gateway.backendTLSPolicy.validation is set, as Mastodon does not speak TLS. Set the port of sidecars that do, or remove validation.',
    met: gateway({ parentRefs: [https], backendTLSPolicy: { port: 8443, validation } }),
  },
  'TLS that the Gateway does not speak': {
    broken: gateway({ parentRefs: [https], backendTLSPolicy: { port: 8443 } }),
    says: "gateway.backendTLSPolicy.validation: required when gateway.backendTLSPolicy.port is set, as the Gateway would not speak TLS. Set the hostname and the authority of the sidecars' certificate.",
    met: gateway({ parentRefs: [https], backendTLSPolicy: { port: 8443, validation } }),
  },
  'TLS without authority': {
    broken: trusting([], { hostname: 'mastodon.internal' }),
    says: "gateway.backendTLSPolicy.validation: a BackendTLSPolicy has either caCertificateRefs or wellKnownCACertificates. Name the authority of the sidecars' certificate in one of them.",
    met: [trusting([]), trusting([], { hostname: 'mastodon.internal', caCertificateRefs })],
  },
  'TLS with two authorities': {
    broken: trusting([], { ...validation, caCertificateRefs }),
    says: "gateway.backendTLSPolicy.validation: a BackendTLSPolicy has either caCertificateRefs or wellKnownCACertificates. Name the authority of the sidecars' certificate in one of them.",
    met: trusting([], { ...validation, caCertificateRefs: [] }),
  },
  'sidecars that Mastodon does not trust': {
    broken: trusting(['10.42.0.0/16', '10.127.0.0/16', 'fc00::/7', '2001:db8::1']),
    says: 'mastodon.trustedProxies: requests through the sidecars of gateway.backendTLSPolicy come from 127.0.0.1, and Mastodon would answer them with the error 500. Add this address.',
    met: [
      ...['127.0.0.1', '127.0.0.0/8', '0.0.0.0/0', '::1', '0:0:0:0:0:0:0:1/128', '::/0'].map(
        (proxy) => trusting(['10.42.0.0/16', proxy]),
      ),
      merge(trusting(['10.42.0.0/16']), { web: { env: { TRUSTED_PROXY_IP: '127.0.0.1' } } }),
      merge(gateway({ parentRefs: [https] }), { mastodon: { trustedProxies: ['10.42.0.0/16'] } }),
    ],
  },
  'TLS at the port of Mastodon': {
    broken: gateway({ parentRefs: [https], backendTLSPolicy: { port: 3000, validation } }),
    says: 'gateway.backendTLSPolicy.port: 3000 is a port of Mastodon itself, which does not speak TLS. Set that of the sidecars.',
    met: gateway({ parentRefs: [https], backendTLSPolicy: { port: 3001, validation } }),
  },
  'Tor without image': {
    broken: { onion: { enabled: true, image: { repository: 'example/tor' } } },
    says: 'onion.image: repository and tag are required when onion.enabled is true, as Tor publishes no image. Name one that contains the program tor and a shell.',
    met: [
      { onion: { enabled: true, image: { repository: 'example/tor', tag: '0.4.9.11' } } },
      { onion: { enabled: false } },
    ],
  },
}
