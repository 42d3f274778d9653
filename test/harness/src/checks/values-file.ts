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
  const text = readText(path, name)
  if (typeof text !== 'string') return text.problem
  try {
    const values = parseYaml(text, name) ?? {}
    if (isRecord(values)) return { name, values }
    const found = Array.isArray(values) ? 'a list' : 'plain text'
    return `${name} is ${found}, not a map of values. Begin with a key, for example "image:".`
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    return yamlProblem(text, name, error.message)
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
  ENOTDIR: 'does not exist. Name a values file that does.',
}

function readText(path: string, name: string): string | { readonly problem: string } {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { problem: `${name} is not UTF-8 text. Save it as UTF-8.` }
    const reason = reasons[String(error.code)]
    if (reason === undefined) throw error
    return { problem: `${name} ${reason}` }
  }
}

function yamlProblem(text: string, name: string, message: string): string {
  const [, line, column] = /at line (\d+), column (\d+)/.exec(message) ?? []
  const place = line === undefined ? name : `${name}:${line}:${column}`
  if (/multiple documents/.test(message))
    return `${place} holds several YAML documents. Put each into a file of its own.`
  if (/keys must be unique/.test(message)) {
    const key = text
      .split('\n')
      [Number(line) - 1]?.trim()
      .split(/:(\s|$)/)[0]
    return `${place} sets the key "${key}" twice. Keep one of them.`
  }
  const reason = message
    .slice(name.length + 2)
    .replace(/ at line \d+, column \d+$/, '')
    .replace(/^./, (letter) => letter.toLowerCase())
  return `${place} is not YAML: ${reason}. Correct it; two spaces, no tabs, "key: value".`
}
