// Reading the index.yaml of a chart repository, from a folder or from where it is served.
import { readFile } from 'node:fs/promises'
import { isRecord } from 'chart-harness'
import { parse } from 'yaml'
import { fail } from './cli.ts'

const TIMEOUT = 30_000

/** One published version. */
export interface IndexEntry {
  name: string
  version: string
  digest: string | undefined
}

/** The versions that an index file lists; none when there is no file. */
export async function readIndex(file: string): Promise<IndexEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? [] : parseIndex(text, file)
}

/** The versions that a served repository lists; none when it answers that there is no index. */
export async function fetchIndex(url: string): Promise<IndexEntry[]> {
  const address = `${url}/index.yaml`
  const options: RequestInit = { signal: AbortSignal.timeout(TIMEOUT) }
  const response = await fetch(address, options).catch((error: unknown) =>
    fail(
      `release: cannot reach ${address} (${readCause(error)}). Check the address and the network.`,
    ),
  )
  if (response.status === 404) return []
  if (!response.ok) fail(`release: ${address} answers ${response.status}. Check the address.`)
  return parseIndex(await response.text(), address)
}

function readCause(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}

/** Reads an index; `where` is named when it is not one. */
function parseIndex(text: string, where: string): IndexEntry[] {
  const entries = readEntries(text)
  if (entries) return entries
  return fail(
    `release: ${where} is not the index of a chart repository. Restore its last good state.`,
  )
}

function readEntries(text: string): IndexEntry[] | undefined {
  const index = parseYaml(text)
  if (!isRecord(index) || !isRecord(index.entries)) return undefined
  const lists = Object.entries(index.entries)
  const entries: IndexEntry[] = []
  for (const [name, versions] of lists) {
    if (!Array.isArray(versions)) return undefined
    for (const { version, digest } of versions.filter(isRecord)) {
      entries.push({ name, version: String(version), digest: digest ? String(digest) : undefined })
    }
  }
  return entries
}

function parseYaml(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

/** The entry of this chart version, if the index lists it. */
export function findEntry(
  index: readonly IndexEntry[],
  wanted: { name: string; version: string },
): IndexEntry | undefined {
  return index.find(({ name, version }) => name === wanted.name && version === wanted.version)
}

/** The first version ("name version") that only the served index has: writing ours would lose it. */
export function missingEntry(
  served: readonly IndexEntry[],
  ours: readonly IndexEntry[],
): string | undefined {
  const lost = served.find((entry) => !findEntry(ours, entry))
  return lost && `${lost.name} ${lost.version}`
}
