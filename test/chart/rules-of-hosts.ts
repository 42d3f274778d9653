import { merge, type Rules, type Values } from './render.ts'

const domains: Values = {
  mastodon: {
    ...{ localDomain: 'example.com', webDomain: 'social.example.com' },
    alternateDomains: ['Other.example.com'],
  },
}
const all = ['example.com', 'social.example.com', 'other.example.com']
const parent = { name: 'public', sectionName: 'https' }
const listenerSet = { kind: 'ListenerSet', name: 'mastodon' }
const ingress = (hosts: readonly string[]): Values => ({ ingress: { enabled: true, hosts } })
const machine = 'social.tail1234.ts.net'
const tailscale = (hosts: readonly string[]): Values =>
  merge(ingress(hosts), { ingress: { className: 'tailscale' } })
const gateway = (block: object): Values => ({
  gateway: { enabled: true, parentRefs: [parent], ...block },
})
/** Listeners for these hosts, or for all. */
const listen = (hostnames: readonly (string | undefined)[]) => ({
  parentRefs: [],
  redirect: { hostnames: ['www.example.com'] },
  listenerSet: {
    parentRef: { name: 'public' },
    listeners: hostnames.map((hostname, index) => ({
      ...{ name: `l${index}`, port: 443, protocol: 'HTTPS' },
      ...(hostname && { hostname }),
    })),
  },
})
const sites: Values = {
  wellKnown: { enabled: true },
  streaming: { baseUrl: 'wss://stream.example.com' },
}
const onion = `${'a'.repeat(56)}.onion`

/** Rules of zz-validate/_hosts.tpl. */
export const hostRules: Rules = {
  'hosts of which Mastodon does not know': {
    broken: merge(
      domains,
      ingress([...all, 'blog.example.com']),
      gateway({ hostnames: [...all, 'wiki.example.com'] }),
    ),
    says: [
      ['ingress.hosts', 'blog.example.com'],
      ['gateway.hostnames', 'wiki.example.com'],
    ].map(
      ([path, host]) =>
        `${path}: Mastodon answers requests to "${host}" with the error 403, as it is not one of its domains. Add it to mastodon.alternateDomains, or remove it.`,
    ),
    met: [
      merge(
        domains,
        { onion: { hostname: onion }, streaming: { baseUrl: 'wss://stream.example.com' } },
        ingress([...all, onion, 'stream.example.com']),
        gateway({ hostnames: all, redirect: { hostnames: ['www.example.com'] } }),
      ),
      // The domains may be in a Secret, or in variables of Ruby only.
      merge(domains, ingress(['blog.example.com']), { envFrom: [{ secretRef: { name: 'a' } }] }),
      merge(domains, ingress(['blog.example.com']), {
        web: { env: { ALTERNATE_DOMAINS: 'blog.example.com' } },
      }),
      merge(domains, {
        ...{ ingress: { hosts: ['blog.example.com'] } },
        gateway: { hostnames: ['blog.example.com'] },
      }),
    ],
  },
  'a host without a domain': {
    broken: ingress(['example.com']),
    says: 'ingress.hosts: Mastodon answers requests to "example.com" with the error 403, as it is not one of its domains. Set mastodon.localDomain, or remove it.',
    met: merge(domains, ingress(['example.com'])),
  },
  'the name of a machine in a tailnet': {
    broken: merge(domains, tailscale([])),
    says: 'ingress.className: with tailscale, people visit a machine of your tailnet, but Mastodon answers requests to its name with the error 403, as none of its domains ends with ".ts.net". Add <machine>.<tailnet>.ts.net to mastodon.alternateDomains.',
    met: [
      merge({ mastodon: { localDomain: machine } }, tailscale([])),
      merge(domains, { mastodon: { webDomain: machine } }, tailscale([])),
      merge(domains, { mastodon: { alternateDomains: ['Social.Tail1234.ts.net'] } }, tailscale([])),
      merge(domains, tailscale([]), { envFrom: [{ secretRef: { name: 'a' } }] }),
      merge(domains, tailscale([]), { ingress: { enabled: false } }),
    ],
  },
  'a machine in a tailnet of which Mastodon does not know': {
    broken: merge(domains, tailscale([machine])),
    says: `ingress.hosts: Mastodon answers requests to "${machine}" with the error 403, as it is not one of its domains. Add it to mastodon.alternateDomains, or remove it.`,
    met: merge(domains, { mastodon: { alternateDomains: [machine] } }, tailscale([machine])),
  },
  'a redirect of the host of web': {
    broken: merge(domains, gateway({ redirect: { hostnames: ['social.example.com'] } })),
    says: 'gateway.redirect.hostnames: "social.example.com" is a host of web, whose requests would be redirected instead of answered. Remove it.',
    met: merge(domains, gateway({ redirect: { hostnames: ['www.example.com'] } })),
  },
  'a host beside a wildcard': {
    broken: merge(domains, sites, gateway(listen(['*.example.com']))),
    says: 'gateway.listenerSet.listeners: none is for "example.com", so its route would get no requests. Add a listener with this hostname.',
    met: merge(domains, gateway(listen(['*.example.com']))),
  },
  'a host without a listener': {
    broken: merge(domains, sites, gateway(listen(['social.example.com']))),
    says: ['www.example.com', 'stream.example.com', 'example.com'].map(
      (host) =>
        `gateway.listenerSet.listeners: none is for "${host}", so its route would get no requests. Add a listener with this hostname.`,
    ),
    met: [
      merge(domains, sites, gateway(listen(['social.example.com', undefined]))),
      merge(
        domains,
        sites,
        gateway({ ...listen(['social.example.com']), parentRefs: [parent, listenerSet] }),
      ),
      merge(domains, sites, gateway(listen(['*.example.com', 'example.com']))),
      merge(domains, gateway({ ...listen(['*.com']), hostnames: ['social.example.com'] })),
      merge(
        domains,
        sites,
        gateway(listen(['social.example.com', 'www.example.com'])),
        gateway({
          ...{ parentRefs: [], streaming: { parentRefs: [parent] } },
          wellKnown: { parentRefs: [parent] },
        }),
      ),
    ],
  },
}
