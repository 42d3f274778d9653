import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { type ReleaseOrigin, ToolError, type ToolPin } from './tool-pins.ts'

const checksumTimeout = 15_000
const downloadTimeout = 300_000
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** Downloads the official release, checks its SHA-256 and returns the program. */
export async function downloadProgram(
  pin: ToolPin,
  release: ReleaseOrigin,
  log: (line: string) => void,
): Promise<Uint8Array> {
  const url = fillIn(release.url, pin.version)
  const expected = release.sha256?.[platformName()] ?? (await readChecksum(pin, release, url))
  log(`${pin.name} ${pin.version}: downloading ${url}`)
  const archive = await fetchBytes(url, downloadTimeout)
  const actual = createHash('sha256').update(archive).digest('hex')
  if (actual !== expected) {
    throw new ToolError(`${url} has SHA-256 ${actual}, expected ${expected}`)
  }
  if (release.entry === undefined) return archive
  return readTarEntry(gunzipSync(archive), fillIn(release.entry, pin.version))
}

function platformName(): string {
  return `${process.platform}-${architectures[process.arch] ?? process.arch}`
}

function fillIn(template: string, version: string): string {
  const [os = '', arch = ''] = platformName().split('-')
  return template.replaceAll('{os}', os).replaceAll('{arch}', arch).replaceAll('{version}', version)
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
