import { appVersion, type Values } from './render.ts'
import type { RuleCase } from './rule-case.ts'

const queues = ['default', 'push', 'ingress', 'mailers', 'pull', 'scheduler', 'fasp']
const jobs = ['admin', 'importDatabase', 'migrate', 'postMigrate', 'secrets', 'test']
const digest = `sha256:${'0'.repeat(64)}`

/** The same tag, and digest, for every image that can be named. */
function everyImage(tag: string, more: { digest?: string } = {}): Values {
  const image = { tag, ...more }
  return {
    mastodon: { image },
    streaming: { image },
    web: { image },
    sidekiq: { image, workers: [{ name: 'all', queues, image }] },
    postgresql: { image },
    redis: { image },
    jobs: Object.fromEntries(jobs.map((job) => [job, { image }])),
  }
}

const examples: readonly (readonly [string, string])[] = [
  ...jobs.map(
    (job) =>
      [`jobs.${job}.image`, job === 'importDatabase' ? '17.7-bookworm' : `v${appVersion}`] as const,
  ),
  ['mastodon.image', `v${appVersion}`],
  ['postgresql.image', '17.7-bookworm'],
  ['redis.image', '8.1.4-bookworm'],
  ['sidekiq.image', `v${appVersion}`],
  ['sidekiq.workers[0].image', `v${appVersion}`],
  ['streaming.image', `v${appVersion}`],
  ['web.image', `v${appVersion}`],
]

function moving(tag: string, paths = examples): string[] {
  return paths.map(
    ([path, exact]) =>
      `${path}.tag: "${tag}" moves from release to release. Set an exact one such as ${exact}, or ${path}.digest.`,
  )
}

function newer(path: string, tag: string, migrated: string, from = 'mastodon.image'): string {
  return `${path}.tag: "${tag}" is newer than "${migrated}", which migrates the database, so its pods would wait for ever. Set ${from}.tag to the newer one.`
}

/** The same image for all that waits until the database is migrated. */
function waiting(image: { tag: string }): Values {
  return {
    web: { image },
    sidekiq: { image, workers: [{ name: 'all', queues, image }] },
    jobs: { admin: { image }, postMigrate: { image } },
  }
}

const waitingPaths = [
  'jobs.admin.image',
  'jobs.postMigrate.image',
  'sidekiq.image',
  'sidekiq.workers[0].image',
  'web.image',
]

/** Rules of zz-validate/_images.tpl. */
export const imageRules: readonly RuleCase[] = [
  {
    rule: 'the tag latest',
    broken: everyImage('latest'),
    lines: moving('latest'),
    met: everyImage('latest', { digest }),
  },
  {
    rule: 'tags that are words',
    broken: {
      mastodon: { image: { tag: 'edge' } },
      streaming: { image: { tag: 'nightly' } },
      web: { image: { tag: 'main' } },
      sidekiq: { image: { tag: 'master' } },
      postgresql: { image: { tag: 'trixie' } },
      redis: { image: { tag: 'alpine' } },
      jobs: {
        importDatabase: { image: { tag: 'bookworm' } },
        secrets: { image: { tag: 'stable' } },
      },
    },
    lines: Object.entries({
      'mastodon.image': 'edge',
      'streaming.image': 'nightly',
      'web.image': 'main',
      'sidekiq.image': 'master',
      'postgresql.image': 'trixie',
      'redis.image': 'alpine',
      'jobs.importDatabase.image': 'bookworm',
      'jobs.secrets.image': 'stable',
    }).flatMap(([path, tag]) =>
      moving(
        tag,
        examples.filter(([one]) => one === path),
      ),
    ),
    met: everyImage('edge', { digest }),
  },
  {
    rule: 'a tag of a major version',
    broken: everyImage('17'),
    lines: moving('17'),
    met: everyImage('17', { digest }),
  },
  {
    rule: 'a tag of a minor version',
    broken: { mastodon: { image: { tag: 'v4.7' } }, redis: { image: { tag: '8.1-bookworm' } } },
    lines: [
      ...moving('v4.7', [['mastodon.image', `v${appVersion}`]]),
      ...moving('8.1-bookworm', [['redis.image', '8.1.4-bookworm']]),
    ],
    met: { mastodon: { image: { tag: 'v4.7.1' } }, redis: { image: { tag: '8.1.3-bookworm' } } },
  },
  {
    rule: 'a database without tag',
    broken: { postgresql: { image: { tag: '' } }, redis: { image: { tag: '' } } },
    lines: ['postgresql.image', 'redis.image'].map(
      (path) =>
        `${path}.tag: required, as an image without tag moves from release to release. Set an exact one, or ${path}.digest.`,
    ),
    met: { postgresql: { image: { tag: '', digest } }, redis: { image: { tag: '', digest } } },
  },
  {
    rule: 'an image newer than the chart, which migrates',
    broken: waiting({ tag: 'v99.0.0' }),
    lines: waitingPaths.map((path) => newer(path, 'v99.0.0', `v${appVersion}`)),
    met: { mastodon: { image: { tag: 'v99.0.0' } }, ...waiting({ tag: 'v99.0.0' }) },
  },
  {
    rule: 'a preview of a version newer than the tag that migrates',
    broken: { mastodon: { image: { tag: 'v4.9.0' } }, ...waiting({ tag: 'v4.10.0-beta.1' }) },
    lines: waitingPaths.map((path) => newer(path, 'v4.10.0-beta.1', 'v4.9.0')),
    met: { mastodon: { image: { tag: 'v4.10.0' } }, ...waiting({ tag: 'v4.10.0-beta.1' }) },
  },
  {
    rule: 'an image newer than the one of migrate',
    broken: { jobs: { migrate: { image: { tag: 'v4.0.0' } } } },
    lines: [newer('mastodon.image', `v${appVersion}`, 'v4.0.0', 'jobs.migrate.image')],
    met: {
      web: { image: { tag: 'v99.0.0' } },
      jobs: { migrate: { image: { tag: 'v99.0.0' } } },
    },
  },
  {
    rule: 'an image newer than a tag that replaces a digest',
    broken: {
      mastodon: { image: { digest } },
      web: { image: { tag: 'v99.0.0' } },
      jobs: { migrate: { image: { tag: 'v4.9.0' } } },
    },
    lines: [newer('web.image', 'v99.0.0', 'v4.9.0', 'jobs.migrate.image')],
    met: { mastodon: { image: { digest } }, web: { image: { tag: 'v99.0.0' } } },
  },
  {
    rule: 'an image newer than the tag that another repository leaves alone',
    broken: {
      mastodon: { image: { digest } },
      web: { image: { tag: 'v99.0.0' } },
      jobs: { migrate: { image: { repository: 'fork/mastodon' } } },
    },
    lines: [newer('web.image', 'v99.0.0', `v${appVersion}`)],
    met: {
      web: { image: { tag: 'v99.0.0' } },
      jobs: { migrate: { image: { digest } } },
    },
  },
  {
    rule: 'an image newer, but for those that cannot be compared',
    broken: {
      web: { image: { tag: 'v99.0.0' } },
      sidekiq: { image: { tag: 'v99.0.0', digest } },
      jobs: { admin: { image: { tag: 'build-99' } } },
    },
    lines: [newer('web.image', 'v99.0.0', `v${appVersion}`)],
    met: { mastodon: { image: { tag: 'build-1' } }, web: { image: { tag: 'v99.0.0' } } },
  },
]
