import { admin, bucket, components, importing, queues, workers } from './components.ts'
import { merge, type Rules, type Values } from './render.ts'

const blocks = components.filter(({ path }) => !path.startsWith('jobs.'))
const withEnv = ['pod', ...blocks.map(({ path }) => path)]
const secretInEnv = { env: { SMTP_PASSWORD: 'hunter2' } }
const secretNames = [
  ...['AWS_SECRET_ACCESS_KEY', 'DEEPL_API_KEY', 'ES_PASS'],
  ...['LDAP_PASSWORD', 'OIDC_CLIENT_SECRET', 'SELF_DESTRUCT', 'GITHUB_API_TOKEN'],
  ...['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'],
]
const incomplete =
  'mastodon.admin: username and email are required when mastodon.admin.enabled is true. Set both.'

/** Rules of zz-validate/_mastodon.tpl. */
export const instanceRules: Rules = {
  'a release that begins with a digit': {
    release: '00',
    broken: {},
    says: 'fullnameOverride: required for a release called "00", because names of Services begin with a letter and have no dots. Set it to a name such as mastodon.',
    met: { fullnameOverride: 'fedi' },
  },
  'a release with a dot': {
    release: 'social.example',
    broken: {},
    says: 'fullnameOverride: required for a release called "social.example", because names of Services begin with a letter and have no dots. Set it to a name such as mastodon.',
    met: { fullnameOverride: 'social' },
  },
  'a web domain without a local domain': {
    broken: { mastodon: { webDomain: 'social.example.com' } },
    says: 'mastodon.localDomain: required when mastodon.webDomain is set. Set it to the domain in handles; it can never be changed later.',
    met: { mastodon: { webDomain: 'social.example.com', localDomain: 'example.com' } },
  },
  'an administrator without a mail address': {
    broken: { mastodon: { admin: { enabled: true, username: 'alice' } } },
    says: incomplete,
    met: admin,
  },
  'an administrator without a name': {
    broken: { mastodon: { admin: { enabled: true, email: 'alice@example.com' } } },
    says: incomplete,
    met: { mastodon: { admin: { enabled: false, email: 'alice@example.com' } } },
  },
  'a secret in the variables of a component': {
    broken: merge(
      { pod: secretInEnv, sidekiq: secretInEnv },
      ...blocks.filter(({ path }) => path !== 'sidekiq').map(({ set }) => set(secretInEnv)),
      workers({ env: { A_PASSWORD: 'x' } }),
      { jobs: { migrate: { env: { PROXY: 'http://me:hunter2@proxy.example.com' } } } },
    ),
    says: [
      ...withEnv.map((component) => `${component}.env.SMTP_PASSWORD`),
      ...['jobs.migrate.env.PROXY', 'sidekiq.workers[0].env.A_PASSWORD'],
    ].map(
      (key) =>
        `${key}: is a secret but would be readable in the pod's manifest. Use valueFrom with a secretKeyRef.`,
    ),
    met: {
      web: { env: { SMTP_PASSWORD: { valueFrom: { secretKeyRef: { name: 'smtp', key: 'p' } } } } },
    },
  },
  'an outgoing proxy without scheme': {
    broken: { mastodon: { outgoing: { proxy: { value: 'proxy:3128' } } } },
    says: 'mastodon.outgoing.proxy.value: must begin with http:// or https://, or every Ruby process ends at boot. Write an address such as http://proxy.example.com:3128.',
    met: [
      { mastodon: { outgoing: { proxy: { value: 'http://me:word@proxy:3128' } } } },
      { mastodon: { outgoing: { proxy: { existingSecret: 'proxy', key: 'url' } } } },
    ],
  },
  'a proxy for hidden services that Mastodon may not use': {
    broken: { mastodon: { outgoing: { hiddenProxy: { value: 'http://tor:8118' } } } },
    says: 'mastodon.outgoing.allowAccessToHiddenService: must be true when mastodon.outgoing.hiddenProxy is set, as Mastodon otherwise refuses the hosts for which it is. Set it, or remove the proxy.',
    met: {
      mastodon: {
        outgoing: { hiddenProxy: { value: 'http://tor:8118' }, allowAccessToHiddenService: true },
      },
    },
  },
  'media where Mastodon delivers none': {
    broken: { mastodon: { mediaPath: '/media' } },
    says: 'mastodon.mediaUrl: required when mastodon.mediaPath is set, as Mastodon delivers only what is in its own public/system. Set the address at which a server of yours delivers the media.',
    met: [
      { mastodon: { mediaPath: '/media', mediaUrl: 'https://media.example.com/files' } },
      { mastodon: { mediaPath: '/opt/mastodon/public/system/' } },
    ],
  },
  'media over the files of the image': {
    broken: { mastodon: { mediaPath: '/opt/mastodon/public/', mediaUrl: '/media' } },
    says: 'mastodon.mediaPath: the volume would hide files that Mastodon needs. Set a directory of its own, such as /media.',
    met: { mastodon: { mediaPath: '/opt/media', mediaUrl: '/media' } },
  },
  'an address for media that are in a bucket': {
    broken: merge(bucket, { mastodon: { mediaUrl: 'https://media.example.com' } }),
    says: 'mastodon.mediaUrl: only used for media on a volume, but objectStorage.type is "s3". Remove this line, or set the host of that storage.',
    met: { mastodon: { mediaUrl: 'https://media.example.com' } },
  },
  'more threads at the start than at most': {
    broken: { web: { minThreads: 6 } },
    says: 'web.minThreads: must be at most web.maxThreads (5), or Puma does not start. Lower it, or raise web.maxThreads.',
    met: [{ web: { minThreads: 5 } }, { web: { minThreads: 6, maxThreads: 8 } }],
  },
  'compression by a Mastodon that cannot': {
    broken: { web: { compress: true }, mastodon: { image: { tag: 'v4.7.3' } } },
    says: 'web.compress: needs Mastodon 4.8, but this is v4.7.3. Remove this line and let the proxy in front of web compress, or set mastodon.image.tag.',
    met: ['v4.8.0', 'v4.8.0-beta.1', 'v4.9.1'].map((tag) => ({
      web: { compress: true },
      mastodon: { image: { tag } },
    })),
  },
  'keys from a Secret and from the environment': {
    broken: {
      secrets: { existingSecret: 'keys', fromEnv: true },
      envFrom: [{ secretRef: { name: 'keys' } }],
    },
    says: 'secrets: existingSecret and fromEnv are mutually exclusive. Remove the one that does not provide the keys.',
    met: importing,
  },
  'a variable in env and in secretEnv': {
    broken: { env: { MAX_TOOT: '1' }, secretEnv: { MAX_TOOT: '2' } },
    says: 'env.MAX_TOOT: is also set in secretEnv. Remove one of them.',
    met: { env: { MAX_TOOT: '1' }, secretEnv: { MAX_POLL: '2' } },
  },
  'secrets in env': {
    broken: { env: Object.fromEntries(secretNames.map((name) => [name, 'x'])) },
    says: secretNames.map(
      (name) =>
        `env.${name}: is a secret but would be stored in a ConfigMap. Move it to secretEnv.`,
    ),
    met: {
      env: { LDAP_UID: 'x', LDAP_BIND: { valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } } },
      secretEnv: { LDAP_PASSWORD: 'x' },
    },
  },
}

