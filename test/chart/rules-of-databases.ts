import { instanceKeys } from '../rules/external.ts'
import { every, external, hiddenServices, importing, redisServers, sentinel } from './components.ts'
import { fits, merge, type Rules, type Values, valuesAt } from './render.ts'
import { asValueOf, credentials } from './variables.ts'

// They replace hosts, which everything else here has.
const servers = ['postgresql', 'postgresql.direct', 'postgresql.replica', ...redisServers]
const addresses = servers.map((path) => `${path}.url`)
// They say that media are in a bucket.
const ofBucket = ['objectStorage.s3.bucketFrom', 'objectStorage.s3.endpointFrom']
const apart = [...addresses, ...ofBucket]
const keys = credentials.map(({ key }) => key).filter((key) => !apart.includes(key))
// A certificate authority has no value, and may be in a ConfigMap.
const authorities = keys.filter((key) => !fits(valuesAt(key, { value: 'x' })))
const withValue = keys.filter((key) => !authorities.includes(key))
// So that each is in use.
const inUse = merge(external, hiddenServices, {
  search: { mode: 'external', host: 'https://search.example.com' },
  envFrom: [{ secretRef: { name: 'more' } }],
})

/** Every credential of the values, this one; the databases are external, so that each is in use. */
function everywhere(reference: object, value?: string): Values {
  const all = credentials
    .filter(({ key }) => !apart.includes(key))
    .map(({ key }) => {
      const block = { ...reference, value: asValueOf(key, value ?? '') }
      return valuesAt(key, value && withValue.includes(key) ? block : reference)
    })
  const others = every({ mode: 'external', host: '', sentinel })
  // What two of the credentials are for.
  const env = { HCAPTCHA_SITE_KEY: 'site', LIBRE_TRANSLATE_ENDPOINT: 'https://a.example' }
  const replica = { host: 'replica.example.com' }
  return merge(inUse, others, { postgresql: { replica } }, { env }, ...all)
}

const inConfigMap = (block: object) =>
  merge(inUse, ...authorities.map((key) => valuesAt(key, { existingConfigMap: 'mine', ...block })))

const mine = { existingSecret: 'mine', key: 'word' }
/** Every address, this one. */
function byAddress(reference: object, value?: string): Values {
  const own = (key: string) => (value ? { ...reference, value: asValueOf(key, value) } : reference)
  const all = addresses.map((key) => valuesAt(key, own(key)))
  return merge({ postgresql: { mode: 'external' } }, every({ mode: 'external' }), ...all)
}

const withoutKey = (kind: 'Secret' | 'ConfigMap') => (key: string) =>
  `${key}.key: required when ${key}.existing${kind} is set. Set the key inside the ${kind} "mine".`
const twice = (key: string): string =>
  `${key}: value and existingSecret are mutually exclusive. Remove one of them.`

/** Rules of zz-validate/_credentials.tpl. */
export const credentialRules: Rules = {
  'a Secret without key': {
    broken: everywhere({ existingSecret: 'mine' }),
    says: keys.map(withoutKey('Secret')),
    met: everywhere(mine),
  },
  'a ConfigMap without key': {
    broken: inConfigMap({}),
    says: authorities.map(withoutKey('ConfigMap')),
    met: inConfigMap({ key: 'word' }),
  },
  'an address in a Secret without key': {
    broken: byAddress({ existingSecret: 'mine' }),
    says: addresses.map(withoutKey('Secret')),
    met: byAddress(mine),
  },
  'an address as value and in a Secret': {
    broken: byAddress(mine, 'x'),
    says: addresses.map(twice),
    met: byAddress({}, 'x'),
  },
  'an authority in a Secret and in a ConfigMap': {
    broken: inConfigMap(mine),
    says: authorities.map(
      (key) =>
        `${key}: existingSecret and existingConfigMap are mutually exclusive. Remove one of them.`,
    ),
    met: everywhere(mine),
  },
  'a key without Secret': {
    broken: everywhere({ key: 'word' }),
    says: keys.map(
      (key) =>
        `${key}.existingSecret: required when ${key}.key is set. Set the name of the Secret.`,
    ),
    met: everywhere({}),
  },
  'a credential as value and in a Secret': {
    broken: everywhere(mine, 'x'),
    says: withValue.map(twice),
    met: everywhere({}, 'x'),
  },
}

