// Reads values files strictly: what Helm quietly misreads is an error here.
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { isRecord } from '../objects/manifests.ts'
import { parseYaml, YamlError } from '../objects/yaml.ts'

/** A values file that could be read. */
export interface ValuesFile {
  /** As the user knows it: relative to the folder where the script was started. */
  readonly name: string
  readonly values: Readonly<Record<string, unknown>>
}

/** Reads the file; a string is the sentence that says why it cannot be read. */
export function readValuesFile(path: string, cwd: string): ValuesFile | string {
  const name = displayName(path, cwd)
  let text = ''
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
    const values = parseYaml(text, name) ?? {}
    if (isRecord(values)) return { name, values }
    const found = Array.isArray(values) ? 'a list' : 'plain text'
    return `${name} is ${found}, not a map of values. Begin with a key, for example "image:".`
  } catch (error) {
    if (error instanceof YamlError) return yamlProblem(text, name, error)
    const reason = error instanceof Error && 'code' in error && reasons[String(error.code)]
    if (!reason) throw error
    return `${name} ${reason}`
  }
}

/** The path relative to a folder, if it is below it. */
export function displayName(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short.startsWith('..') || short === '' ? path : short
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read: permission denied. Make it readable.',
  EISDIR: 'is a folder. Name a values file.',
  ENOENT: 'does not exist. Name a values file that does.',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8 text. Save it as UTF-8.',
  ENOTDIR: 'does not exist. Name a values file that does.',
}

function yamlProblem(text: string, name: string, { reason, place }: YamlError): string {
  if (place === undefined)
    return `${name} holds several YAML documents. Put each into a file of its own.`
  if (reason === 'duplicated mapping key') {
    const line = text.split('\n')[Number.parseInt(place, 10) - 1] ?? ''
    const [key] = line.trim().split(/:(\s|$)/)
    return `${name}:${place} sets the key "${key}" twice. Keep one of them.`
  }
  return `${name}:${place} is not YAML: ${reason}. Correct it; two spaces, no tabs, "key: value".`
}
