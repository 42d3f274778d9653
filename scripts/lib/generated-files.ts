// Generated files: written, or with --check compared with what is there.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fail } from './cli.ts'

/** A file that a script makes: its path below the repository, and its text. */
export interface GeneratedFile {
  path: string
  text: string
}

/** Writes the files that changed and returns their paths. */
export async function writeGenerated(root: string, files: GeneratedFile[]): Promise<string[]> {
  const stale = await findStale(root, files)
  for (const { path, text } of stale) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return stale.map((file) => file.path)
}

/** Stops with one sentence if a file is not what its source makes. */
export async function checkGenerated(
  root: string,
  files: GeneratedFile[],
  source = 'schema/values',
): Promise<void> {
  const stale = (await findStale(root, files)).map((file) => file.path)
  if (stale.length === 0) return
  const verb = stale.length === 1 ? 'is' : 'are'
  fail(`${stale.join(', ')} ${verb} older than ${source}: run \`npm run build\` and commit it.`)
}

async function findStale(root: string, files: GeneratedFile[]): Promise<GeneratedFile[]> {
  const stale: GeneratedFile[] = []
  for (const file of files) {
    if ((await readIfAny(join(root, file.path))) !== file.text) stale.push(file)
  }
  return stale
}

async function readIfAny(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