const server = {
  ...{ host: 'db.example.com', sslMode: 'require', direct: { host: 'direct.example.com' } },
  ...{ ca: mine, pooler: true, replica: { host: 'replica.example.com' } },
}
const only = (key: string): string =>
  `postgresql.${key}: only used when postgresql.mode is external. Set the mode to external or remove this line.`
const at = (own: object): Values => merge(external, { postgresql: own })
const byUrl = (own: object): Values => ({ postgresql: { mode: 'external', url: mine, ...own } })
const byAddressWith = (query: string, own: object): Values =>
  byUrl({ url: { value: `postgres://db.example.com/${query}` }, ...own })
const tlsOfNode = 'postgresql.url: streaming takes TLS from the address only.'
const clientCertificate = { existingSecret: 'mine' }
const threeUrls = (value: string): Values =>
  byUrl({ url: { value }, direct: { url: { value } }, replica: { url: { value } } })
const fromSecret = (own: object): Values => ({
  postgresql: { mode: 'external', existingSecret: 'mine', ...own },
})
const direct = { host: 'direct.example.com' }
const systemDatabases = ['postgres', 'template0', 'template1'].map((database) => [
  `the database ${database} of the embedded PostgreSQL`,
  {
    broken: { postgresql: { database } },
    says: `postgresql.database: "${database}" belongs to PostgreSQL itself. Choose another name.`,
    met: merge(external, { postgresql: { database } }),
  },
])

