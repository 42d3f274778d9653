import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const day = 24 * 60 * 60 * 1000

/** `$XDG_CACHE_HOME/<name>` or `~/.cache/<name>`. */
export function cacheRoot(name: string): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), name)
}

/** SHA-256 in hex over parts that cannot run into each other. */
export function hashOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest('hex')
}

/** Writes the file so that a reader sees all of it or none; two writers may race. */
export function writeAtomically(path: string, content: string | Uint8Array, mode = 0o644): void {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  writeFileSync(temporary, content, { mode })
  renameSync(temporary, path)
}

/** A folder of JSON entries named by a hash of what they were made from. */
export interface DiskCache<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
  values(): T[]
}

/** Opens (and makes) such a folder. */
export function openCache<T>(dir: string): DiskCache<T> {
  mkdirSync(dir, { recursive: true })
  const file = (key: string): string => join(dir, `${key}.json`)
  return {
    get: (key) => {
      if (!existsSync(file(key))) return undefined
      return JSON.parse(readFileSync(file(key), 'utf8')) as T
    },
    set: (key, value) => writeAtomically(file(key), JSON.stringify(value)),
    values: () =>
      readdirSync(dir)
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as T),
  }
}

/** Removes entries that were written more than `days` ago. */
export function pruneCache(dir: string, days: number, now = Date.now()): number {
  if (!existsSync(dir)) return 0
  const old = readdirSync(dir).filter((name) => {
    // Another run may have renamed or removed it since.
    const stats = statSync(join(dir, name), { throwIfNoEntry: false })
    return stats !== undefined && now - stats.mtimeMs > days * day
  })
  for (const name of old) rmSync(join(dir, name), { recursive: true, force: true })
  return old.length
}
