// The values on which keys are changed and fuzz cases are built: our examples, and sets in which everything is on.
import { readFileSync } from 'node:fs'
import { isRecord, type Profile, parseYaml } from 'chart-harness'
import { exampleFile, examples } from './project.ts'

/** A file of values, read as Helm reads it. */
export function readValues(file: string): Record<string, unknown> {
  const values = parseYaml(readFileSync(file, 'utf8'), file) ?? {}
  if (!isRecord(values)) throw new Error(`${file} is not a map. Write keys and values.`)
  return values
}

const domain = { localDomain: 'example.com', webDomain: 'social.example.com' }
const admin = { enabled: true, username: 'alice', email: 'alice@example.com' }
const exposed = {
  ingress: {
    enabled: true,
    className: 'nginx',
    hosts: ['social.example.com'],
    certManager: { issuer: 'letsencrypt' },
  },
  gateway: {
    enabled: true,
    streaming: { parentRefs: [{ name: 'public', sectionName: 'https' }] },
    listenerSet: {
      parentRef: { name: 'public' },
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
    },
  },
  wellKnown: { enabled: true },
  streaming: { baseUrl: 'wss://streaming.example.com' },
  networkPolicy: {
    egress: { enabled: true },
    metrics: { from: [{ namespaceSelector: { matchLabels: { team: 'monitoring' } } }] },
  },
}
const sidecars = [{ name: 'tls', image: 'example/tls:1.0.0', ports: [{ containerPort: 8443 }] }]
const mail = {
  ...{ server: 'smtp.example.com', login: 'mastodon', password: { value: 'mail-secret' } },
  fromAddress: 'mastodon@example.com',
}
// A claim takes an existing volume only with its class.
const ofClass = { storageClassName: 'fast' }
const manyNodes = {
  ...{
    system: { ...ofClass, accessModes: ['ReadWriteMany'] },
    postgresql: ofClass,
    redis: ofClass,
  },
}
const account = { serviceAccount: { create: true } }
const ofItsOwn = { mode: 'embedded', ...account }
const sentinel = { addresses: ['sentinel.example.com'], master: 'mastodon' }
const behindSentinels = { mode: 'external', sentinel }
const credential = (key: string): object => ({ existingSecret: 'outside', key })

/** Everything runs in the release, exposed in every way, several replicas. */
const embedded: Profile = {
  name: 'embedded',
  values: {
    ...exposed,
    gateway: {
      ...exposed.gateway,
      backendTLSPolicy: {
        port: 8443,
        validation: { hostname: 'mastodon.internal', wellKnownCACertificates: 'System' },
      },
    },
    mastodon: { ...domain, admin },
    smtp: mail,
    pod: { tmp: { claim: { size: '1Gi' } } },
    storage: manyNodes,
    search: { mode: 'embedded' },
    web: { replicas: 3, pdb: { enabled: true }, service: { type: 'LoadBalancer' }, sidecars },
    streaming: {
      ...exposed.streaming,
      ...{ replicas: 3, pdb: { enabled: true }, service: { type: 'LoadBalancer' }, sidecars },
    },
    postgresql: { service: { type: 'LoadBalancer' } },
    redis: { service: { type: 'LoadBalancer' }, cache: ofItsOwn, sidekiq: ofItsOwn },
    onion: { enabled: true, image: { repository: 'tor', tag: '0.4.9.11' }, ...account },
    sidekiq: {
      replicas: 2,
      metrics: { enabled: true },
      workers: [
        { name: 'main', queues: ['default', 'push', 'ingress', 'mailers', 'pull', 'fasp'] },
        { name: 'scheduler', queues: ['scheduler'], replicas: 1 },
      ],
    },
  },
}

/** All services are elsewhere, media in a bucket, pods come and go with the load. */
const external: Profile = {
  name: 'external',
  values: {
    ...exposed,
    mastodon: domain,
    caBundle: { existingConfigMap: 'outside', key: 'ca.crt' },
    secrets: { existingSecret: 'outside', keys: { SECRET_KEY_BASE: 'secret-key-base' } },
    smtp: { ...mail, password: credential('mail') },
    postgresql: {
      mode: 'external',
      host: 'postgresql.example.com',
      password: credential('postgresql'),
      sslMode: 'verify-full',
      ca: credential('ca.crt'),
      clientCertificate: { existingSecret: 'outside' },
      pooler: true,
      direct: { host: 'direct.example.com' },
      replica: { host: 'replica.example.com', password: credential('replica') },
    },
    redis: { mode: 'external', host: 'redis.example.com', password: credential('redis') },
    search: {
      mode: 'external',
      host: 'https://search.example.com',
      user: 'mastodon',
      password: credential('search'),
      ca: credential('ca.crt'),
    },
    objectStorage: {
      type: 's3',
      s3: {
        bucket: 'media',
        region: 'eu-central-1',
        endpoint: 'https://s3.example.com',
        hostname: 's3.example.com',
        accessKeyId: credential('id'),
        secretAccessKey: credential('secret'),
      },
    },
    web: { autoscaling: { enabled: true } },
    streaming: { ...exposed.streaming, autoscaling: { enabled: true } },
    sidekiq: {
      workers: [
        {
          name: 'main',
          queues: ['default', 'push', 'ingress', 'mailers', 'pull', 'fasp'],
          autoscaling: { enabled: true },
        },
        { name: 'scheduler', queues: ['scheduler'] },
      ],
    },
  },
}

