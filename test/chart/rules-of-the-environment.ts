import { instanceKeys } from '../rules/external.ts'
import { bucket, external, mail } from './components.ts'
import { configured } from './facilities.ts'
import { merge, type Rules, type Values } from './render.ts'

const reference = { valueFrom: { secretKeyRef: { name: 'mine', key: 'word' } } }
const given = Object.fromEntries(instanceKeys.map((key) => [key, 'x']))
const keysFromEnv = { secrets: { fromEnv: true }, secretEnv: given }
const { SECRET_KEY_BASE, ...lacking } = given
const noEffect = (path: string, remedy: string): string =>
  `${path}: has no effect, as the chart sets this variable in the container itself. ${remedy}`
const ends = (path: string, must: string): string =>
  `${path}: must ${must}, or every Ruby process ends at boot. Correct it.`

const misplaced = (path: string, remedy: string): string =>
  `${path}: is not the place for this variable, as the chart needs to know it. ${remedy}`
const instead = (key: string): string => `Set ${key} instead.`

/** What the chart sets in the containers itself, by the remedy that the message names. */
const overridden: Readonly<Record<string, string>> = {
  DB_HOST: instead('postgresql.mode to external and postgresql.host'),
  DB_NAME: instead('postgresql.database'),
  DB_PORT: instead('postgresql.mode to external and postgresql.port'),
  DB_SSLMODE: instead('postgresql.mode to external and postgresql.sslMode'),
  DB_USER: instead('postgresql.user'),
  MAX_THREADS: instead('web.maxThreads'),
  REDIS_HOST: instead('redis.mode to external and redis.host'),
  REDIS_PORT: instead('redis.mode to external and redis.port'),
  TMPDIR: 'Remove this line, or set it in the env of a component.',
}
/** What the chart must know. */
const known: Readonly<Record<string, string>> = {
  AZURE_ENABLED: instead('objectStorage.type'),
  BIND: 'Remove this line, or set it in the env of a component.',
  DB_POOL: instead('web.databasePool, streaming.databasePool or sidekiq.databasePool'),
  ES_ENABLED: instead('search.mode'),
  LOCAL_DOMAIN: instead('mastodon.localDomain'),
  S3_ENABLED: instead('objectStorage.type'),
  SWIFT_ENABLED: instead('objectStorage.type'),
  SIDEKIQ_CONCURRENCY: instead('sidekiq.concurrency'),
  WEB_DOMAIN: instead('mastodon.webDomain'),
}
const ofFacilities: Readonly<Record<string, string>> = {
  NODE_EXTRA_CA_CERTS: instead('caBundle'),
  PGSSLROOTCERT: instead('postgresql.ca'),
  S3_ENDPOINT: instead('objectStorage.s3.endpoint'),
  S3_REGION: instead('objectStorage.s3.region'),
  SMTP_ENABLE_STARTTLS_AUTO: instead('smtp.enableStarttls'),
  SMTP_LOGIN: instead('smtp.login'),
  SMTP_SSL: instead('smtp.tls'),
  SMTP_TLS: instead('smtp.tls'),
  SSL_CERT_FILE: instead('caBundle'),
}
const authority = { existingSecret: 'mine', key: 'word' }
const facilities = merge(bucket, {
  ...{ smtp: mail, caBundle: authority, postgresql: { ...external.postgresql, ca: authority } },
})
const keysOfRedis = {
  ...{ HOST: 'host', PORT: 'port', DB: 'database', USER: 'user', PASSWORD: 'password', URL: 'url' },
  ...{ SENTINELS: 'sentinel.addresses', SENTINEL_MASTER: 'sentinel.master' },
  ...{ SENTINEL_PORT: 'sentinel.port', SENTINEL_USERNAME: 'sentinel.user' },
  SENTINEL_PASSWORD: 'sentinel.password',
}
/** The variables of an external server of Redis, and of two that are shared with it. */
const ofRedis: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(keysOfRedis).flatMap(([name, key]) => [
    [`REDIS_${name}`, instead(`redis.${key}`)],
    ...['cache', 'sidekiq'].map((server) => [
      `${server.toUpperCase()}_REDIS_${name}`,
      instead(`redis.${server}.mode to external and redis.${server}.${key}`),
    ]),
  ]),
)
const switches: Readonly<Record<string, string>> = {
  ...{ BULK_SMTP_ENABLE_STARTTLS_AUTO: 'smtp.bulk.enableStarttls' },
  ...{ BULK_SMTP_LOGIN: 'smtp.bulk.login', BULK_SMTP_SSL: 'smtp.bulk.tls' },
  ...{ BULK_SMTP_TLS: 'smtp.bulk.tls', CAS_ENABLED: 'auth.cas.enabled' },
  ...{ LDAP_ENABLED: 'auth.ldap.enabled', OIDC_ENABLED: 'auth.oidc.enabled' },
  SAML_ENABLED: 'auth.saml.enabled',
}
const switchedOn = {
  auth: Object.fromEntries(Object.keys(configured.auth).map((name) => [name, { enabled: true }])),
}
const sevens = (names: object) => Object.fromEntries(Object.keys(names).map((name) => [name, 7]))
const astray = { DATABASE_URL: 'postgresql', PRIMARY_DATABASE_URL: 'postgresql' }
const astrayToo = { REDIS_URL: 'redis', REDIS_SENTINELS: 'redis', REDIS_USER: 'redis' }

