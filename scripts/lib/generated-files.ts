// Generated files: written, or compared with what is there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail } from './cli.ts'

/** A file that a script generates: its path below the repository, and its text. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** Writes the files that changed and prints their names. Without `print` it fails if any is out of date. */
export async function emitGenerated(
  root: string,
  files: readonly GeneratedFile[],
  source: string,
  print: ((line: string) => void) | undefined,
): Promise<void> {
  const stale = files.filter(({ path, text }) => readIfAny(join(root, path)) !== text)
  if (stale.length === 0) return
  const names = stale.map(({ path }) => path).join(', ')
  const verb = stale.length === 1 ? 'is' : 'are'
  if (!print) fail(`${names} ${verb} older than ${source}: run \`npm run build\` and commit it.`)
  for (const { path, text } of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    print(`wrote ${path}`)
  }
}

function readIfAny(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