/** Rules of zz-validate/_databases.tpl. */
export const databaseRules: Rules = {
  ...Object.fromEntries(systemDatabases),
  'an external PostgreSQL without host': {
    broken: { postgresql: { mode: 'external' } },
    says: "postgresql.host: required when postgresql.mode is external, unless postgresql.existingSecret or postgresql.url is set. Set the server's host.",
    met: [external, byUrl({}), fromSecret({})],
  },
  'a host beside the address of PostgreSQL': {
    broken: byUrl({ host: 'db.example.com', existingSecret: 'mine' }),
    says: [
      'postgresql.existingSecret: has no effect beside postgresql.url, which wins. Remove one of them.',
      'postgresql.host: has no effect beside postgresql.url, which wins. Remove one of them.',
      'postgresql.host: has no effect, as postgresql.existingSecret has it. Remove this line, or set postgresql.secretKeys.host to "".',
    ],
    met: byUrl({ password: mine }),
  },
  'what the Secret of an operator has': {
    broken: fromSecret({ host: 'db.example.com', password: mine }),
    says: ['host', 'password'].map(
      (key) =>
        `postgresql.${key}: has no effect, as postgresql.existingSecret has it. Remove this line, or set postgresql.secretKeys.${key} to "".`,
    ),
    met: fromSecret({
      ...{ host: 'db.example.com', password: mine, secretKeys: { host: '', password: '' } },
    }),
  },
  'a direct host beside an address': {
    broken: byUrl({ direct }),
    says: 'postgresql.direct: with postgresql.url, which would win over a host, the direct server needs an address, too. Set postgresql.direct.url instead.',
    met: byUrl({ direct: { url: mine } }),
  },
  'a direct address beside a host': {
    broken: at({ direct: { url: mine } }),
    says: 'postgresql.direct.url: only used with postgresql.url. Set postgresql.direct.host instead.',
    met: at({ direct }),
  },
  'a pooler without direct server': {
    broken: at({ pooler: true }),
    says: 'postgresql.direct.host: required when postgresql.pooler is true, as migrations need a session and locks of their own. Set the server behind the pooler.',
    met: [at({ pooler: true, port: 6432, direct: { port: 5432 } }), at({ pooler: true, direct })],
  },
  'a pooler that is its own direct server': {
    broken: at({
      pooler: true,
      host: direct.host,
      port: 6432,
      direct: { ...direct, port: '6432' },
    }),
    says: 'postgresql.direct: is the same server as postgresql.host and postgresql.port, which is the pooler. Set host or port of the server behind it.',
    met: [
      at({ pooler: true, ...direct, port: 6432, direct: { ...direct, port: 5432 } }),
      at({ ...direct, direct }),
      fromSecret({ ...direct, secretKeys: { host: '' }, pooler: true, direct: { port: 5432 } }),
      fromSecret({ pooler: true, direct }),
    ],
  },
  'an address of a pooler without direct server': {
    broken: byUrl({ pooler: true }),
    says: 'postgresql.direct.url: required when postgresql.pooler is true, as migrations need a session and locks of their own. Set the server behind the pooler.',
    met: byUrl({ pooler: true, direct: { url: mine } }),
  },
  'an address of PostgreSQL that is none': {
    broken: threeUrls('db.example.com'),
    says: ['postgresql.direct.url', 'postgresql.replica.url', 'postgresql.url'].map(
      (key) => `${key}: must begin with postgresql://. Correct its value.`,
    ),
    met: threeUrls('postgresql://db.example.com'),
  },
  'an address without TLS': {
    broken: byAddressWith('', { ca: mine }),
    says: `${tlsOfNode} Add sslmode=verify-full&sslrootcert=/etc/postgresql-ca/ca.crt to its query.`,
    met: [
      byAddressWith('?sslmode=verify-full&sslrootcert=/etc/postgresql-ca/ca.crt', { ca: mine }),
      byUrl({ ca: mine }),
    ],
  },
  'an address without the authority': {
    broken: byAddressWith('?sslmode=verify-full', { ca: mine }),
    says: `${tlsOfNode} Add sslrootcert=/etc/postgresql-ca/ca.crt to its query.`,
    met: [
      { ...byAddressWith('?sslmode=verify-full', { ca: mine }), caBundle: mine },
      ...['streaming', 'pod'].map((key) => ({
        ...byAddressWith('?sslmode=verify-full', { ca: mine }),
        [key]: { env: { NODE_EXTRA_CA_CERTS: '/mine.crt' } },
      })),
      byAddressWith('?uselibpqcompat=true&sslmode=require', { ca: mine }),
    ],
  },
  'an address without the client certificate': {
    broken: byAddressWith('?sslmode=verify-full', { sslMode: 'require', clientCertificate }),
    says: `${tlsOfNode} Add sslcert=/etc/postgresql-client/tls.crt&sslkey=/etc/postgresql-client/tls.key to its query.`,
    met: byAddressWith(
      '?sslmode=verify-full&sslcert=/etc/postgresql-client/tls.crt&sslkey=/etc/postgresql-client/tls.key',
      { sslMode: 'require', clientCertificate },
    ),
  },
  'a client certificate without TLS': {
    broken: at({ clientCertificate: { existingSecret: 'mine' } }),
    says: 'postgresql.sslMode: must be require, verify-ca or verify-full with postgresql.clientCertificate, or the connection may have no TLS. Set verify-full and postgresql.ca.',
    met: [
      at({ clientCertificate: { existingSecret: 'mine' }, sslMode: 'require' }),
      at({ clientCertificate: { existingSecret: 'mine' }, ca: mine }),
    ],
  },
  'a replica without host': {
    broken: at({ replica: { preparedStatements: false } }),
    says: "postgresql.replica.host: required when postgresql.replica.preparedStatements is set. Set the replica's host.",
    met: at({ replica: { host: 'replica.example.com', preparedStatements: false } }),
  },
  'a replica with host and address': {
    broken: at({ replica: { url: mine, user: 'reader' } }),
    says: 'postgresql.replica.user: has no effect beside postgresql.replica.url, which wins. Remove one of them.',
    met: at({ replica: { url: mine, preparedStatements: false } }),
  },
  'a host of the replica beside the address of PostgreSQL': {
    broken: byUrl({ replica: { host: 'replica.example.com' } }),
    says: "postgresql.replica.url: required instead of postgresql.replica.host with postgresql.url, whose parts the replica does not inherit. Set the replica's address.",
    met: byUrl({ replica: { url: mine } }),
  },
  'an address beside the embedded PostgreSQL': {
    broken: { postgresql: server },
    says: Object.keys(server).map(only),
    met: [
      { postgresql: { mode: 'embedded', host: '' } },
      { postgresql: { mode: 'external', ...server } },
    ],
  },
  'another way to PostgreSQL beside the embedded one': {
    broken: {
      postgresql: {
        existingSecret: 'mine',
        clientCertificate: { existingSecret: 'mine' },
        url: mine,
      },
    },
    says: ['clientCertificate', 'existingSecret', 'url'].map(only),
    met: byUrl({}),
  },
  'an authority that protects nothing': {
    broken: { postgresql: { ...external.postgresql, ca: mine, sslMode: 'prefer' } },
    says: 'postgresql.sslMode: with "prefer" postgresql.ca protects nothing, as a server with another certificate is used without TLS. Remove this line, which means verify-full, or remove the ca.',
    met: [
      { postgresql: { ...external.postgresql, ca: mine } },
      { postgresql: { ...external.postgresql, sslMode: 'prefer' } },
    ],
  },
  'an address that wins over the direct server': {
    broken: {
      postgresql: { mode: 'external', direct: { host: 'direct.example.com' } },
      secretEnv: { DATABASE_URL: 'postgres://db.example.com' },
    },
    says: 'secretEnv.DATABASE_URL: would win over postgresql.direct and postgresql.host, which migrations and the import use. Set postgresql.host, postgresql.user and postgresql.password instead.',
    met: {
      postgresql: { mode: 'external' },
      secretEnv: { DATABASE_URL: 'postgres://db.example.com' },
    },
  },
  'a verified server without authority': {
    broken: { postgresql: { ...external.postgresql, sslMode: 'verify-full' } },
    says: 'postgresql.ca: required when postgresql.sslMode is verify-full. Set the Secret or ConfigMap with the certificate authority, or caBundle, or PGSSLROOTCERT in env.',
    met: [
      { postgresql: { ...external.postgresql, sslMode: 'verify-full', ca: mine } },
      { postgresql: { ...external.postgresql, sslMode: 'verify-full' }, caBundle: mine },
      {
        postgresql: { ...external.postgresql, sslMode: 'verify-ca' },
        env: { PGSSLROOTCERT: '/a' },
      },
    ],
  },
  'settings that move the embedded server': {
    broken: {
      postgresql: {
        settings: {
          ...{ port: 5433, listen_addresses: '127.0.0.1', max_connections: 200 },
          ...{ data_directory: '/data', unix_socket_directories: '/tmp' },
          ...{ hba_file: '/hba.conf', config_file: '/postgresql.conf' },
        },
      },
    },
    says: [
      ...['config_file', 'data_directory', 'hba_file', 'listen_addresses', 'port'],
      'unix_socket_directories',
    ].map(
      (name) =>
        `postgresql.settings.${name}: the chart decides this, as its Service, its probes and the first container depend on it. Remove this line.`,
    ),
    met: { postgresql: { settings: { port: 5432, listen_addresses: '*', max_connections: 200 } } },
  },
  'the superuser as role of the application': {
    broken: { postgresql: { user: 'postgres' } },
    says: 'postgresql.user: "postgres" is the superuser of the embedded server, and the application needs its own role. Choose another name.',
    met: merge(external, { postgresql: { user: 'postgres' } }),
  },
}

