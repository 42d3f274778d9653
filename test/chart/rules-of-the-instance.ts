import type { RuleCase } from './rule-case.ts'

const everywhere = ['pod', 'web', 'streaming', 'postgresql', 'redis'] as const
const worker = {
  name: 'all',
  queues: ['default', 'push', 'ingress', 'mailers', 'pull', 'scheduler', 'fasp'],
}

/** Rules of zz-validate/_mastodon.tpl. */
export const instanceRules: readonly RuleCase[] = [
  {
    rule: 'a web domain without a local domain',
    broken: { mastodon: { webDomain: 'social.example.com' } },
    lines: [
      'mastodon.localDomain: required when mastodon.webDomain is set. Set the domain in handles; it can never be changed later.',
    ],
    met: { mastodon: { webDomain: 'social.example.com', localDomain: 'example.com' } },
  },
  {
    rule: 'an administrator without a mail address',
    broken: { mastodon: { admin: { enabled: true, username: 'alice' } } },
    lines: [
      'mastodon.admin: username and email are required when mastodon.admin.enabled is true. Set both.',
    ],
    met: { mastodon: { admin: { enabled: true, username: 'alice', email: 'alice@example.com' } } },
  },
  {
    rule: 'an administrator without a name',
    broken: { mastodon: { admin: { enabled: true, email: 'alice@example.com' } } },
    lines: [
      'mastodon.admin: username and email are required when mastodon.admin.enabled is true. Set both.',
    ],
    met: { mastodon: { admin: { enabled: false, email: 'alice@example.com' } } },
  },
  {
    rule: 'a secret in the variables of a component',
    broken: {
      ...Object.fromEntries(
        everywhere.map((component) => [component, { env: { SMTP_PASSWORD: 'hunter2' } }]),
      ),
      sidekiq: {
        env: { SMTP_PASSWORD: 'hunter2' },
        workers: [{ ...worker, env: { A_PASSWORD: 'x' } }],
      },
      jobs: { migrate: { env: { PROXY: 'http://me:hunter2@proxy.example.com' } } },
    },
    lines: [
      'jobs.migrate.env.PROXY',
      'sidekiq.workers[0].env.A_PASSWORD',
      ...[...everywhere, 'sidekiq'].map((component) => `${component}.env.SMTP_PASSWORD`),
    ].map(
      (key) =>
        `${key}: is a secret and could be read in the pod. Write valueFrom with a secretKeyRef.`,
    ),
    met: {
      web: { env: { SMTP_PASSWORD: { valueFrom: { secretKeyRef: { name: 'smtp', key: 'p' } } } } },
    },
  },
  {
    rule: 'keys from a Secret and from the environment',
    broken: {
      secrets: { existingSecret: 'keys', fromEnv: true },
      envFrom: [{ secretRef: { name: 'keys' } }],
    },
    lines: [
      'secrets: existingSecret and fromEnv exclude each other. Remove the one that does not hold the keys.',
    ],
    met: { secrets: { existingSecret: 'keys' }, envFrom: [{ secretRef: { name: 'other' } }] },
  },
  {
    rule: 'keys from an empty environment',
    broken: { secrets: { fromEnv: true } },
    lines: [
      'secrets.fromEnv: says that the keys are in envFrom or secretEnv, but both are empty. Name the Secret in envFrom.',
    ],
    met: { secrets: { fromEnv: true }, envFrom: [{ secretRef: { name: 'keys' } }] },
  },
  {
    rule: 'a variable in env and in secretEnv',
    broken: { env: { MAX_TOOT: '1' }, secretEnv: { MAX_TOOT: '2' } },
    lines: ['env.MAX_TOOT: is in secretEnv, too. Remove one of them.'],
    met: { env: { MAX_TOOT: '1' }, secretEnv: { MAX_POLL: '2' } },
  },
  {
    rule: 'secrets in env',
    broken: {
      env: {
        SECRET_KEY_BASE: 'x',
        OTP_SECRET: 'x',
        VAPID_PRIVATE_KEY: 'x',
        ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY: 'x',
        LDAP_PASSWORD: 'x',
        ES_PASS: 'x',
        OIDC_CLIENT_SECRET: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
        DEEPL_API_KEY: 'x',
      },
    },
    lines: [
      'ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY',
      'AWS_SECRET_ACCESS_KEY',
      'DEEPL_API_KEY',
      'ES_PASS',
      'LDAP_PASSWORD',
      'OIDC_CLIENT_SECRET',
      'OTP_SECRET',
      'SECRET_KEY_BASE',
      'VAPID_PRIVATE_KEY',
    ].map(
      (name) => `env.${name}: is a secret and would be kept in a ConfigMap. Move it to secretEnv.`,
    ),
    met: {
      env: { VAPID_PUBLIC_KEY: 'x' },
      secretEnv: { SECRET_KEY_BASE: 'x', LDAP_PASSWORD: 'x' },
    },
  },
]
