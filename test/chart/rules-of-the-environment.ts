import { instanceKeys } from '../rules/external.ts'
import { bucket, external, mail } from './components.ts'
import { merge, type Rules, type Values } from './render.ts'

const reference = { valueFrom: { secretKeyRef: { name: 'mine', key: 'word' } } }
const given = Object.fromEntries(instanceKeys.map((key) => [key, 'x']))
const keysFromEnv = { secrets: { fromEnv: true }, secretEnv: given }
const { SECRET_KEY_BASE, ...lacking } = given
const noEffect = (path: string, remedy: string): string =>
  `${path}: has no effect, as the chart sets this variable in the container itself. ${remedy}`
const ends = (path: string, must: string): string =>
  `${path}: must ${must}, or every Ruby process ends at boot. Correct it.`

/** What only a certain container may set, by the remedy that the message names. */
const reserved: Readonly<Record<string, string>> = {
  DB_HOST: 'Set postgresql.mode to external and postgresql.host instead.',
  DB_NAME: 'Set postgresql.database instead.',
  DB_PORT: 'Set postgresql.mode to external and postgresql.port instead.',
  DB_SSLMODE: 'Set postgresql.mode to external and postgresql.sslMode instead.',
  DB_USER: 'Set postgresql.user instead.',
  MAX_THREADS: 'Set web.maxThreads instead.',
  PORT: 'Remove this line.',
  REDIS_HOST: 'Set redis.mode to external and redis.host instead.',
  REDIS_PORT: 'Set redis.mode to external and redis.port instead.',
  TMPDIR: 'Remove this line.',
}
const numbers = Object.fromEntries(Object.keys(reserved).map((name) => [name, 5]))
const astray = { DATABASE_URL: 'postgresql', PRIMARY_DATABASE_URL: 'postgresql' }
const astrayToo = { REDIS_URL: 'redis', REDIS_SENTINELS: 'redis', REDIS_USER: 'redis' }

