// chart/files/import-database.awk, run by the awks of this machine on dumps of a few lines.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { chart } from '../rules/project.ts'

const program = join(chart.path, 'files', 'import-database.awk')

const opening = ['--', '-- PostgreSQL database dump', '--', '']
const rowOfAccounts = ['COPY public.accounts (id) FROM stdin;', '1', '\\.']
const closing = ['', '--', '-- PostgreSQL database dump complete', '--', '']

/** An awk: what to call it in a test, and how to run it. */
export interface Awk {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

/** The awks on PATH, each once; PostgreSQL's images have mawk, macOS has a different one. */
export const awks: readonly [Awk, ...Awk[]] = findAwks()

function findAwks(): [Awk, ...Awk[]] {
  const names = ['awk', 'mawk', 'gawk', 'original-awk', 'busybox']
  const folders = (process.env.PATH ?? '').split(':')
  const paths = names.flatMap(
    (name) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? [],
  )
  const each = new Map(paths.map((path) => [realpathSync(path), path])).values()
  const [first, ...others] = [...each].map((path): Awk => {
    const name = basename(path)
    if (name !== 'busybox') return { name, command: [path] }
    return { name: 'busybox awk', command: [path, 'awk'] }
  })
  if (!first) throw new Error('There is no awk on PATH; every Unix has one. Install mawk.')
  return [first, ...others]
}

/** What the program made of a dump. */
export interface Translation {
  readonly code: number | null
  readonly sql: Buffer
  /** The tables with their rows, as SQL values, sorted. */
  readonly counts: readonly string[]
  /** Why the dump was refused, or nothing. */
  readonly trouble: string
  readonly log: string
}

/** The settings that the target knows in these tests. */
const knownSettings = ['statement_timeout', 'client_encoding', 'default_tablespace']

/** Passes a dump through the program, as import-database.sh does. */
export function translate({ command: [path, ...words] }: Awk, dump: string | Buffer): Translation {
  const folder = mkdtempSync(join(tmpdir(), 'import-database-'))
  const files = {
    known: join(folder, 'known'),
    counts: join(folder, 'counts'),
    trouble: join(folder, 'trouble'),
  }
  const variables = Object.entries({ ...files, label: "'old.sql'" })
  const options = variables.flatMap(([name, value]) => ['-v', `${name}=${value}`])
  const read = (name: keyof typeof files) =>
    existsSync(files[name]) ? readFileSync(files[name], 'utf8') : ''
  try {
    writeFileSync(files.known, knownSettings.map((name) => `${name}\n`).join(''))
    const { status, stdout, stderr, error } = spawnSync(
      path,
      [...words, ...options, '-f', program],
      { input: dump, env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 2 ** 24 },
    )
    if (error) throw error
    const counts = read('counts').split('\n').filter(Boolean).sort()
    return { code: status, sql: stdout, counts, trouble: read('trouble'), log: `${stderr}` }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A dump with these lines in it, and one table with one row, as a dump without rows is refused. */
export function dumpWith(...lines: readonly string[]): string {
  return [...opening, ...lines, ...rowOfAccounts, ...closing].join('\n')
}

/** A dump with this between COPY and its end. */
export function dumpOf(data: Buffer, copy = 'COPY public.statuses (id, text) FROM stdin;'): Buffer {
  const before = Buffer.from(`${opening.join('\n')}\n${copy}\n`)
  return Buffer.concat([before, data, Buffer.from(`\\.\n\n${closing.join('\n')}`)])
}

/** The SQL that is left of these statements. */
export function leftOf(awk: Awk, statements: string): string {
  const { code, sql, trouble } = translate(awk, dumpWith(statements.replace(/\n$/, '')))
  if (code !== 0) throw new Error(`refused: ${trouble}`)
  const [left, rest] = sql.toString().split(`${rowOfAccounts.join('\n')}\n`)
  if (left === undefined || rest !== '') throw new Error(`the row of accounts is lost: ${sql}`)
  return left
}
