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

/** Rules of zz-validate/_images.tpl. */
export const imageRules: readonly RuleCase[] = [
  {
    rule: 'the tag latest',
    broken: everyImage('latest'),
    lines: moving('latest'),
    met: everyImage('latest', { digest }),
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
]