/** Rules of zz-validate/_env.tpl. */
export const environmentRules: Rules = {
  'variables that the chart sets itself': {
    broken: { env: { ...numbers, DB_SSLMODE: 'require' } },
    says: Object.entries(reserved).map(([name, remedy]) => noEffect(`env.${name}`, remedy)),
    met: [
      { web: { env: { MAX_THREADS: 10, PORT: 3000 } } },
      { env: { MAX_POLL_OPTIONS: 5, REDIS_DB: 1 } },
      merge(external, { env: { DB_HOST: 'other', DB_SSLMODE: 'require', REDIS_PORT: 6380 } }),
    ],
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
    met: merge(external, { env: { DB_PASS: reference }, secretEnv: { REDIS_PASSWORD: 'x' } }),
  },
  'addresses beside the servers of the release': {
    broken: { secretEnv: { ...astray, ...astrayToo } },
    says: Object.entries({ ...astray, ...astrayToo }).map(
      ([name, server]) =>
        `secretEnv.${name}: would lead past the server of this release. Remove this line, or set ${server}.mode to external.`,
    ),
    met: merge(external, {
      secretEnv: { ...astray, REDIS_URL: 'redis://redis.example.com', REDIS_USER: 'fedi' },
    }),
  },
  'keys that generated ones would replace': {
    broken: { secretEnv: { SECRET_KEY_BASE: 'x' }, env: { VAPID_PUBLIC_KEY: 'x' } },
    says: ['env.VAPID_PUBLIC_KEY', 'secretEnv.SECRET_KEY_BASE'].map(
      (path) =>
        `${path}: has no effect, as the keys in the Secret "mastodon-keys" win. Set secrets.fromEnv to true if you bring the keys, or remove this line.`,
    ),
    met: [keysFromEnv, { env: { SECRET_KEY_BASE: reference } }],
  },
  'keys of Rails where streaming would read them': {
    broken: { pod: { env: { SECRET_KEY_BASE: reference, OTP_SECRET: 'x' } } },
    says: ['SECRET_KEY_BASE', 'OTP_SECRET'].map(
      (name) =>
        `pod.env.${name}: would reach streaming, which must not have the keys of Rails. Move it to the top-level env, which takes valueFrom, too.`,
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
  DB_POOL: ['many', 'be a whole number', '10'],
  LOCAL_DOMAIN: ['', 'not be empty', 'example.com'],
  RAILS_LOG_LEVEL: ['foo', 'be debug, info, warn, error or fatal', 'warn'],
  SIDEKIQ_REDIS_PORT: ['x', 'be a whole number', '6380'],
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
  'an unknown mode of encryption': {
    broken: merge(external, { env: { DB_SSLMODE: 'no-verify' } }),
    says: ends('env.DB_SSLMODE', 'be disable, allow, prefer, require, verify-ca or verify-full'),
    met: merge(external, {
      env: { DB_SSLMODE: 'allow' },
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
  'a namespace in Redis': {
    broken: { env: { REDIS_NAMESPACE: 'fedi' } },
    says: "env.REDIS_NAMESPACE: ends every Ruby process at boot, as Mastodon 4.4 removed it. Rename the keys in Redis with Mastodon's redis_namespace_migration, then remove this line.",
    met: [
      { env: { REDIS_NAMESPACE: '' } },
      { env: { REDIS_NAMESPACE: 'fedi' }, mastodon: { image: { tag: 'v4.3.23' } } },
    ],
  },
}

const smtp = (block: object): Values => ({ smtp: { ...mail, ...block } })
const login = { login: 'fedi', password: { value: 'x' } }

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
    met: [smtp(login), { ...smtp({ login: 'fedi' }), secretEnv: { SMTP_PASSWORD: 'x' } }],
  },
  'a login to the mail server that is none': {
    broken: smtp({ ...login, authMethod: 'none' }),
    says: 'smtp.authMethod: "none" logs in all the same when smtp.login is set. Remove the login, or this line.',
    met: [smtp({ authMethod: 'none' }), smtp({ ...login, authMethod: 'login' })],
  },
  'a method to log in to the mail server without a login': {
    broken: smtp({ authMethod: 'plain' }),
    says: 'smtp.login: required when smtp.authMethod is "plain". Set the user name, or remove the method.',
    met: smtp({ ...login, authMethod: 'plain' }),
  },
  'STARTTLS beside TLS': {
    broken: smtp({ tls: true, enableStarttls: 'always' }),
    says: 'smtp.enableStarttls: "always" and smtp.tls are mutually exclusive. Remove one of them: tls is for port 465, STARTTLS for port 587.',
    met: [smtp({ tls: true, enableStarttls: 'never' }), smtp({ enableStarttls: 'always' })],
  },
}

const s3 = (block: object): Values => merge(bucket, { objectStorage: { s3: block } })

/** Rules of zz-validate/_object-storage.tpl. */
export const objectStorageRules: Rules = {
  'object storage without bucket': {
    broken: { objectStorage: { type: 's3' } },
    says: "objectStorage.s3.bucket: required when objectStorage.type is s3. Set the bucket's name.",
    met: bucket,
  },
  "a host that is not Amazon's, without endpoint": {
    broken: s3({ hostname: 's3.example.net' }),
    says: "objectStorage.s3.endpoint: required when objectStorage.s3.hostname is not Amazon's, or the media would be sent to Amazon. Set the address of the API, such as https://s3.example.net.",
    met: [
      s3({ hostname: 's3.example.net', endpoint: 'https://s3.example.net' }),
      s3({ hostname: 's3.eu-central-1.amazonaws.com' }),
    ],
  },
  'media by http': {
    broken: s3({ protocol: 'http' }),
    says: 'objectStorage.s3.protocol: with "http" no picture is shown, as Mastodon\'s pages allow only https for media. Put TLS in front of the store, or set objectStorage.s3.aliasHost to a host with TLS, and remove this line.',
    met: s3({ protocol: 'https' }),
  },
  'an endpoint without TLS in front of browsers': {
    broken: s3({ endpoint: 'http://minio:9000' }),
    says: 'objectStorage.s3.aliasHost: required when objectStorage.s3.endpoint has no TLS, as browsers load media only by https. Set a host that serves the bucket with TLS.',
    met: s3({ endpoint: 'http://minio:9000', aliasHost: 'media.example.com' }),
  },
}