/** The same with PostgreSQL of an operator. */
const operated: Profile = {
  name: 'operated',
  values: {
    ...external.values,
    redis: {
      ...{ mode: 'external', host: 'redis.example.com', password: credential('redis') },
      ...{ cache: behindSentinels, sidekiq: behindSentinels },
    },
    postgresql: {
      mode: 'cloudnativepg',
      settings: { max_connections: 200 },
      cloudnativepg: {
        instances: 3,
        pooler: { enabled: true },
        backup: {
          enabled: true,
          destinationPath: 's3://backups/mastodon',
          accessKeyId: credential('id'),
          secretAccessKey: credential('secret'),
        },
      },
    },
  },
}

const inRelease = { redis: { sidekiq: { mode: 'embedded' } }, search: { mode: 'embedded' } }
/** All data in one place, but that of the second server of Redis. */
const everywhere = (block: object, second: object): object => ({
  ...{ system: block, postgresql: block, redis: block, redisSidekiq: second, search: block },
})
const share = (path: string) => ({ type: 'nfs', nfs: { server: 'nas.example.com', path } })
const shares = share('/export')

/** An old instance moves in from its running server, data on shares. */
const moveIn: Profile = {
  name: 'move in from a server',
  values: {
    mastodon: { ...domain, admin },
    secretEnv: { SECRET_KEY_BASE: 'a' },
    envFrom: [{ secretRef: { name: 'old-keys' } }],
    secrets: { fromEnv: true },
    ...inRelease,
    storage: everywhere(shares, share('/export/sidekiq')),
    import: {
      database: { enabled: true, server: { host: 'old.example.com', password: credential('old') } },
    },
  },
}

/** The same from a dump on a share, into the server of an operator. */
const moveInFromFile: Profile = {
  name: 'move in from a file',
  values: {
    ...moveIn.values,
    storage: {},
    objectStorage: {
      type: 'azure',
      azure: {
        ...{ storageAccount: 'media', containerName: 'media', aliasHost: 'media.example.com' },
        storageAccessKey: credential('key'),
      },
    },
    postgresql: { mode: 'external', existingSecret: 'outside' },
    import: {
      database: { enabled: true, source: 'file', file: { path: 'dump', storage: shares } },
    },
  },
}

const directory = (path: string) => ({ type: 'hostPath', hostPath: { path, node: 'server1' } })
const directories = directory('/srv/mastodon')

/** The same on directories of a node. */
const onDirectories: Profile = {
  name: 'move in on directories',
  values: {
    ...moveIn.values,
    storage: everywhere(directories, directory('/srv/sidekiq')),
    import: {
      database: { enabled: true, source: 'file', file: { path: 'dump', storage: directories } },
    },
  },
}

/** Everything that is somebody else's: sign-in, mail to everybody, translation, a captcha, a cache, a collector. */
const services: Profile = {
  name: 'services of others',
  values: {
    objectStorage: {
      type: 'swift',
      swift: {
        ...{ container: 'media', username: 'mastodon', password: credential('swift') },
        authUrl: 'https://identity.example.com/v3',
        objectUrl: 'https://media.example.com',
      },
    },
    mastodon: domain,
    smtp: {
      ...mail,
      bulk: { server: 'bulk.example.com', login: 'fedi', password: credential('bulk') },
    },
    auth: {
      oidc: {
        ...{ enabled: true, issuer: 'https://id.example.com', clientId: 'fedi' },
        clientSecret: credential('oidc'),
      },
      saml: {
        ...{ enabled: true, idpSsoTargetUrl: 'https://id.example.com/sso', idpCert: 'PEM' },
        ...{ cert: 'PEM', privateKey: credential('saml') },
      },
      cas: { enabled: true, url: 'https://cas.example.com' },
      ldap: {
        ...{ enabled: true, host: 'ldap.example.com', base: 'dc=example', bindDn: 'cn=fedi' },
        password: credential('ldap'),
      },
    },
    translation: { deepl: { apiKey: credential('deepl') } },
    captcha: { siteKey: 'site', secretKey: credential('captcha') },
    cacheBuster: { enabled: true, secretHeader: 'X-Purge', secret: credential('purge') },
    telemetry: {
      ...{ endpoint: 'http://collector.example.com:4318', headers: credential('telemetry') },
      ...{ sampler: 'traceidratio', disabledInstrumentations: ['pg'] },
    },
  },
}

/** All profiles; the first are the ones in which most is on. */
export const profiles: readonly Profile[] = [
  embedded,
  external,
  operated,
  moveIn,
  moveInFromFile,
  services,
  onDirectories,
  ...examples.map((name) => ({ name, values: readValues(exampleFile(name)) })),
]