const jobs = ['migrate', 'postMigrate', 'admin', 'searchIndex', 'importDatabase']

/** Rules of zz-validate/_jobs.tpl. */
export const jobRules: Rules = {
  'a Job that vanishes after a while': {
    broken: { jobs: Object.fromEntries(jobs.map((job) => [job, { ttlSecondsAfterFinished: 60 }])) },
    says: jobs.map(
      (job) =>
        `jobs.${job}.ttlSecondsAfterFinished: not supported, as GitOps controllers would create the deleted Job again and again. Remove this line; Helm deletes the Job when a newer one replaces it.`,
    ),
    met: { jobs: { migrate: { terminationGracePeriodSeconds: 60 } } },
  },
}

const serving = (...list: readonly object[]): Values => ({ sidekiq: { workers: list } })
const others = queues.filter((queue) => queue !== 'scheduler')
const oneProcess = (path: string): string =>
  `${path}.replicas: must be 1 for sidekiq-a, as it serves "scheduler" and a second process would queue everything twice. Move "scheduler" to its own worker.`

/** Rules of zz-validate/_sidekiq.tpl. */
export const sidekiqRules: Rules = {
  'two workers of one name': {
    broken: serving({ name: 'a', queues }, { name: 'a', queues: ['push'] }),
    says: 'sidekiq.workers[1].name: "a" is also the name of another worker. Give each worker its own name.',
    met: serving({ name: 'a', queues }, { name: 'b', queues: ['push'] }),
  },
  'two replicas of the scheduler': {
    broken: serving({ name: 'a', queues, replicas: 2 }),
    says: oneProcess('sidekiq.workers[0]'),
    met: workers({ replicas: 2 }),
  },
  'two replicas of a scheduler with a weight, set as default': {
    broken: {
      sidekiq: { replicas: 2, workers: [{ name: 'a', queues: [...others, 'scheduler,1'] }] },
    },
    says: oneProcess('sidekiq'),
    met: { sidekiq: { replicas: 2, workers: [{ name: 'a', queues, replicas: 1 }] } },
  },
  'autoscaling of the scheduler': {
    broken: serving({ name: 'a', queues, autoscaling: { enabled: true } }),
    says: 'sidekiq.workers[0].autoscaling.enabled: must be false for sidekiq-a, as it serves "scheduler" and must be a single process. Move "scheduler" to its own worker.',
    met: workers({ autoscaling: { enabled: true } }),
  },
  'a scheduler that rolls': {
    broken: serving({ name: 'a', queues, strategy: { type: 'RollingUpdate' } }),
    says: 'sidekiq.workers[0].strategy.type: must be Recreate, as this worker serves "scheduler" and the old and the new pod would both queue its jobs. Remove this line.',
    met: serving({ name: 'a', queues, strategy: { type: 'Recreate' } }),
  },
  'two schedulers': {
    broken: serving({ name: 'a', queues }, { name: 'b', queues: ['scheduler'] }),
    says: 'sidekiq.workers: "scheduler" is served by a and b, but two processes would queue everything twice. Keep it in one worker only.',
    met: serving({ name: 'a', queues }, { name: 'b', queues: ['default'] }),
  },
  'queues that nobody serves': {
    broken: serving({ name: 'a', queues: ['mailers'] }),
    says: queues
      .filter((queue) => queue !== 'mailers')
      .map(
        (queue) =>
          `sidekiq.workers: no worker serves the queue "${queue}", so its jobs would pile up. Add it to the queues of a worker.`,
      ),
    met: serving({ name: 'a', queues: queues.map((queue) => `${queue},2`) }),
  },
}
