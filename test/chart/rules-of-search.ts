import { merge, type Rules, type Values } from './render.ts'

const server = { mode: 'external', host: 'https://search.example.com' }
const external = (block: object): Values => ({ search: { ...server, ...block } })
const embedded = (block: object): Values => ({ search: { mode: 'embedded', ...block } })
const password = { existingSecret: 'search', key: 'password' }
const ca = { existingConfigMap: 'search-ca', key: 'ca.crt' }

/** Rules of zz-validate/_search.tpl. */
export const searchRules: Rules = {
  'a search server of nobody': {
    broken: { search: { mode: 'external' } },
    says: "search.host: required when search.mode is external. Set the server's host, after https:// if it has TLS.",
    met: [external({}), { search: { mode: 'external' }, envFrom: [{ secretRef: { name: 'es' } }] }],
  },
  'a user of the search server without password': {
    broken: external({ user: 'mastodon' }),
    says: 'search.password: required when search.user is set. Set the password, or remove the user.',
    met: [
      external({ user: 'mastodon', password }),
      merge(external({ user: 'mastodon' }), { secretEnv: { ES_PASS: 'x' } }),
    ],
  },
  'a password of the search server without user': {
    broken: external({ password }),
    says: 'search.user: required when search.password is set. Set the user, or remove the password.',
    met: external({ user: 'mastodon', password }),
  },
  'an authority for a search server without TLS': {
    broken: external({ host: 'search', ca }),
    says: 'search.host: must begin with https:// when search.ca is set, or nothing is encrypted. Correct it, or remove the ca.',
    met: external({ ca }),
  },
  'replicas on the only search server': {
    broken: { search: { mode: 'embedded', preset: 'small_cluster' } },
    says: 'search.preset: the embedded server is a single node, which can hold no replicas of an index. Remove this line, or set search.mode to external.',
    met: [external({ preset: 'small_cluster' }), { search: { mode: 'embedded' } }],
  },
  'a heap that does not fit into the limit': {
    broken: embedded({ heap: '1536m' }),
    says: 'search.heap: must be below search.resources.limits.memory (1536Mi), or the server is killed when its heap fills. Set a third of the limit, or raise the limit.',
    met: [
      embedded({ heap: '1535M' }),
      embedded({ heap: '2g', resources: { limits: { memory: '3Gi' } } }),
      embedded({ heap: '2g', resources: { limits: { memory: null } } }),
      embedded({ heap: '2g', resources: { limits: { memory: '2e9' } } }), // a unit that nobody uses
      embedded({ heap: '2g', env: { OPENSEARCH_JAVA_OPTS: '-Xmx1g' } }),
      embedded({ heap: '2g', command: ['mine'] }),
      external({ heap: '2g' }),
    ],
  },
  'a heap that does not fit into the limit of all pods': {
    broken: merge(embedded({ heap: '2g', resources: { limits: { memory: null } } }), {
      pod: { resources: { limits: { memory: 1.5e9 } } },
    }),
    says: 'search.heap: must be below pod.resources.limits.memory (1500000000), or the server is killed when its heap fills. Set a third of the limit, or raise the limit.',
    met: embedded({ heap: '1g' }),
  },
  'a search server in the release and another one': {
    broken: { search: { mode: 'embedded', host: 'search', user: 'a', password, ca } },
    says: ['host', 'user', 'password', 'ca'].map(
      (key) =>
        `search.${key}: only used when search.mode is external. Set the mode to external or remove this line.`,
    ),
    met: { search: { mode: 'embedded', prefix: 'social' } },
  },
}
