import { admin, embeddedSearch, importing, workers } from './components.ts'
import { appVersion, merge, preset, type Rules, type Values } from './render.ts'

const digest = `sha256:${'0'.repeat(64)}`
const jobs = Object.keys(preset<object>('jobs'))

/** The Jobs that a release has only when they are asked for. */
const optionalJobs = merge(admin, importing, embeddedSearch)

/** The same image for the worker, for all workers, and for these blocks and Jobs. */
const withImage = (image: object, blocks: readonly string[], ofJobs: readonly string[]): Values =>
  merge(
    workers({ image }),
    { sidekiq: { image } },
    ...blocks.map((block) => ({ [block]: { image } })),
    { jobs: Object.fromEntries(ofJobs.map((job) => [job, { image }])) },
    optionalJobs,
  )
const everyImage = (image: object): Values =>
  withImage(image, ['mastodon', 'web', 'streaming', 'postgresql', 'redis', 'search'], jobs)
/** The same for all that waits until the database is migrated. */
const waiting = (tag: string): Values => withImage({ tag }, ['web'], ['admin', 'postMigrate'])

const paths = [
  ...[
    'mastodon',
    'postgresql',
    'redis',
    'search',
    'sidekiq',
    'sidekiq.workers[0]',
    'streaming',
    'web',
  ],
  ...jobs.map((job) => `jobs.${job}`),
]
const waitingPaths = [...['jobs.admin', 'jobs.postMigrate', 'sidekiq', 'sidekiq.workers[0]', 'web']]

const moving = (path: string, tag: string): string =>
  `${path}.image.tag: "${tag}" is a different image with every release. Set the tag of one patch release, or ${path}.image.digest.`
const newer = (path: string, tag: string, migrated: string, from = 'mastodon.image'): string =>
  `${path}.image.tag: "${tag}" is newer than "${migrated}", the version that migrates the database, so its pods would wait forever. Set ${from}.tag to the newer version.`

const fork = { repository: 'me/mastodon', tag: 'v4.7.2-fork' }
const nightly = { repository: 'glitch-soc/mastodon', tag: 'nightly.2026-11-28' }
const old = (path: string, tag: string): string =>
  `${path}.image.tag: "${tag}" is older than 4.3, and this chart cannot run it. Upgrade the server to 4.3 or newer where it is now, then set its tag here.`

const words = {
  ...{ mastodon: 'edge', streaming: 'nightly', web: 'main', sidekiq: 'master' },
  ...{ postgresql: 'trixie', redis: 'alpine' },
}
const jobWords = { importDatabase: 'bookworm', secrets: 'stable' }
const tagged = (tags: Readonly<Record<string, string>>): Values =>
  merge(...Object.entries(tags).map(([block, tag]) => ({ [block]: { image: { tag } } })))
const front = { web: { image: { tag: 'v99.0.0' } } }
const migrating = (image: object): Values => ({ jobs: { migrate: { image } } })

/** Rules of zz-validate/_images.tpl. */
export const imageRules: Rules = {
  'the tag latest': {
    broken: everyImage({ tag: 'latest' }),
    says: paths.map((path) => moving(path, 'latest')),
    met: everyImage({ tag: 'latest', digest }),
  },
  'tags that are words': {
    broken: merge(tagged(words), optionalJobs, { jobs: tagged(jobWords) }),
    says: [
      ...Object.entries(words).map(([path, tag]) => moving(path, tag)),
      ...Object.entries(jobWords).map(([job, tag]) => moving(`jobs.${job}`, tag)),
    ],
    met: [
      everyImage({ tag: 'edge', digest }),
      { mastodon: { image: nightly }, streaming: { image: nightly } },
    ],
  },
  'a tag of a major version': {
    broken: everyImage({ tag: '17' }),
    says: paths.map((path) => moving(path, '17')),
    met: everyImage({ tag: '17', digest }),
  },
  'a tag of a minor version': {
    broken: tagged({ mastodon: 'v4.7', redis: '8.1-bookworm' }),
    says: [moving('mastodon', 'v4.7'), moving('redis', '8.1-bookworm')],
    met: tagged({ mastodon: 'v4.7.1', redis: '8.1.3-bookworm' }),
  },
  'a database without tag': {
    broken: tagged({ postgresql: '', redis: '' }),
    says: ['postgresql.image', 'redis.image'].map(
      (path) =>
        `${path}.tag: required, as without a tag the image changes with every release. Set the tag of one patch release, or ${path}.digest.`,
    ),
    met: { postgresql: { image: { tag: '', digest } }, redis: { image: { tag: '', digest } } },
  },
  'versions that the chart cannot run': {
    broken: tagged({ mastodon: 'v4.2.5', streaming: 'v4.2.29' }),
    says: [old('mastodon', 'v4.2.5'), old('streaming', 'v4.2.29')],
    met: tagged({ mastodon: 'v4.3.23' }),
  },
  'a fork without its image for streaming': {
    broken: { mastodon: { image: fork } },
    says: 'streaming.image.repository: required, as "v4.7.2-fork" is a tag of me/mastodon and mastodon/mastodon-streaming has no such tag. Set the streaming image of the fork, or streaming.image.tag.',
    met: [
      { mastodon: { image: { ...fork, tag: 'v4.7.2' } } },
      { mastodon: { image: { repository: 'mirror/mastodon/mastodon', tag: 'v4.7.2-r1' } } },
      { mastodon: { image: fork }, streaming: { image: { repository: 'me/streaming' } } },
      { mastodon: { image: fork }, streaming: { image: { tag: 'v4.7.2' } } },
    ],
  },
  'an image newer than the chart, which migrates': {
    broken: waiting('v99.0.0'),
    says: waitingPaths.map((path) => newer(path, 'v99.0.0', `v${appVersion}`)),
    met: merge(waiting('v99.0.0'), tagged({ mastodon: 'v99.0.0' })),
  },
  'a preview of a version newer than the tag that migrates': {
    broken: merge(waiting('v4.10.0-beta.1'), tagged({ mastodon: 'v4.9.0' })),
    says: waitingPaths.map((path) => newer(path, 'v4.10.0-beta.1', 'v4.9.0')),
    met: merge(waiting('v4.10.0-beta.1'), tagged({ mastodon: 'v4.10.0' })),
  },
  'an image newer than the one of migrate': {
    broken: migrating({ tag: 'v4.4.0' }),
    says: newer('mastodon', `v${appVersion}`, 'v4.4.0', 'jobs.migrate.image'),
    met: { ...front, ...migrating({ tag: 'v99.0.0' }) },
  },
  'an image newer than a tag that replaces a digest': {
    broken: { mastodon: { image: { digest } }, ...front, ...migrating({ tag: 'v4.9.0' }) },
    says: newer('web', 'v99.0.0', 'v4.9.0', 'jobs.migrate.image'),
    met: { mastodon: { image: { digest } }, ...front },
  },
  'an image newer than the tag that another repository keeps': {
    broken: {
      ...{ mastodon: { image: { digest } }, ...front },
      ...migrating({ repository: 'fork/mastodon' }),
    },
    says: newer('web', 'v99.0.0', `v${appVersion}`),
    met: { ...front, ...migrating({ digest }) },
  },
  'an image newer, but for those that cannot be compared': {
    broken: {
      ...front,
      sidekiq: { image: { tag: 'v99.0.0', digest } },
      jobs: { admin: { image: { tag: 'build-99' } } },
    },
    says: newer('web', 'v99.0.0', `v${appVersion}`),
    met: { mastodon: { image: { tag: 'build-1' } }, ...front },
  },
}
