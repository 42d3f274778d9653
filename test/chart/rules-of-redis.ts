import { every, external, redisServers, sentinel } from './components.ts'
import { merge, type Rules, valuesAt } from './render.ts'

const host = 'redis.example.com'
const url = { value: 'rediss://redis.example.com' }
const mode = 'external'
const password = { value: 'correct-horse' }

const tooMuch = (path: string, limited: string, limit = '768Mi') =>
  `${path}.maxMemory: must be below ${limited}.resources.limits.memory (${limit}), or the server is killed before it has that much. Set half of the limit, or raise the limit.`

/** The message of a rule, for each server. */
const each = (says: (path: string) => string | readonly string[]) => redisServers.flatMap(says)

/** What only an external server has. */
const ofExternal = {
  ...{ database: 0, host, sentinel, tls: true, url, user: 'alice' },
}
const { host: _, ...besideUrl } = { ...ofExternal, password }

/** Rules of zz-validate/_redis.tpl. */
export const redisRules: Rules = {
  'an external Redis without host': {
    broken: every({ mode, url: { value: '' } }),
    says: each(
      (path) =>
        `${path}.host: required when ${path}.mode is external, unless ${path}.url or ${path}.sentinel is set. Set the server's host.`,
    ),
    met: [
      every({ mode, host }),
      every({ mode, url }),
      every({ mode, sentinel }),
      { redis: { mode }, envFrom: [{ secretRef: { name: 'mine' } }] },
    ],
  },
  'TLS to a host that the chart does not know': {
    broken: { redis: { mode, tls: true }, envFrom: [{ secretRef: { name: 'mine' } }] },
    says: "redis.host: required when redis.mode is external, unless redis.url or redis.sentinel is set. Set the server's host.",
    met: every({ mode, host, tls: true }),
  },
  'an address beside the embedded Redis': {
    broken: { redis: { ...ofExternal, cache: { mode: 'embedded', ...ofExternal } } },
    says: ['redis', 'redis.cache'].flatMap((path) =>
      Object.keys(ofExternal).map(
        (key) =>
          `${path}.${key}: only used when ${path}.mode is external. Set the mode to external or remove this line.`,
      ),
    ),
    met: { redis: { mode: 'embedded', url: { value: '' }, sentinel: { port: 26380 } } },
  },
  'an address or a password of a server that is shared': {
    broken: { redis: { sidekiq: { ...ofExternal, password } } },
    says: [
      ...Object.keys(ofExternal).map(
        (key) =>
          `redis.sidekiq.${key}: only used when redis.sidekiq.mode is external. Set the mode to external or remove this line.`,
      ),
      'redis.sidekiq.password: not used when redis.sidekiq.mode is shared. Set the mode to embedded or external, or remove this line.',
    ],
    met: { redis: { sidekiq: { mode: 'embedded', password } } },
  },
  'an address of Redis that is none': {
    broken: every({ mode, url: { value: 'redis.example.com:6379' } }),
    says: each(
      (path) =>
        `${path}.url: must begin with redis:// or rediss://, or it is taken for the name of a host. Correct its value.`,
    ),
    met: every({ mode, url }),
  },
  'an address of Redis beside its parts': {
    broken: every({ mode, host, ...besideUrl }),
    says: each((path) =>
      ['host', ...Object.keys(besideUrl)]
        .filter((key) => key !== 'url')
        .map(
          (key) =>
            `${path}.${key}: not used beside ${path}.url, which is the whole address. Remove one of them.`,
        ),
    ),
    met: every({ mode, url, port: 6380 }),
  },
  'Sentinels without the name of the master': {
    broken: every({ mode, sentinel: { addresses: sentinel.addresses } }),
    says: each(
      (path) =>
        `${path}.sentinel.master: required beside ${path}.sentinel.addresses, which are ignored without it. Set the name of the master.`,
    ),
    met: every({ mode, sentinel }),
  },
  'the name of a master without Sentinels': {
    broken: every({ mode, host, sentinel: { master: 'fedi' } }),
    says: each(
      (path) =>
        `${path}.sentinel.addresses: required when anything else of ${path}.sentinel is set. List the Sentinels, or remove the block.`,
    ),
    met: every({ mode, host, sentinel: { master: '' } }),
  },
  'a host or TLS beside Sentinels': {
    broken: every({ mode, host, tls: true, sentinel }),
    says: each((path) => [
      `${path}.host: not used beside ${path}.sentinel, which names the server. Remove one of them.`,
      `${path}.tls: not possible beside ${path}.sentinel, as Mastodon reaches Sentinels and their servers without TLS only. Remove one of them.`,
    ]),
    met: every({ mode, sentinel, database: 1, user: 'alice' }),
  },
  'Sentinels that would be sent the password of Redis': {
    broken: every({ mode, sentinel, password }),
    says: each(
      (path) =>
        `${path}.sentinel.password: required beside ${path}.password, which Ruby would send to the Sentinels. Set the Sentinels' own, or ${path}.sentinel.user to default if they have none.`,
    ),
    met: [
      every({ mode, sentinel: { ...sentinel, password }, password }),
      every({ mode, sentinel: { ...sentinel, user: 'default' }, password }),
    ],
  },
  'a password that TLS puts into an address': {
    broken: every({ mode, host, tls: true, password: { value: 'a@b/c' } }),
    says: each(
      (path) =>
        `${path}.password.value: becomes part of an address with ${path}.tls, where only letters, digits and "-._~" stand for themselves. Choose another password, or set ${path}.url.`,
    ),
    met: [
      every({ mode, host, tls: true, password: { value: 'a-b.C_d~1' } }),
      every({ mode, host, password: { value: 'a@b/c' } }),
    ],
  },
  'more data than the limit of memory': {
    broken: every({ mode: 'embedded', maxMemory: '768mb' }),
    says: each((path) => tooMuch(path, 'redis')),
    met: [
      every({ mode: 'embedded', maxMemory: '767MB' }),
      every({ mode: 'embedded', maxMemory: '805m' }),
      every({ mode: 'embedded', maxMemory: '0' }), // no limit of its own
      every({ mode: 'embedded', maxMemory: '1gb', resources: { limits: { memory: '2Gi' } } }),
      every({ mode: 'embedded', maxMemory: '1gb', command: ['mine'] }),
      every({ mode, host, maxMemory: '1gb' }),
    ],
  },
  'more data in powers of ten than the limit of memory': {
    broken: { redis: { maxMemory: '806m' } },
    says: tooMuch('redis', 'redis'),
    met: { redis: { maxMemory: '805306367b' } },
  },
  'more data than the smaller limit of a cache': {
    broken: { redis: { cache: { mode: 'embedded', resources: { limits: { memory: '256Mi' } } } } },
    says: tooMuch('redis', 'redis.cache', '256Mi'),
    met: {
      redis: {
        cache: {
          ...{ mode: 'embedded', maxMemory: '128mb' },
          resources: { limits: { memory: '256Mi' } },
        },
      },
    },
  },
  'a password of Redis that Ruby decodes': {
    broken: merge(
      { redis: { password: { value: 'a%4Ab' } } },
      ...['redis.cache', 'redis.sidekiq'].map((path) =>
        valuesAt(path, { mode: 'embedded', password: { value: 'a%4Ab' } }),
      ),
    ),
    says: each(
      (path) =>
        `${path}.password.value: Ruby decodes "%" and two hexadecimal digits in it, Node does not. Choose a password without "%".`,
    ),
    met: [{ redis: { password: { value: '100%, %4' } } }, external],
  },
}
