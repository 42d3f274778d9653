import type { Values } from './render.ts'
import type { RuleCase } from './rule-case.ts'

type Credential = { value?: string; existingSecret?: string; key?: string }

const paths = [
  'import.database.server.password',
  'objectStorage.s3.accessKeyId',
  'objectStorage.s3.secretAccessKey',
  'postgresql.ca',
  'postgresql.password',
  'postgresql.superuserPassword',
  'redis.password',
  'redis.url',
  'smtp.password',
]

/** Every credential of the values, this one; external databases, so that each of them is in use. */
function everywhere(credential: Credential): Values {
  const { existingSecret, key } = credential
  const ca = { ...(existingSecret ? { existingSecret } : {}), ...(key ? { key } : {}) }
  return {
    smtp: { password: credential },
    objectStorage: { s3: { accessKeyId: credential, secretAccessKey: credential } },
    postgresql: {
      mode: 'external',
      host: 'db.example.com',
      password: credential,
      superuserPassword: credential,
      ca,
    },
    redis: { mode: 'external', host: 'redis.example.com', password: credential, url: credential },
    import: { database: { server: { password: credential } } },
  }
}

/** Rules of zz-validate/_credentials.tpl and _databases.tpl. */
export const databaseRules: readonly RuleCase[] = [
  {
    rule: 'a Secret without key',
    broken: everywhere({ existingSecret: 'mine' }),
    lines: paths.map(
      (path) =>
        `${path}.key: required when ${path}.existingSecret is set. Set the key inside the Secret "mine".`,
    ),
    met: everywhere({ existingSecret: 'mine', key: 'word' }),
  },
  {
    rule: 'a key without Secret',
    broken: everywhere({ key: 'word' }),
    lines: paths.map(
      (path) =>
        `${path}.existingSecret: required when ${path}.key is set. Set the name of the Secret.`,
    ),
    met: everywhere({}),
  },
  {
    rule: 'a credential as value and in a Secret',
    broken: everywhere({ existingSecret: 'mine', key: 'word', value: 'x' }),
    // A certificate authority has no value.
    lines: paths
      .filter((path) => path !== 'postgresql.ca')
      .map((path) => `${path}: value and existingSecret exclude each other. Remove one of them.`),
    met: everywhere({ value: 'x' }),
  },
  {
    rule: 'an external PostgreSQL without host',
    broken: { postgresql: { mode: 'external' } },
    lines: ["postgresql.host: required when postgresql.mode is external. Set the server's host."],
    met: { postgresql: { mode: 'external', host: 'db.example.com' } },
  },
  {
    rule: 'a host beside the embedded PostgreSQL',
    broken: { postgresql: { host: 'db.example.com' } },
    lines: [
      'postgresql.host: only used when postgresql.mode is external. Set the mode or remove the line.',
    ],
    met: { postgresql: { mode: 'embedded', host: '' } },
  },
  {
    rule: 'the superuser as role of the application',
    broken: { postgresql: { user: 'postgres' } },
    lines: [
      'postgresql.user: "postgres" is the superuser of the embedded server, the application gets a role of its own. Choose another name.',
    ],
    met: { postgresql: { mode: 'external', host: 'db.example.com', user: 'postgres' } },
  },
  ...['postgres', 'template0', 'template1'].map((database) => ({
    rule: `the database ${database} of the embedded PostgreSQL`,
    broken: { postgresql: { database } },
    lines: [
      `postgresql.database: "${database}" belongs to PostgreSQL itself. Choose another name.`,
    ],
    met: { postgresql: { mode: 'external' as const, host: 'db.example.com', database } },
  })),
  {
    rule: 'an external Redis without host',
    broken: { redis: { mode: 'external' } },
    lines: [
      "redis.host: required when redis.mode is external, unless redis.url is set. Set the server's host.",
    ],
    met: { redis: { mode: 'external', url: { value: 'redis://redis.example.com' } } },
  },
  {
    rule: 'an external Redis with an empty address',
    broken: { redis: { mode: 'external', url: { value: '' } } },
    lines: [
      "redis.host: required when redis.mode is external, unless redis.url is set. Set the server's host.",
    ],
    met: { redis: { mode: 'embedded', url: { value: '' } } },
  },
  {
    rule: 'an address beside the embedded Redis',
    broken: {
      redis: { host: 'redis.example.com', user: 'alice', url: { value: 'redis://example.com' } },
    },
    lines: ['host', 'user', 'url'].map(
      (key) =>
        `redis.${key}: only used when redis.mode is external. Set the mode or remove the line.`,
    ),
    met: {
      redis: {
        mode: 'external',
        host: 'redis.example.com',
        user: 'alice',
        url: { value: 'redis://example.com' },
      },
    },
  },
  {
    rule: 'object storage without bucket',
    broken: { objectStorage: { type: 's3' } },
    lines: [
      "objectStorage.s3.bucket: required when objectStorage.type is s3. Set the bucket's name.",
    ],
    met: { objectStorage: { type: 's3', s3: { bucket: 'media' } } },
  },
  {
    rule: "an import without the old instance's keys",
    broken: { import: { database: { enabled: true, server: { host: 'old.example.com' } } } },
    lines: [
      "import.database: the old instance's keys are missing, and with generated ones its accounts cannot be read. Name the Secret with them in secrets.existingSecret.",
    ],
    met: {
      secrets: { existingSecret: 'old-keys' },
      import: { database: { enabled: true, server: { host: 'old.example.com' } } },
    },
    alsoMet: [
      {
        secrets: { fromEnv: true },
        secretEnv: { SECRET_KEY_BASE: 'x' },
        import: { database: { enabled: true, server: { host: 'old.example.com' } } },
      },
      {
        secrets: { existingSecret: 'old-keys' },
        import: { database: { enabled: true, server: { host: 'old.example.com' } } },
      },
    ],
  },
  {
    rule: 'an import from a server without host',
    broken: {
      envFrom: [{ secretRef: { name: 'old-keys' } }],
      import: { database: { enabled: true, source: 'server' } },
    },
    lines: [
      "import.database.server.host: required when import.database.source is server. Set the old server's host.",
    ],
    met: {
      envFrom: [{ secretRef: { name: 'old-keys' } }],
      import: { database: { enabled: true, server: { host: 'old.example.com' } } },
    },
  },
  {
    rule: 'an import from a file without path',
    broken: {
      envFrom: [{ secretRef: { name: 'old-keys' } }],
      import: {
        database: { enabled: true, source: 'file', file: { storage: { existingClaim: 'dumps' } } },
      },
    },
    lines: [
      'import.database.file.path: required when import.database.source is file. Set the path of the dump inside the volume.',
    ],
    met: {
      envFrom: [{ secretRef: { name: 'old-keys' } }],
      import: {
        database: {
          enabled: true,
          source: 'file',
          file: { path: 'mastodon.dump', storage: { existingClaim: 'dumps' } },
        },
      },
    },
  },
]
