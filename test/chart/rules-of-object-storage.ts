import { bucket, stores } from './components.ts'
import { merge, type Rules, type Values } from './render.ts'

const store = (name: string, block: object): Values =>
  merge(stores[name] ?? {}, { objectStorage: { [name]: block } })
const from = { existingSecret: 'made-by-an-operator', key: 'text' }
const needed = (key: string, type: string, remedy: string): string =>
  `objectStorage.${key}: required when objectStorage.type is ${type}. ${remedy}`
const unused = (path: string, type: string): string =>
  `objectStorage.${path}: only used when objectStorage.type is ${type}. Set the type to ${type}, or remove this line.`
const s3 = (block: object): Values => store('s3', block)
const hasBucket =
  'objectStorage.s3.endpoint: has the bucket in it, which Mastodon adds itself: it would be there twice, and old media could not be deleted. Remove it, and set objectStorage.s3.keyPrefix to "media" if there are media already.'

/** Rules of zz-validate/_object-storage.tpl. */
export const objectStorageRules: Rules = {
  'object storage without bucket': {
    broken: { objectStorage: { type: 's3' } },
    says: "objectStorage.s3.bucket: required when objectStorage.type is s3. Set the bucket's name.",
    met: bucket,
  },
  "a host that is not Amazon's, without endpoint": {
    broken: s3({ hostname: 's3.example.net' }),
    says: "objectStorage.s3.endpoint: required when objectStorage.s3.hostname is not Amazon's, or the media would be sent to Amazon. Set the address of the API, such as https://s3.example.net, or objectStorage.s3.aliasHost in place of the hostname for a CDN in front of Amazon.",
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
    broken: s3({ endpoint: 'http://minio:9000', hostname: 'minio:9000' }),
    says: 'objectStorage.s3.aliasHost: required when objectStorage.s3.endpoint has no TLS, as browsers load media only by https. Set a host that serves the bucket with TLS.',
    met: s3({ endpoint: 'http://minio:9000', aliasHost: 'media.example.com' }),
  },
  'a bucket that is not used': {
    broken: { objectStorage: { s3: { bucket: 'media', endpoint: 'https://s3.example.com' } } },
    says: [unused('s3.bucket', 's3'), unused('s3.endpoint', 's3')],
    met: [bucket, { objectStorage: { s3: { region: 'eu-central-1', accessKeyId: from } } }],
  },
  'a bucket of an operator that is not used': {
    broken: { objectStorage: { s3: { bucketFrom: from, endpointFrom: from } } },
    says: [unused('s3.bucketFrom', 's3'), unused('s3.endpointFrom', 's3')],
    met: store('s3', { bucket: '', bucketFrom: from, aliasHost: 'media.example.com' }),
  },
  'two stores': {
    broken: merge(bucket, {
      objectStorage: {
        swift: { container: 'media' },
        azure: { containerName: 'media' },
      },
    }),
    says: [unused('swift.container', 'swift'), unused('azure.containerName', 'azure')],
    met: merge(bucket, { objectStorage: { swift: { region: 'a' }, azure: { aliasHost: 'a.b' } } }),
  },
  'a bucket that is named twice': {
    broken: store('s3', { bucketFrom: from }),
    says: 'objectStorage.s3.bucketFrom: objectStorage.s3.bucket is set, too, as "media". Remove one of them.',
    met: store('s3', { bucket: '', bucketFrom: from }),
  },
  'an endpoint that the chart cannot read': {
    broken: store('s3', { endpointFrom: from }),
    says: 'objectStorage.s3.aliasHost: required when objectStorage.s3.endpointFrom is set, as the chart cannot read there where browsers find media. Set the public host, or objectStorage.s3.hostname to the host of the endpoint.',
    met: [
      store('s3', { endpointFrom: from, aliasHost: 'media.example.com' }),
      store('s3', { endpointFrom: from, hostname: 's3.example.com' }),
    ],
  },
  'a region that the chart cannot read': {
    broken: store('s3', { regionFrom: from }),
    says: "objectStorage.s3.aliasHost: required when objectStorage.s3.regionFrom is set, as the chart cannot read there where browsers find media. Set the public host, or objectStorage.s3.hostname to Amazon's host of the region, such as s3.eu-central-1.amazonaws.com.",
    met: [
      store('s3', { regionFrom: from, aliasHost: 'media.example.com' }),
      store('s3', { regionFrom: from, hostname: 's3.eu-central-1.amazonaws.com' }),
      store('s3', { regionFrom: from, endpoint: 'https://s3.example.com' }),
    ],
  },
  'an access key without its secret': {
    broken: store('s3', { accessKeyId: from }),
    says: "objectStorage.s3.secretAccessKey: the other half of the pair is set. Set both, or neither to use the identity of the pods' service account.",
    met: store('s3', { accessKeyId: from, secretAccessKey: from }),
  },
  'a secret without its access key': {
    broken: { ...bucket, secretEnv: { AWS_SECRET_ACCESS_KEY: 'x' } },
    says: "objectStorage.s3.accessKeyId: the other half of the pair is set. Set both, or neither to use the identity of the pods' service account.",
    met: {
      ...bucket,
      secretEnv: { AWS_SECRET_ACCESS_KEY: 'x' },
      env: { AWS_ACCESS_KEY_ID: { valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } } },
    },
  },
  'an endpoint with the bucket in it': {
    broken: s3({ endpoint: 'https://media.fra1.digitaloceanspaces.com/' }),
    says: hasBucket,
    met: [
      s3({ endpoint: 'https://fra1.digitaloceanspaces.com', keyPrefix: 'media' }),
      // In regions or servers with the name of the bucket.
      s3({ endpoint: 'https://media.digitaloceanspaces.com' }),
      s3({ endpoint: 'https://media.example.com' }),
    ],
  },
  'an endpoint with the bucket in its path': {
    broken: s3({
      endpoint: 'https://0123.r2.cloudflarestorage.com/media',
      aliasHost: 'media.example.com',
    }),
    says: hasBucket,
    met: s3({
      endpoint: 'https://0123.r2.cloudflarestorage.com',
      aliasHost: 'media.example.com',
    }),
  },
  'an endpoint with a path that media lack': {
    broken: s3({ endpoint: 'https://fedi.supabase.co/storage/v1/s3' }),
    says: 'objectStorage.s3.aliasHost: required when objectStorage.s3.endpoint has a path, as the addresses of media would lack it. Set the public host and path of the bucket.',
    met: [
      s3({
        endpoint: 'https://fedi.supabase.co/storage/v1/s3',
        aliasHost: 'fedi.supabase.co/storage/v1/object/public/media',
      }),
      s3({ endpoint: 'https://s3.example.com/api', hostname: 's3.example.com' }),
      s3({ endpoint: 'https://s3.example.com/' }),
    ],
  },
  'a style of paths without endpoint': {
    broken: store('s3', { overridePathStyle: true }),
    says: 'objectStorage.s3.overridePathStyle: only used when objectStorage.s3.endpoint is set. Set the endpoint, or remove this line.',
    met: store('s3', { overridePathStyle: true, endpoint: 'https://s3.example.com' }),
  },
  'a private bucket that browsers read': {
    broken: store('s3', { permission: 'private' }),
    says: 'objectStorage.s3.aliasHost: required when objectStorage.s3.permission is private, as Mastodon never signs the addresses of media and browsers could not read them. Set the host of a proxy that may read the bucket, or objectStorage.s3.permission to "" if the bucket\'s policy makes objects public.',
    met: [
      store('s3', { permission: 'private', aliasHost: 'media.example.com/files' }),
      store('s3', { permission: '' }),
    ],
  },
  'an empty block of Swift': {
    broken: { objectStorage: { type: 'swift' } },
    says: [
      ...['container', 'authUrl', 'objectUrl', 'username'].map((key) =>
        needed(`swift.${key}`, 'swift', 'Set it.'),
      ),
      needed('swift.password', 'swift', 'Set the password of objectStorage.swift.username.'),
    ],
    met: [
      stores.swift ?? {},
      merge(store('swift', { password: { value: '' } }), { secretEnv: { SWIFT_PASSWORD: 'x' } }),
    ],
  },
  'an empty block of Azure': {
    broken: { objectStorage: { type: 'azure' } },
    says: [
      needed('azure.storageAccount', 'azure', 'Set its name.'),
      needed('azure.containerName', 'azure', 'Set its name.'),
      "objectStorage.azure.aliasHost: required when objectStorage.type is azure, as Mastodon's pages allow media only from a host that is set. Set the public host of the container.",
      needed('azure.storageAccessKey', 'azure', 'Set an access key of the account.'),
    ],
    met: [
      stores.azure ?? {},
      merge(store('azure', { storageAccessKey: { value: '' } }), {
        secretEnv: { AZURE_STORAGE_ACCESS_KEY: 'x' },
      }),
    ],
  },
}
