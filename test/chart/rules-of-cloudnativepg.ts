import { backedUp, operated } from './components.ts'
import { merge, type Rules } from './render.ts'

const destinationPath = 's3://backups/mastodon'
const id = { existingSecret: 'backups', key: 'id' }
const path = 'postgresql.cloudnativepg'
const only = (key: string) =>
  `${path}.${key}: only used when postgresql.mode is cloudnativepg. Set the mode to cloudnativepg or remove this line.`
const beside = (key: string) =>
  `${path}.backup.${key}: not used with existingObjectStore, which says where the backups go to. Remove one of them.`
const bootstrap = { initdb: { secret: { name: 'mine' } } }
const other = { database: 'app', owner: 'app' }
const ours = {
  imageName: 'a:1',
  readReplicas: true,
  instances: 2,
  pooler: { enabled: true },
  backup: { enabled: true, destinationPath },
  spec: { bootstrap },
}
const pooled = (pooler: object, rest: object = {}) =>
  operated({ pooler: { enabled: true, ...pooler }, ...rest })
const noStatements = { parameters: { max_prepared_statements: 0 } }

/** Rules of zz-validate/_cloudnativepg.tpl. */
export const cloudnativepgRules: Rules = {
  'keys of CloudNativePG beside another server': {
    broken: { postgresql: { cloudnativepg: ours } },
    says: ['imageName', 'readReplicas', 'pooler.enabled', 'backup.enabled', 'spec'].map(only),
    met: [{}, operated(ours)],
  },
  'an address beside CloudNativePG': {
    broken: operated({}, { host: 'db.example.com' }),
    says: 'postgresql.host: only used when postgresql.mode is external. Set the mode to external or remove this line.',
    met: operated(),
  },
  'a name that CloudNativePG finds too long': {
    broken: operated({}, { name: 'a'.repeat(51) }),
    says: `postgresql.name: "${'a'.repeat(51)}" has 51 characters, and CloudNativePG accepts 50. Shorten it.`,
    met: operated({}, { name: 'a'.repeat(50) }),
  },
  'passwords that the operator makes': {
    broken: operated({}, { password: { value: 'a' }, superuserPassword: id }),
    says: ['password', 'superuserPassword'].map(
      (key) =>
        `postgresql.${key}: not used when postgresql.mode is cloudnativepg, as the operator makes the passwords. Remove this line, or give the operator a Secret with username and password in ${path}.spec.bootstrap.`,
    ),
    met: operated({ spec: { bootstrap } }),
  },
  'another database and role than those of Mastodon': {
    broken: operated({
      spec: { bootstrap: { initdb: other, recovery: other } },
    }),
    says: ['initdb', 'recovery'].flatMap((method) =>
      Object.entries({ database: 'database', owner: 'user' }).map(
        ([key, mine]) =>
          `${path}.spec.bootstrap.${method}.${key}: must be the same as postgresql.${mine}, which Mastodon connects with. Set postgresql.${mine} to "app" and remove this line.`,
      ),
    ),
    met: [
      operated({ spec: { bootstrap: { initdb: other } } }, { database: 'app', user: 'app' }),
      operated({ spec: { bootstrap: { initdb: { database: '' } } } }),
    ],
  },
  'a replica that nobody runs': {
    broken: operated({ readReplicas: true }),
    says: `${path}.readReplicas: needs a server that follows. Set ${path}.instances to 2 or more.`,
    met: operated({ readReplicas: true, instances: 2 }),
  },
  'storage that the operator cannot have': {
    broken: merge(operated(), { storage: { postgresql: { type: 'emptyDir' } } }),
    says: 'storage.postgresql.type: must be dynamic when postgresql.mode is cloudnativepg, as the operator creates the claims. Remove this line.',
    met: merge(operated(), { storage: { postgresql: { size: '50Gi' } } }),
  },
  'a pooler that forgets prepared statements': {
    broken: pooled(noStatements),
    says: `postgresql.preparedStatements: must be false behind a pooler whose max_prepared_statements is 0. Set it to false, or ${path}.pooler.parameters.max_prepared_statements to 200.`,
    met: [
      pooled({}),
      operated({ pooler: { enabled: true, ...noStatements } }, { preparedStatements: false }),
    ],
  },
  'a certificate without the name of the Pooler': {
    broken: pooled({}, { spec: { certificates: { serverAltDNSNames: ['db.example.com'] } } }),
    says: `${path}.spec.certificates.serverAltDNSNames: must contain "mastodon-cloudnativepg-pooler", as the Pooler has the server's certificate. Add it.`,
    met: [
      operated({ spec: { certificates: { serverAltDNSNames: ['db.example.com'] } } }),
      pooled(
        {},
        { spec: { certificates: { serverAltDNSNames: ['mastodon-cloudnativepg-pooler'] } } },
      ),
    ],
  },
  'a backup without an object store': {
    broken: backedUp({}),
    says: `${path}.backup.destinationPath: required when ${path}.backup.enabled is true. Set the address of a bucket, or existingObjectStore.`,
    met: [backedUp({ destinationPath }), backedUp({ existingObjectStore: 'backups' })],
  },
  'two object stores': {
    broken: backedUp({
      ...{ existingObjectStore: 'backups', destinationPath, endpoint: 'https://s3.example.com' },
      ...{ accessKeyId: id, secretAccessKey: { value: 'a' }, configuration: { wal: {} } },
    }),
    says: ['accessKeyId', 'configuration', 'destinationPath', 'endpoint', 'secretAccessKey'].map(
      beside,
    ),
    met: backedUp({ existingObjectStore: 'backups' }),
  },
  'half of a credential': {
    broken: backedUp({ destinationPath, accessKeyId: id }),
    says: `${path}.backup: accessKeyId and secretAccessKey belong together. Set both, or none.`,
    met: backedUp({ destinationPath, accessKeyId: id, secretAccessKey: { value: 'a' } }),
  },
}
