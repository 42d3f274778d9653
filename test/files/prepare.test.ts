// What prepare.sh refuses before PostgreSQL starts, as far as that can be tested without the mount, whose path is fixed.
// A first start, a cluster in another directory and shares that squash users: see test/cluster.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chart } from '../rules/project.ts'

const program = join(chart.path, 'files', 'postgresql', 'prepare.sh')

// Read by bash before the program. Nothing is written to this machine's /dev, no server starts even if there is one,
// and macOS' stat has other options.
const prelude = `
tee() { cat; }
docker-entrypoint.sh() { return 1; }
stat -c %u / >/dev/null 2>&1 || stat() { command stat -f %u "$3"; }
`

let folder: string
let data: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-'))
  data = join(folder, 'data')
  writeFileSync(join(folder, 'prelude'), prelude)
})
afterEach(() => rmSync(folder, { recursive: true }))

function prepare(): { readonly code: number | null; readonly said: string } {
  const { status, stderr, error } = spawnSync('bash', [program], {
    env: {
      ...{ PATH: process.env.PATH, TMPDIR: folder, BASH_ENV: join(folder, 'prelude') },
      ...{ PGDATA: data, PG_MAJOR: '17' },
    },
  })
  if (error) throw error
  return { code: status, said: stderr.toString() }
}

/** The data directory with these files in it. */
function fill(files: Readonly<Record<string, string>>): void {
  mkdirSync(data)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(data, name), text)
}

const me = process.getuid?.()
// No server starts here, so it ends with this sentence unless it refuses something.
const passed = 'PostgreSQL did not start; see the log of the container prepare.\n'

const unwritable =
  `The volume of PostgreSQL is not writable for user ${me}. Make the share's directory belong to ${me} ` +
  `(chown ${me}) or export it with all_squash,anonuid=${me}.`

test.each<[string, () => void, (path: string) => string]>([
  [
    'a volume in which no directory can be created',
    () => {
      writeFileSync(data, '')
      data = join(data, 'inside-a-file')
    },
    () => unwritable,
  ],
  [
    'a directory in which no file can be created',
    () => {
      fill({})
      // Unlike permissions, this stops root, too.
      mkdirSync(join(data, '.write-test'))
    },
    (path) => `${path} is not writable for user ${me}. Make it belong to ${me} (chown -R ${me}).`,
  ],
  [
    'the data of another major version',
    () => fill({ PG_VERSION: '16\n' }),
    () =>
      'The data directory is from PostgreSQL 16, but the image is PostgreSQL 17. Set postgresql.image.tag back to a 16; ' +
      'to move to 17, import the old database into an empty volume (import.database).',
  ],
  [
    'the data of an image that keeps its configuration elsewhere',
    () => {
      fill({ PG_VERSION: '17\n' })
      mkdirSync(join(data, 'global'))
      writeFileSync(join(data, 'global', 'pg_control'), '')
    },
    (path) =>
      `'${path}' of the volume has the data of another image, such as Bitnami's, without its configuration, and this image ` +
      'cannot use it. Leave that volume as it is, use an empty one here, and import the database from the old server while ' +
      'that runs (import.database, see docs/importing.md).',
  ],
  [
    'a directory with other files',
    () => fill({ 'notes.txt': 'mine' }),
    (path) =>
      `${path} is neither empty nor a PostgreSQL cluster. Empty it or set postgresql.dataSubdirectory to a new directory.`,
  ],
])('refused: %s', (_, spoil, sentence) => {
  spoil()
  expect(prepare()).toEqual({ code: 1, said: `${sentence(data)}\n` })
})

test('what is refused is not changed', () => {
  fill({ 'notes.txt': 'mine' })
  prepare()
  expect(readFileSync(join(data, 'notes.txt'), 'utf8')).toBe('mine')
})

test.each([{ PG_VERSION: '17\n' }, {}])('%j is accepted, for its owner only', (files) => {
  fill(files)
  expect(prepare().said).toContain(passed)
  expect(statSync(data).mode & 0o777).toBe(0o700)
})

test('a directory that does not exist is created', () => {
  data = join(data, 'deep', 'below')
  expect(prepare().said).toContain(passed)
  expect(statSync(data).isDirectory()).toBe(true)
})
