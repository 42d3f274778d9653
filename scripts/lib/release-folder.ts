// Publishing to a folder that a web server serves: archives and an index.yaml.

import { existsSync } from 'node:fs'
import { access, constants, copyFile, mkdtemp, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fail } from './cli.ts'
import { sha256 } from './release-helm.ts'
import { fetchIndex, findEntry, missingEntry, readIndex } from './release-index.ts'
import type { Found, Release, Target } from './release-target.ts'

/** A folder as a target; with `url`, what is served there is looked at too. */
export function createFolderTarget(dir: string, url: string | undefined, release: Release): Target {
  return {
    label: `${release.file} in ${dir}`,
    find: () => findInFolder(dir, url, release),
    publish: (archive) => publishToFolder(archive, dir, url, release),
    verify: async (archive) => {
      await checkFolder(archive, dir, release)
      return url ? verifyServed(archive, url, release) : 'index and file agree'
    },
  }
}

async function findInFolder(
  dir: string,
  url: string | undefined,
  release: Release,
): Promise<Found> {
  await access(dir, constants.W_OK).catch(() =>
    fail(
      `release: --http ${dir}: not a folder that can be written to. Create it, or correct the path.`,
    ),
  )
  const index = await readIndex(join(dir, 'index.yaml'))
  const lost = url ? missingEntry(await fetchIndex(url), index) : undefined
  if (lost) {
    fail(
      `release: ${dir}/index.yaml lacks ${lost}, which ${url}/index.yaml has. Bring the folder up to date first.`,
    )
  }
  const archive = join(dir, release.file)
  const listed = findEntry(index, release) !== undefined
  if (listed) await checkFolder(archive, dir, release)
  return existsSync(archive) ? { archive, listed } : { listed }
}

/** First the archive, then the index that names it; each appears whole or not at all. */
async function publishToFolder(
  archive: string,
  dir: string,
  url: string | undefined,
  release: Release,
): Promise<void> {
  const staging = await mkdtemp(join(release.workDir, 'index-'))
  await copyFile(archive, join(staging, release.file))
  const old = join(dir, 'index.yaml')
  const merge = existsSync(old) ? ['--merge', old] : []
  const answer = await release.helm([
    'repo',
    'index',
    staging,
    ...(url ? ['--url', url] : []),
    ...merge,
  ])
  if (!answer.ok) fail(`release: Helm cannot add to ${old}: ${answer.reason}`)
  await putFile(join(staging, release.file), dir)
  await putFile(join(staging, 'index.yaml'), dir)
}

async function putFile(from: string, dir: string): Promise<void> {
  const temporary = join(dir, `.${basename(from)}.tmp`)
  await copyFile(from, temporary)
  await rename(temporary, join(dir, basename(from)))
}

/** Fails unless the index lists the version with the digest of the archive that lies beside it. */
async function checkFolder(archive: string, dir: string, release: Release): Promise<void> {
  const entry = findEntry(await readIndex(join(dir, 'index.yaml')), release)
  const file = join(dir, release.file)
  const same = existsSync(file) && (await sha256(file)) === (await sha256(archive))
  if (same && entry?.digest === (await sha256(file))) return
  fail(
    `release: ${dir}/index.yaml and ${release.file} do not belong together. Restore both from their last good state.`,
  )
}

async function verifyServed(archive: string, url: string, release: Release): Promise<string> {
  if (!findEntry(await fetchIndex(url), release)) {
    return `index and file agree; ${url} does not serve it yet, so upload the folder`
  }
  const folder = await mkdtemp(join(release.workDir, 'served-'))
  const from = ['--repo', url, '--version', release.version, '--destination', folder]
  const answer = await release.helm(['pull', release.name, ...from])
  if (!answer.ok)
    fail(`release: ${url} lists ${release.file} but does not serve it: ${answer.reason}`)
  const served = join(folder, release.file)
  if ((await sha256(served)) === (await sha256(archive)))
    return `pulled back from ${url}, same bytes`
  return fail(
    `release: ${url} serves another ${release.file} than was written. Look at what uploads the folder.`,
  )
}
