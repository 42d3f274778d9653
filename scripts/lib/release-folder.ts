// Publishing to a folder that a web server serves: archives and an index.yaml.
import { existsSync } from 'node:fs'
import { access, constants, copyFile, mkdtemp, readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isRecord, parseYaml } from 'chart-harness'
import { fail } from './cli.ts'
import { sha256 } from './release-package.ts'
import type { Found, Release, Target } from './release-registry.ts'

const timeout = 30_000

/** A folder as a target; with `url`, what is served there is checked, too. */
export function createFolderTarget(dir: string, url: string | undefined, release: Release): Target {
  return {
    label: `${release.file} in ${dir}`,
    find: () => find(dir, url, release),
    publish: (archive) => publish(archive, dir, url, release),
    verify: async (archive) => {
      await checkFolder(archive, dir, release)
      return url ? verifyServed(archive, url, release) : 'index and file agree'
    },
  }
}

async function find(dir: string, url: string | undefined, release: Release): Promise<Found> {
  await access(dir, constants.W_OK).catch(() =>
    fail(
      `release: --http ${dir}: not a folder that can be written to. Create it, or correct the path.`,
    ),
  )
  const index = await readIndex(dir)
  const served = url ? await fetchIndex(url) : []
  const lost = served.find((entry) => !findEntry(index, entry)) // writing ours would lose it
  if (lost)
    fail(
      `release: ${dir}/index.yaml lacks ${lost.name} ${lost.version}, which ${url}/index.yaml has. Bring the folder up to date first.`,
    )
  const archive = join(dir, release.file)
  const listed = findEntry(index, release) !== undefined
  if (listed) await checkFolder(archive, dir, release)
  return existsSync(archive) ? { archive, listed } : { listed }
}

/** First the archive, then the index that names it; each is replaced in one step. */
async function publish(
  archive: string,
  dir: string,
  url: string | undefined,
  { file, helm, workDir }: Release,
): Promise<void> {
  const staging = await mkdtemp(join(workDir, 'index-'))
  await copyFile(archive, join(staging, file))
  const old = join(dir, 'index.yaml')
  const address = url ? ['--url', url] : []
  const merge = existsSync(old) ? ['--merge', old] : []
  const answer = await helm(['repo', 'index', staging, ...address, ...merge])
  if (!answer.ok) fail(`release: Helm cannot add to ${old}: ${answer.reason}`)
  await putFile(join(staging, file), dir)
  await putFile(join(staging, 'index.yaml'), dir)
}

async function putFile(from: string, dir: string): Promise<void> {
  const temporary = join(dir, `.${basename(from)}.tmp`)
  await copyFile(from, temporary)
  await rename(temporary, join(dir, basename(from)))
}

/** Fails unless the index lists the version with the digest of the archive beside it. */
async function checkFolder(archive: string, dir: string, release: Release): Promise<void> {
  const entry = findEntry(await readIndex(dir), release)
  const file = join(dir, release.file)
  const same = existsSync(file) && (await sha256(file)) === (await sha256(archive))
  if (same && entry?.digest === (await sha256(file))) return
  fail(
    `release: ${dir}/index.yaml and ${release.file} do not belong together. Restore both from their last good state.`,
  )
}

async function verifyServed(archive: string, url: string, release: Release): Promise<string> {
  const { file, helm, name, version, workDir } = release
  if (!findEntry(await fetchIndex(url), release))
    return `index and file agree; ${url} does not serve it yet, so upload the folder`
  const folder = await mkdtemp(join(workDir, 'served-'))
  const from = ['--repo', url, '--version', version, '--destination', folder]
  const answer = await helm(['pull', name, ...from])
  if (!answer.ok) fail(`release: ${url} lists ${file} but does not serve it: ${answer.reason}`)
  if ((await sha256(join(folder, file))) === (await sha256(archive)))
    return `pulled back from ${url}, same bytes`
  return fail(
    `release: ${url} serves another ${file} than was written. Look at what uploads the folder.`,
  )
}

/** One published version. */
interface IndexEntry {
  readonly name: string
  readonly version: string
  readonly digest: string
}

type Version = Pick<IndexEntry, 'name' | 'version'>

function findEntry(index: readonly IndexEntry[], wanted: Version): IndexEntry | undefined {
  return index.find(({ name, version }) => name === wanted.name && version === wanted.version)
}

/** The versions that the folder's index lists; none when there is no index. */
async function readIndex(dir: string): Promise<IndexEntry[]> {
  const file = join(dir, 'index.yaml')
  return existsSync(file) ? parseIndex(await readFile(file, 'utf8'), file) : []
}

/** The versions that a served repository lists; none when it answers that there is no index. */
async function fetchIndex(url: string): Promise<IndexEntry[]> {
  const address = `${url}/index.yaml`
  const response = await fetch(address, { signal: AbortSignal.timeout(timeout) }).catch(
    (error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      const reason = cause instanceof Error ? cause.message : String(cause)
      return fail(
        `release: cannot reach ${address} (${reason}). Check the address and the network.`,
      )
    },
  )
  if (response.status === 404) return []
  if (!response.ok) fail(`release: ${address} answers ${response.status}. Check the address.`)
  return parseIndex(await response.text(), address)
}

function parseIndex(text: string, where: string): IndexEntry[] {
  try {
    const index = parseYaml(text)
    if (isRecord(index) && isRecord(index.entries))
      return Object.entries(index.entries).flatMap(readVersions)
  } catch {
    // The sentence below says what to do.
  }
  return fail(
    `release: ${where} is not the index of a chart repository. Restore its last good state.`,
  )
}

function readVersions([name, versions]: [string, unknown]): IndexEntry[] {
  if (!Array.isArray(versions)) throw new TypeError(`${name} has no list of versions`)
  return versions.filter(isRecord).map(({ version, digest }) => {
    return { name, version: String(version), digest: String(digest) }
  })
}