const { secrets, ...withoutKeys } = importing
const envFrom = [{ secretRef: { name: 'old-keys' } }]
const file = { path: 'mastodon.dump', storage: { existingClaim: 'dumps' } }
const fromFile = (part: object) =>
  merge(importing, { import: { database: { source: 'file', file: part } } })

const fromServer = (server: object) => merge(importing, { import: { database: { server } } })

/** Rules of zz-validate/_import.tpl. */
export const importRules: Rules = {
  'an old server whose certificate nothing can check': {
    broken: fromServer({ sslMode: 'verify-full' }),
    says: "import.database.server.sslMode: verify-full needs the authority that signed the old server's certificate. Set caBundle, or require, which checks nothing.",
    met: [
      { ...fromServer({ sslMode: 'verify-full' }), caBundle: mine },
      fromServer({ sslMode: 'require' }),
    ],
  },
  "an import without the old instance's keys": {
    // What a bare envFrom lacks would be generated.
    broken: { ...withoutKeys, envFrom },
    says: "import.database: the old instance's keys are missing, and its accounts cannot be read with generated ones. Put the keys of its .env.production into a Secret and set secrets.existingSecret to its name, or secrets.fromEnv to true if they are in envFrom or secretEnv; docs/importing.md says how to make those that a Mastodon older than 4.3 does not have.",
    met: [
      importing,
      { ...withoutKeys, secrets: { fromEnv: true }, envFrom },
      {
        ...{ ...withoutKeys, secrets: { fromEnv: true } },
        secretEnv: Object.fromEntries(instanceKeys.map((key) => [key, 'x'])),
      },
    ],
  },
  'an import from a server without host': {
    broken: { secrets, import: { database: { enabled: true, source: 'server' } } },
    says: "import.database.server.host: required when import.database.source is server. Set the old server's host.",
    met: importing,
  },
  'an import from a file without path': {
    broken: fromFile({ storage: file.storage }),
    says: 'import.database.file.path: required when import.database.source is file. Set the path of the dump inside the volume.',
    met: fromFile(file),
  },
}
