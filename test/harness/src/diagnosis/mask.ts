import { isMap, isPair, type Node } from 'yaml'
import { isRecord } from '../objects/manifests.ts'
import type { Manifest, Problem } from '../objects/types.ts'
import { printCommand } from '../tools/run-command.ts'
import { lineOf, type ObjectDocument, type YamlText } from './lines/documents.ts'

/** What is shown instead of a secret. */
export const masked = '(masked)'

const secretName =
  /pass(?:word|wd|phrase)?$|secret|token|credential|private|(?:api|access|encryption|_)key|salt$/i
// Names of Secrets and of the keys in them are shown.
const reference = /^(?:existing\w*|\w*[nN]ames?|keys?)$/

/** The values without what their names call a secret, at any depth below such a name. */
function maskValues(values: unknown, isSecret = false): unknown {
  if (Array.isArray(values)) return values.map((item) => maskValues(item, isSecret))
  if (isRecord(values)) {
    const entries = Object.entries(values).map(([key, value]) => {
      const isBelow = !reference.test(key) && (isSecret || secretName.test(key))
      return [key, maskValues(value, isBelow)] as const
    })
    return Object.fromEntries(entries)
  }
  return isSecret && typeof values === 'string' && values !== '' ? masked : values
}

/** The command, its inline values without secrets. */
export function maskCommand(command: string, values: object | undefined): string {
  if (values === undefined) return command
  const quoted = (given: unknown): string => printCommand(JSON.stringify(given))
  return command.replace(quoted(values), () => quoted(maskValues(values)))
}

/** Whether the path leads into the values of a Secret. */
export function isSecretField(object: string, path: string | undefined): boolean {
  return object.startsWith('Secret/') && /^(?:data|stringData)(?:$|[.[])/.test(path ?? '')
}

/** The problem; of the data of a Secret without the value that was found. */
export function withoutSecret(problem: Problem): Problem {
  if (!problem.object.startsWith('Secret/')) return problem
  return { ...problem, message: problem.message.replace(/, found .*$/s, '') }
}

/** The object; in a Secret each value is what `change` makes of it. */
export function mapSecret(object: Manifest, change: (value: unknown) => string): Manifest {
  if (object.kind !== 'Secret') return object
  const parts = ['data', 'stringData'].flatMap((part) => {
    const values = object[part]
    if (!isRecord(values)) return []
    const changed = Object.entries(values).map(([key, value]) => [key, change(value)])
    return [[part, Object.fromEntries(changed)]]
  })
  return { ...object, ...Object.fromEntries(parts) }
}

/** The document's text, line for line; the values of a Secret are masked. */
export function maskSecrets({ yaml, node }: Pick<ObjectDocument, 'yaml' | 'node'>): string {
  if (!isMap(node) || node.get('kind') !== 'Secret') return yaml.text
  const lines = yaml.text.split('\n')
  for (const part of ['data', 'stringData']) {
    const values = node.get(part, true)
    if (!isMap(values)) continue
    for (const pair of values.items) {
      if (isPair(pair)) maskNode(yaml, lines, pair.value as Node | null)
    }
  }
  return lines.join('\n')
}

function maskNode(yaml: YamlText, lines: string[], node: Node | null): void {
  if (!node?.range) return
  const [start, end] = node.range
  const { line: first, col } = yaml.lines.linePos(start)
  const last = lineOf(yaml, Math.max(start, end - 1))
  lines[first - 1] = `${lines[first - 1]?.slice(0, col - 1)}${masked}`
  for (let line = first + 1; line <= last; line++) {
    const indentation = /^\s*/.exec(lines[line - 1] ?? '')?.[0]
    lines[line - 1] = `${indentation}${masked}`
  }
}
