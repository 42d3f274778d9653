// What PostgreSQL's first container refuses on a share. Only the databases run.
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Pod } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exampleFile } from '../rules/project.ts'
import { install } from './lib/helm.ts'
import { find, kubectl } from './lib/kubectl.ts'
import { removeNamespace } from './lib/namespaces.ts'
import { refusal } from './lib/pods.ts'
import { plan, type Scenario } from './lib/scenario.ts'
import { emptyShare, nfsVolume, removeShare, type Share } from './lib/shares.ts'
import { eventually } from './lib/wait.ts'

const shareName = 'cluster-test-preflight'
const pod = 't-mastodon-postgresql-0'
const data = '/var/lib/postgresql/data'

let scenario: Scenario
let share: Share

beforeAll(async () => {
  share = await emptyShare(shareName, 0)
  scenario = await plan({ title: 'preflight', helm: 3 })
  await install(scenario.release, {
    files: [exampleFile('minimal')],
    values: {
      maintenance: true,
      storage: { postgresql: nfsVolume(share), redis: { type: 'emptyDir' } },
    },
    wait: false,
  })
})
afterAll(async () => {
  await removeNamespace(scenario?.release.namespace)
  await removeShare(shareName)
})

const cases: { title: string; owner?: number; spoil?: () => void; sentence: string }[] = [
  {
    title: 'a share that belongs to root',
    owner: 0,
    sentence:
      "The volume of PostgreSQL is not writable for user 999. Make the share's directory belong to 999 (chown 999) " +
      'or export it with all_squash,anonuid=999.',
  },
  {
    title: 'a data directory of another user',
    spoil: () => {
      directory('pgdata', 1000)
      chmodSync(join(share.folder, 'pgdata'), 0o777)
    },
    sentence: `${data}/pgdata belongs to user 1000, but PostgreSQL runs as 999 and must own it. Run chown -R 999 on the share.`,
  },
  {
    title: 'data of another major version',
    spoil: () => file('pgdata/PG_VERSION', '16\n'),
    sentence:
      'The data directory is from PostgreSQL 16, but the image is PostgreSQL 17. Set postgresql.image.tag back to a 16; ' +
      'to move to 17, import the old database into an empty volume (import.database).',
  },
  {
    title: 'a cluster at another place of the share',
    spoil: () => {
      file('old/main/PG_VERSION', '17\n')
      file('old/main/global/pg_control', 'x')
    },
    sentence:
      "The PostgreSQL cluster is in '/old/main' of the volume, not in '/pgdata'. " +
      "Set postgresql.dataSubdirectory to 'old/main', or use an empty share.",
  },
  {
    title: "the data of Bitnami's image, closed to others",
    spoil: () => {
      file('data/global/pg_control', 'x')
      chownSync(join(share.folder, 'data'), 1001, 0)
      chmodSync(join(share.folder, 'data'), 0o700)
    },
    sentence:
      "'/data' of the volume has the data of another image, such as Bitnami's, without its configuration, and this image " +
      'cannot use it. Leave that volume as it is, use an empty one here, and import the database from the old server ' +
      'while that runs (import.database, see docs/importing.md).',
  },
  {
    title: 'a directory with something else in it',
    spoil: () => file('pgdata/holiday.jpg', 'x'),
    sentence: `${data}/pgdata is neither empty nor a PostgreSQL cluster. Empty it or set postgresql.dataSubdirectory to a new directory.`,
  },
]

test.each(cases)('refused: $title', async ({ owner = 999, spoil, sentence }) => {
  clear(owner)
  spoil?.()
  await nextPod()
  expect((await refusal(scenario, 'postgresql')).trim()).toBe(sentence)
})

test('an empty share that belongs to PostgreSQL is initialised', async () => {
  clear(999)
  await nextPod()
  const { namespace } = scenario.release
  await kubectl(['wait', `pod/${pod}`, '--for=condition=Ready', '--timeout=180s'], { namespace })
  expect((await find<Pod>('pod', pod, namespace))?.status?.phase).toBe('Running')
})

/** Empties the share; its directory stays, as it is mounted. */
function clear(owner: number): void {
  // The pod before may be writing there still.
  for (const entry of readdirSync(share.folder))
    rmSync(join(share.folder, entry), { recursive: true, maxRetries: 10 })
  chownSync(share.folder, owner, owner)
}

function directory(path: string, owner: number): void {
  const whole = join(share.folder, path)
  mkdirSync(whole, { recursive: true })
  let part = share.folder
  for (const word of path.split('/')) {
    part = join(part, word)
    chownSync(part, owner, owner)
  }
}

function file(path: string, text: string): void {
  directory(dirname(path), 999)
  const whole = join(share.folder, path)
  writeFileSync(whole, text)
  chownSync(whole, 999, 999)
}

/** Restarts PostgreSQL's pod: waiting for the kubelet's next try would take minutes. */
async function nextPod(): Promise<void> {
  const { namespace } = scenario.release
  await eventually('The pod of PostgreSQL', () => find('pod', pod, namespace))
  await kubectl(['delete', 'pod', pod, '--grace-period=1'], { namespace })
}
