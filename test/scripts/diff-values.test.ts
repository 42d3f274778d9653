// npm run diff, run as a user runs it, or called in this process.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CommandResult,
  canary,
  compareForPeople,
  containsSecret,
  copyChart,
  formatComparison,
  runCommand,
  seedFaults,
} from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { main } from '../../scripts/diff-values.ts'
import { chart, renderExample } from '../rules/project.ts'
import { callHere, runScript } from './fixtures/run-script.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const dir = scratchFolder()
const diff = (args: string[]): Promise<CommandResult> => callHere(main, args, { cwd: dir })

function file(name: string, text: string): string {
  writeFileSync(join(dir, name), text)
  return name
}

const password = (name: string): string =>
  `smtp: {server: mail.example.com, fromAddress: a@example.com, password: {value: '${canary(name)}'}}\n`
const nfs = (server: string): string =>
  `storage: {system: {type: nfs, nfs: {server: ${server}, path: /media}}}\n`

describe('two values files', async () => {
  const old = file('old.yaml', password('old') + nfs('10.0.0.1'))
  const fresh = file('new.yaml', `${password('new') + nfs('10.0.0.2')}streaming: {replicas: 2}\n`)
  const { code, stdout, stderr } = await diff([old, fresh])
  const lines = stdout.split('\n')

  test('are compared by object and field', () => {
    expect(stderr).toBe('')
    expect(lines[0]).toMatch(/^\d+ added, \d+ removed, \d+ changed, \d+ unchanged$/)
    expect(lines).toContain('+ PodDisruptionBudget/mastodon-streaming')
    expect(lines[lines.indexOf('~ Deployment/mastodon-streaming') + 1]).toBe(
      '    spec.replicas: 1 → 2',
    )
  })

  test('show that a secret changed, without its value', () => {
    expect(stdout).toMatch(
      /~ Secret\/mastodon-env\n {4}stringData\.SMTP_PASSWORD: "\(secret \d+\)" → "\(secret \d+\)"\n/,
    )
    expect(containsSecret(stdout, canary('old')) || containsSecret(stdout, canary('new'))).toBe(
      false,
    )
  })

  test('show which pods restart and which Jobs run', () => {
    expect(stdout).toMatch(
      /^restarts: Deployment\/mastodon-sidekiq-all, (.*, )?Deployment\/mastodon-web$/m,
    )
    expect(stdout).toMatch(/^runs: .*Job\/mastodon-migrate-[0-9a-f]{8}.*Job\/mastodon-secrets$/m)
  })

  test('fail when Kubernetes would refuse, with the remedy', () => {
    expect(code).toBe(1)
    expect(lines.filter((line) => line.startsWith('!'))).toEqual([
      '! PersistentVolume/mastodon-mastodon-system spec.nfs.server: cannot be changed after creation ("10.0.0.1" → "10.0.0.2"). Give the new share a volume and a claim with other names.',
    ])
  })
})

describe('two charts', async () => {
  const values = readFileSync(join(chart.path, 'values.yaml'), 'utf8')
  copyChart(chart.path, join(dir, 'chart'), {
    'values.yaml': values.replace('maxMemory: 384mb', 'maxMemory: 256mb'),
  })
  await runCommand('tar', ['-czf', join(dir, 'old.tgz'), '-C', dir, 'chart'])
  const args = ['--chart-from', 'old.tgz', '--chart-to', chart.path, '--json']
  const { code, stdout, stderr } = await runScript('diff-values', args, { cwd: dir })

  test('are compared with the same values, as JSON; a package is unpacked', () => {
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const { added, removed, changed, restarts, refused } = JSON.parse(stdout)
    expect({ added, removed, restarts, refused }).toEqual({
      added: [],
      removed: [],
      restarts: ['StatefulSet/mastodon-redis'],
      refused: [],
    })
    expect(changed).toHaveLength(1)
    expect(changed[0].object).toBe('StatefulSet/mastodon-redis')
  })
})

describe('the report', () => {
  const compare = async (object: string, path: string, value: unknown): Promise<string> => {
    const before = await renderExample('minimal')
    return formatComparison(compareForPeople(before, seedFaults(before, [{ object, path, value }])))
  }

  test('of equal renders says that nothing happens but the hook', async () => {
    const render = await renderExample('minimal')
    expect(formatComparison(compareForPeople(render, render))).toBe(
      [
        `0 added, 0 removed, 0 changed, ${render.objects.length} unchanged`,
        'restarts: nothing',
        'runs: Job/minimal-mastodon-secrets',
        'refused by Kubernetes: nothing',
      ].join('\n'),
    )
  })

  const web = 'Deployment/minimal-mastodon-web'
  const postgresql = 'StatefulSet/minimal-mastodon-postgresql'
  const system = 'PersistentVolumeClaim/minimal-mastodon-system'
  const redis = 'PersistentVolumeClaim/minimal-mastodon-redis'
  const service = 'Service/minimal-mastodon-web'
  const size = 'spec.resources.requests.storage'
  const refused = 'cannot be changed after creation ('

  test.for([
    [
      service,
      'spec.ports[0].port',
      8000,
      `careful:\n? ${service} spec.ports[0].port: clients of port`,
    ],
    [redis, 'metadata.name', 'other', `- ${redis} (stays in the cluster)`],
    [system, size, '1Gi', `! ${system} ${size}: cannot shrink ("20Gi" → "1Gi"). Keep the size.`],
  ] as const)('of %s with another %s: %s', async ([object, path, value, sentence]) => {
    expect(await compare(object, path, value)).toContain(sentence)
  })

  test.for([
    [web, 'spec.selector.matchLabels.x', 'Delete the Deployment first'],
    [postgresql, 'spec.serviceName', '--cascade=orphan'],
    [system, 'spec.storageClassName', 'move the data'],
  ] as const)('of %s with another %s has the remedy: %s', async ([object, path, remedy]) => {
    const lines = (await compare(object, path, 'x')).split('\n')
    const [line] = lines.filter((each) => each.startsWith(`! ${object} ${path}: ${refused}`))
    expect(line).toContain(remedy)
  })

  test('adds no remedy to a message that has one', async () => {
    const [object, path] = [web, 'spec.strategy.type']
    const base = await renderExample('minimal')
    const bare = seedFaults(base, [{ object, path: 'spec.strategy.rollingUpdate' }])
    const after = seedFaults(bare, [{ object, path, value: 'Recreate' }])
    expect(formatComparison(compareForPeople(bare, after))).toMatch(
      new RegExp(`! ${object} ${path}: Helm 4 refuses Recreate .* the release before\\.$`, 'm'),
    )
  })
})

describe('bad input is one sentence', () => {
  test('as a user sees it', async () => {
    const list = file('list.yaml', '- a\n')
    const { code, stdout, stderr } = await diff([list, 'nowhere.yaml'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toBe(
      [
        'diff-values: list.yaml is a list, not a map of values. Begin with a key, for example "image:".',
        'diff-values: nowhere.yaml does not exist. Name a values file that does.',
        '',
      ].join('\n'),
    )
  })

  test('values that Helm refuses are reported with the command', async () => {
    const { code, stderr } = await diff([file('wrong.yaml', 'webb: {}\n'), file('empty.yaml', '')])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^diff-values: helm template mastodon .* fails:\n {2}webb: is not a known key\. Did you mean web\?\n$/,
    )
  })

  test('an archive that is not a package', async () => {
    const { code, stderr } = await diff(['--chart-to', file('broken.tgz', 'not an archive')])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^diff-values: broken\.tgz is not a chart package \(.+\)\. Package it with helm package\.\n$/,
    )
  })
})
