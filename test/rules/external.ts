// What each example needs in addition to the chart: the objects that its first comment names, and the Secrets
// that the chart's own Jobs create in the cluster. The only table of outside inputs.
import {
  collectReferences,
  type ExternalObject,
  type Externals,
  isRecord,
  type Manifest,
  nameOf,
  podsOf,
  type Render,
  type Rule,
  valueAt,
} from 'chart-harness'

/** The keys of an instance, as the chart generates them or the user brings them. */
export const instanceKeys = [
  'ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY',
  'ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT',
  'ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY',
  'SECRET_KEY_BASE',
  'VAPID_PRIVATE_KEY',
  'VAPID_PUBLIC_KEY',
]

/** What the user creates before the install, by example; examples that are not listed need nothing. */
export const userMade: Readonly<Record<string, Externals>> = {
  cloudnativepg: {
    objects: [
      { object: 'Secret/mastodon-keys', keys: instanceKeys },
      { object: 'Secret/mastodon-backups', keys: ['access-key-id', 'secret-access-key'] },
    ],
  },
  everything: {
    objects: [
      { object: 'ConfigMap/company-ca', keys: ['ca.crt'] },
      { object: 'Secret/mastodon-keys', keys: instanceKeys },
      {
        object: 'Secret/everything',
        keys: [
          ...['cache-buster', 'captcha', 'ldap', 'libre-translate', 'oidc-client-secret'],
          ...['outgoing-hidden-proxy', 'outgoing-proxy', 'postgresql', 'postgresql-superuser'],
          ...['redis', 'redis-cache', 'redis-sidekiq', 's3-access-key-id', 's3-secret-access-key'],
          ...['saml-private-key', 'smtp', 'smtp-bulk', 'telemetry'],
        ],
      },
    ],
  },
  'external-services': {
    objects: [
      { object: 'Secret/mastodon-keys', keys: instanceKeys },
      { object: 'Secret/mastodon-database', keys: ['password'] },
      { object: 'Secret/mastodon-redis', keys: ['password'] },
      { object: 'Secret/mastodon-s3', keys: ['access-key-id', 'secret-access-key'] },
      { object: 'Secret/mastodon-smtp', keys: ['password'] },
    ],
  },
  gitops: {
    objects: [
      { object: 'Secret/mastodon-keys', keys: instanceKeys },
      {
        object: 'Secret/mastodon-passwords',
        keys: ['postgresql', 'postgresql-superuser', 'redis'],
      },
    ],
  },
  large: {
    objects: [
      { object: 'Secret/mastodon-keys', keys: instanceKeys },
      { object: 'Secret/mastodon-database', keys: ['password', 'replica-password'] },
      {
        object: 'Secret/mastodon-redis',
        keys: ['cache-password', 'password', 'sidekiq-password'],
      },
      { object: 'Secret/mastodon-s3', keys: ['access-key-id', 'secret-access-key'] },
      { object: 'Secret/mastodon-smtp', keys: ['password'] },
      'Secret/social-example-com-tls',
    ],
  },
  mstdnblue: { objects: ['ConfigMap/configmap-mstdnblue'] },
  oidc: { objects: [{ object: 'Secret/mastodon-oidc', keys: ['client-secret'] }] },
  'redis-sentinel': {
    objects: [{ object: 'Secret/mastodon-redis', keys: ['password', 'sentinel-password'] }],
  },
  'private-ca': {
    objects: [
      { object: 'ConfigMap/company-ca', keys: ['ca.crt'] },
      { object: 'Secret/mastodon-redis', keys: ['url'] },
      { object: 'Secret/postgresql-client', keys: ['tls.crt', 'tls.key'] },
    ],
  },
}

/** The Secrets that the chart's Jobs create in the cluster, by the end of their name. */
const jobMade: Readonly<Record<string, readonly string[]>> = {
  admin: ['password', 'state'],
  keys: instanceKeys,
  onion: ['hostname', 'hs_ed25519_public_key', 'hs_ed25519_secret_key'],
  passwords: ['postgresql', 'redis', 'redis-cache', 'redis-sidekiq', 'superuser'],
}

/** The Secrets that this render's Jobs must create, with their keys. */
export function generatedSecrets(render: Render): (ExternalObject & { readonly job: Manifest })[] {
  const jobs = podsOf(render.objects).filter(({ owner }) => owner.kind === 'Job')
  return jobs.flatMap(({ owner: job, spec }) =>
    spec.containers
      .flatMap(({ env = [] }) => env)
      .flatMap(({ name, value = '' }) => {
        if (name === 'SECRET')
          return [{ job, object: `Secret/${value}`, keys: jobMade.admin ?? [] }]
        return name === 'SECRETS' ? wantedSecrets(value).map((secret) => ({ job, ...secret })) : []
      }),
  )
}