/** Rules of zz-validate/_env.tpl. */
export const environmentRules: Rules = {
  'variables that the chart sets itself': {
    broken: { env: { ...sevens(overridden), DB_SSLMODE: 'require' } },
    says: Object.entries(overridden).map(([name, remedy]) => noEffect(`env.${name}`, remedy)),
    met: [
      { web: { env: { MAX_THREADS: 10, TMPDIR: '/tmp/mine' } } },
      { env: { MAX_POLL_OPTIONS: 5 } },
      merge(external, { env: { DB_HOST: reference } }),
    ],
  },
  'variables that the chart needs to know': {
    broken: { secretEnv: sevens(known) },
    says: Object.entries(known).map(([name, remedy]) => misplaced(`secretEnv.${name}`, remedy)),
    met: { sidekiq: { env: { SIDEKIQ_CONCURRENCY: 5 } } },
  },
  'an external server in variables': {
    broken: merge(external, { env: { DB_PORT: 6432, REDIS_HOST: 'other' } }),
    says: [
      misplaced('env.DB_PORT', instead('postgresql.port')),
      misplaced('env.REDIS_HOST', instead('redis.host')),
    ],
    met: external,
  },
  'servers of Redis in variables': {
    broken: { redis: external.redis, secretEnv: sevens(ofRedis) },
    says: Object.entries(ofRedis).map(([name, remedy]) => misplaced(`secretEnv.${name}`, remedy)),
    met: { redis: external.redis, web: { env: { CACHE_REDIS_PORT: 7 } } },
  },
  'variables of facilities that are on': {
    broken: merge(facilities, { env: sevens(ofFacilities) }),
    says: Object.entries(ofFacilities).map(([name, remedy]) => misplaced(`env.${name}`, remedy)),
    met: { env: sevens(ofFacilities) },
  },
  'switches of facilities that are on': {
    broken: merge({ auth: configured.auth }, switchedOn, {
      smtp: { ...mail, bulk: { server: 'bulk.example.com' } },
      env: Object.fromEntries(Object.keys(switches).map((name) => [name, 'true'])),
    }),
    says: Object.entries(switches).map(([name, key]) => misplaced(`env.${name}`, instead(key))),
    met: { env: { CAS_ENABLED: 'true', SAML_ENABLED: 'true', BULK_SMTP_TLS: 'true' } },
  },
  'text that nobody expands': {
    broken: { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://$(NODE_IP):4318' } },
    says: 'env.OTEL_EXPORTER_OTLP_ENDPOINT: contains "$(", which Kubernetes expands only in the env of containers. Set it in pod.env.',
    met: { pod: { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://$(NODE_IP):4318' } } },
  },
  'a variable whose credential is elsewhere': {
    broken: {
      postgresql: { ...external.postgresql, password: { existingSecret: 'db', key: 'p' } },
      env: { DB_PASS: reference },
      secretEnv: { REDIS_PASSWORD: 'x' },
    },
    says: [
      noEffect('env.DB_PASS', 'Set postgresql.password instead.'),
      noEffect('secretEnv.REDIS_PASSWORD', 'Set redis.password instead.'),
    ],
    met: merge(external, { env: { DB_PASS: reference, REDIS_PASSWORD: reference } }),
  },
  'addresses beside the servers of the release': {
    broken: { secretEnv: { ...astray, ...astrayToo } },
    says: Object.entries({ ...astray, ...astrayToo }).map(
      ([name, server]) =>
        `secretEnv.${name}: would lead past the server of this release. Remove this line, or set ${server}.mode to external.`,
    ),
    met: {
      ...{ ...external, postgresql: { mode: 'external' } },
      secretEnv: { DATABASE_URL: 'postgres://db' },
    },
  },
  'keys that generated ones would replace': {
    broken: { secretEnv: { SECRET_KEY_BASE: 'x' }, env: { VAPID_PUBLIC_KEY: 'x' } },
    says: ['env.VAPID_PUBLIC_KEY', 'secretEnv.SECRET_KEY_BASE'].map(
      (path) =>
        `${path}: has no effect, as the keys in the Secret "mastodon-keys" win. Set secrets.fromEnv to true if you bring the keys, or remove this line.`,
    ),
    met: [
      keysFromEnv,
      { env: { SECRET_KEY_BASE: reference } },
      { secrets: { existingSecret: 'mine' }, env: { VAPID_PUBLIC_KEY: 'x' } },
    ],
  },
  'keys of Rails where streaming would read them': {
    broken: {
      pod: { env: { SECRET_KEY_BASE: reference, OTP_SECRET: 'x' } },
      streaming: { env: { SECRET_KEY_BASE: reference } },
    },
    says: ['pod.env.SECRET_KEY_BASE', 'pod.env.OTP_SECRET', 'streaming.env.SECRET_KEY_BASE'].map(
      (path) =>
        `${path}: would reach streaming, which must not have the keys of Rails. Move it to secretEnv with secrets.fromEnv, or as valueFrom into the top-level env.`,
    ),
    met: { env: { SECRET_KEY_BASE: reference }, pod: { env: { TZ: 'UTC' } } },
  },
  'keys that cannot be found': {
    broken: { secrets: { fromEnv: true }, secretEnv: { SECRET_KEY_BASE: 'x' } },
    says: `secrets.fromEnv: true means that you bring the keys, but ${Object.keys(lacking).join(', ')} cannot be found. Add the Secret that contains them to envFrom, or set them in secretEnv, or in env with valueFrom.`,
    met: [
      keysFromEnv,
      merge(
        { env: { SECRET_KEY_BASE: reference } },
        { secrets: { fromEnv: true }, secretEnv: lacking },
      ),
      { secrets: { fromEnv: true }, envFrom: [{ secretRef: { name: 'keys' } }] },
      { secrets: { fromEnv: true }, pod: { envFrom: [{ secretRef: { name: 'keys' } }] } },
    ],
  },
  'other names for the keys of no Secret': {
    broken: { secrets: { keys: { SECRET_KEY_BASE: 'secret-key-base' } } },
    says: [
      'secrets.keys: only used with secrets.existingSecret. Set the name of the Secret that has these keys, or remove this line.',
    ],
    met: { secrets: { existingSecret: 'mine', keys: { SECRET_KEY_BASE: 'secret-key-base' } } },
  },
}

const wrong: Readonly<
  Record<string, readonly [text: string | number, must: string, right: string]>
> = {
  ALLOWED_PRIVATE_ADDRESSES: [
    'host',
    'be IP addresses or ranges, with commas between them',
    '10.0.0.1, ::1',
  ],
  REPLICA_DB_POOL: ['many', 'be a whole number', '1'],
  TRUSTED_PROXY_IP: [
    '10.0.0.0/99',
    'be IP addresses or ranges, with commas between them',
    '10.0.0.0/8, 2001:db8::/32',
  ],
  RAILS_LOG_LEVEL: ['foo', 'be debug, info, warn, error or fatal', 'warn'],
  SMTP_FROM_ADDRESS: [
    'Mastodon<x',
    'be an address such as Mastodon <notifications@example.com>',
    'Mastodon <a@b.example>',
  ],
  http_proxy: ['proxy:8080', 'begin with http:// or https://', 'http://proxy:8080'],
}
const ldap = { LDAP_BASE: 'dc=example', LDAP_BIND_DN: 'cn=x' }
const fork: Values = { mastodon: { image: { repository: 'me/mastodon' } } }

/** Rules of zz-validate/_boot.tpl. */
export const bootRules: Rules = {
  'values with which Ruby ends': {
    broken: {
      env: Object.fromEntries(Object.entries(wrong).map(([name, [text]]) => [name, text])),
    },
    says: Object.entries(wrong).map(([name, [, must]]) => ends(`env.${name}`, must)),
    met: {
      env: Object.fromEntries(Object.entries(wrong).map(([name, [, , right]]) => [name, right])),
    },
  },
  'an unknown mode of encryption in the variables of web': {
    broken: merge(external, { web: { env: { DB_SSLMODE: 'no-verify' } } }),
    says: ends(
      'web.env.DB_SSLMODE',
      'be disable, allow, prefer, require, verify-ca or verify-full',
    ),
    met: merge(external, {
      web: { env: { DB_SSLMODE: 'allow' } },
      streaming: { env: { DB_SSLMODE: 'no-verify' } },
    }),
  },
  'a key that is empty': {
    broken: merge(keysFromEnv, {
      secretEnv: { SECRET_KEY_BASE: '' },
      envFrom: [{ secretRef: { name: 'a' } }],
    }),
    says: ends('secretEnv.SECRET_KEY_BASE', 'not be empty'),
    met: keysFromEnv,
  },
  'a directory and a provider without what they need': {
    broken: { env: { ...ldap, LDAP_ENABLED: 'true', OIDC_ENABLED: true } },
    says: [
      'env.LDAP_ENABLED: needs LDAP_PASSWORD, or every Ruby process ends at boot. Set what is missing in env or secretEnv.',
      'env.OIDC_ENABLED: needs OIDC_SCOPE, or every Ruby process ends at boot. Set what is missing in env or secretEnv.',
    ],
    met: [
      {
        env: { ...ldap, LDAP_ENABLED: 'true', OIDC_ENABLED: 'false' },
        secretEnv: { LDAP_PASSWORD: 'x' },
      },
      { env: { OIDC_ENABLED: true }, envFrom: [{ secretRef: { name: 'a' } }] },
    ],
  },
  'PAM, which the official image lacks': {
    broken: { env: { PAM_ENABLED: 'true' } },
    says: "env.PAM_ENABLED: ends every Ruby process at boot, as the official image does not contain PAM's gem. Remove this line, or use an image that contains it.",
    met: merge(fork, { env: { PAM_ENABLED: 'true' } }),
  },
  'variables that Mastodon has removed': {
    broken: {
      env: { STREAMING_CLUSTER_NUM: 4, MASTODON_USE_LIBVIPS: true },
      secretEnv: { FETCH_REPLIES_ENABLED: true },
      streaming: { env: { REDIS_NAMESPACE: 'fedi' } },
      web: { env: { STATSD_ADDR: 'statsd:8125' } },
    },
    says: [
      'env.MASTODON_USE_LIBVIPS: was removed from Mastodon 4.6. Remove this line, as Mastodon always uses libvips.',
      'env.STREAMING_CLUSTER_NUM: was removed from Mastodon 4.2. Set streaming.replicas instead.',
      'secretEnv.FETCH_REPLIES_ENABLED: was removed from Mastodon 4.5. Remove this line, as Mastodon always fetches replies.',
      "streaming.env.REDIS_NAMESPACE: was removed from Mastodon 4.4. Rename the keys in Redis with Mastodon's redis_namespace_migration, then remove this line.",
      'web.env.STATSD_ADDR: was removed from Mastodon 4.3. Set sidekiq.metrics or telemetry instead.',
    ],
    met: {
      env: { MASTODON_USE_LIBVIPS: true },
      mastodon: { image: { tag: 'v4.5.15' } },
    },
  },
  'old names of variables': {
    broken: { env: { WHITELIST_MODE: true, EMAIL_DOMAIN_WHITELIST: 'example.com' } },
    says: [
      'env.EMAIL_DOMAIN_WHITELIST: is an old name. Set mastodon.registrations.emailDomainAllowlist instead.',
      'env.WHITELIST_MODE: is an old name. Set mastodon.limitedFederationMode instead.',
    ],
    met: { env: { EMAIL_DOMAIN_ALLOWLIST: 'example.com' } },
  },
  'a namespace in Redis': {
    broken: { env: { REDIS_NAMESPACE: 'fedi' } },
    says: "env.REDIS_NAMESPACE: was removed from Mastodon 4.4. Rename the keys in Redis with Mastodon's redis_namespace_migration, then remove this line.",
    met: [
      { env: { REDIS_NAMESPACE: '' } },
      { env: { REDIS_NAMESPACE: 'fedi' }, mastodon: { image: { tag: 'v4.3.23' } } },
    ],
  },
}

const smtp = (block: object): Values => ({ smtp: { ...mail, ...block } })
const login = { login: 'fedi', password: { value: 'x' } }
const bulk = (block: object): Values => smtp({ bulk: { server: 'bulk.example.com', ...block } })

/** Rules of zz-validate/_mail.tpl. */
export const mailRules: Rules = {
  'mail without sender': {
    broken: { smtp: { server: mail.server } },
    says: 'smtp.fromAddress: required when smtp.server is set, as mail from notifications@localhost is refused elsewhere. Set the sender.',
    met: [
      smtp({}),
      { smtp: { server: mail.server }, env: { SMTP_FROM_ADDRESS: mail.fromAddress } },
      { smtp: { fromAddress: '' } },
    ],
  },
  'a login to the mail server without password': {
    broken: smtp({ login: 'fedi' }),
    says: 'smtp.password: required when smtp.login is set. Set the password, or remove the login.',
    met: [
      smtp(login),
      { ...smtp({ login: 'fedi' }), secretEnv: { SMTP_PASSWORD: 'x' } },
      { ...smtp({ login: 'fedi' }), sidekiq: { env: { SMTP_PASSWORD: reference } } },
    ],
  },
  'a login to the mail server that is none': {
    broken: smtp({ ...login, authMethod: 'none' }),
    says: 'smtp.authMethod: "none" logs in all the same when smtp.login is set. Remove the login, or this line.',
    met: [smtp({ authMethod: 'none' }), smtp({ ...login, authMethod: 'login' })],
  },
  'a method to log in to the mail server without a login': {
    broken: smtp({ authMethod: 'plain' }),
    says: 'smtp.login: required when smtp.authMethod is "plain". Set the user name, or remove the method.',
    met: [
      smtp({ ...login, authMethod: 'plain' }),
      { ...smtp({ authMethod: 'plain' }), env: { SMTP_LOGIN: reference } },
    ],
  },
  'STARTTLS beside TLS': {
    broken: smtp({ tls: true, port: 465, enableStarttls: 'always' }),
    says: 'smtp.enableStarttls: "always" and smtp.tls are mutually exclusive. Remove one of them: tls is for port 465, STARTTLS for port 587.',
    met: [
      smtp({ tls: true, port: 465, enableStarttls: 'never' }),
      smtp({ enableStarttls: 'always' }),
    ],
  },
  'TLS from the first byte at a port for STARTTLS': {
    broken: smtp({ tls: true }),
    says: 'smtp.tls: cannot work at port 587, where TLS begins later, by STARTTLS. Set smtp.port to 465, or remove tls.',
    met: [smtp({ tls: true, port: '465' }), smtp({ tls: true, port: 2465 })],
  },
  'a port for TLS without TLS': {
    broken: smtp({ port: 465 }),
    says: 'smtp.port: 465 expects TLS from the first byte. Set smtp.tls to true, or the port to 587.',
    met: [
      smtp({ port: 2525 }),
      { ...smtp({ port: 465 }), envFrom: [{ secretRef: { name: 'm' } }] },
    ],
  },
  'mail to everybody without other mail': {
    broken: { smtp: { bulk: { server: 'bulk.example.com' } } },
    says: 'smtp.server: required when smtp.bulk.server is set, as all other mail needs a server, too. Set it.',
    met: [
      bulk({}),
      { smtp: { bulk: { server: 'bulk.example.com' } }, env: { SMTP_SERVER: mail.server } },
    ],
  },
  'the same mistakes with the server for mail to everybody': {
    broken: bulk({
      login: 'fedi',
      authMethod: 'none',
      tls: true,
      port: 465,
      enableStarttls: 'auto',
    }),
    says: [
      'smtp.bulk.password: required when smtp.bulk.login is set. Set the password, or remove the login.',
      'smtp.bulk.authMethod: "none" logs in all the same when smtp.bulk.login is set. Remove the login, or this line.',
      'smtp.bulk.enableStarttls: "auto" and smtp.bulk.tls are mutually exclusive. Remove one of them: tls is for port 465, STARTTLS for port 587.',
    ],
    met: [
      bulk({ ...login, tls: true, port: 465 }),
      { ...bulk({ login: 'fedi' }), secretEnv: { BULK_SMTP_PASSWORD: 'x' } },
    ],
  },
}