function wantedSecrets(json: string): ExternalObject[] {
  const wanted: unknown = JSON.parse(json)
  if (!isRecord(wanted)) return []
  return Object.entries(wanted).map(([name, keys]) => {
    return { object: `Secret/${name}`, keys: Array.isArray(keys) ? keys.map(String) : [] }
  })
}

/** Everything that exists in addition to an example's render. */
export function externalsOfExample(render: Render): Externals {
  const { objects = [] } = userMade[render.release] ?? {}
  const made = [...operatorMade(render), ...generatedSecrets(render)]
  return { objects: [...objects, ...made], pods: operatorPods(render) }
}

/** An object that must be created before these values can be installed. */
export interface Need {
  readonly kind: string
  readonly name: string
  readonly keys: readonly string[]
}

const userKinds: ReadonlySet<string> = new Set([
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Secret',
  'ServiceAccount',
])

/** Where objects of other operators say which Secret they make, by kind; without a name it is their own. */
const makers: Readonly<Record<string, readonly string[]>> = {
  Certificate: ['spec', 'secretName'],
  ExternalSecret: ['spec', 'target', 'name'],
  SealedSecret: ['spec', 'template', 'metadata', 'name'],
}

/** The Secrets that operators make from the objects of this render. */
function operatorMade({ objects }: Render): string[] {
  return objects.flatMap((object) => {
    const { kind, metadata } = object
    if (kind === 'Cluster') return ['app', 'ca'].map((end) => `Secret/${metadata.name}-${end}`)
    const path = makers[kind]
    if (path) return [`Secret/${valueAt(object, path) ?? metadata.name}`]
    const annotations = Object.keys(metadata.annotations ?? {})
    if (!annotations.some((name) => /^cert-manager\.io\/(cluster-)?issuer$/.test(name))) return []
    const tls = valueAt(object, ['spec', 'tls'])
    return Array.isArray(tls) ? tls.map(({ secretName }) => `Secret/${secretName}`) : []
  })
}

/** The labels of the pods that CloudNativePG runs for this render. */
function operatorPods({ objects }: Render): Record<string, string>[] {
  const clusters = objects.filter(({ kind }) => kind === 'Cluster')
  return clusters.map(({ metadata }) => ({ 'cnpg.io/cluster': metadata.name }))
}

/** What the render refers to, but neither contains nor creates: the user's own objects. */
export function needsOf(render: Render): Need[] {
  const generated = generatedSecrets(render).map(({ object }) => object)
  const made = new Set([...generated, ...operatorMade(render)])
  const needs = new Map<string, Need>()
  for (const reference of collectReferences(render)) {
    const { kind, name, namespace, key, optional } = reference
    if (namespace !== undefined && namespace !== render.namespace) continue
    if (optional || !userKinds.has(kind) || render.has(kind, name)) continue
    if (made.has(`${kind}/${name}`)) continue
    if (kind === 'ServiceAccount' && name === 'default') continue
    const keys = new Set(needs.get(`${kind}/${name}`)?.keys ?? [])
    if (key !== undefined) keys.add(key)
    needs.set(`${kind}/${name}`, { kind, name, keys: [...keys].sort() })
  }
  return [...needs.values()].sort((a, b) =>
    `${a.kind}/${a.name}`.localeCompare(`${b.kind}/${b.name}`),
  )
}

/** Everything in addition to the render of a user's values: what it needs is assumed to exist. */
export function externalsOfUser(render: Render): Externals {
  const needs = needsOf(render).map(({ kind, name }) => `${kind}/${name}`)
  const made = [...operatorMade(render), ...generatedSecrets(render)]
  return { objects: [...needs, ...made], pods: operatorPods(render) }
}

/** Each generated Secret is one of the declared ones and gets no other keys than declared. */
export const generatedSecretsRule: Rule = {
  name: 'generated-secrets',
  run: (render) => {
    const secrets = generatedSecrets(render)
    const problems = secrets.flatMap(({ job, object, keys = [] }) => {
      const known = jobMade[object.split('-').at(-1) ?? '']
      const unknown = keys.filter((key) => !known?.includes(key))
      if (known && unknown.length === 0 && keys.length > 0) return []
      const what = known ? `the keys ${unknown.join(', ') || '(none)'}` : 'no known name'
      const message = `the generated ${object} has ${what}; test/rules/external.ts declares others.`
      return [{ rule: 'generated-secrets', object: nameOf(job), message }]
    })
    return { problems, visited: secrets.length }
  },
}
