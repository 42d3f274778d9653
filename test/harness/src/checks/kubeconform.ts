import { join } from 'node:path'
import { isRecord } from '../objects/manifests.ts'
import type { Problem } from '../objects/types.ts'
import { parseOnce, splitDocuments } from '../objects/yaml.ts'
import { runCommand } from '../tools/run-command.ts'
import { resolveTool } from '../tools/tools.ts'

const rule = 'kubeconform'
// One worker: several compile the same schema at once, which costs more than they save.
const options = ['-strict', '-output', 'json', '-summary', '-n', '1']

/** Where kubeconform finds schemas; it never reads any from the network. */
export interface KubeconformOptions {
  /** The folder with one folder `v1.NN` per minor. */
  readonly schemas: string
  /** Folders with schemas of kinds that are not Kubernetes' own; the first that has a kind counts. */
  readonly crds?: readonly string[]
  /** Kinds that have no schema and are left out, as `<apiVersion>/<kind>`. */
  readonly skip?: readonly string[]
}

/**
 * A second opinion on rendered texts: strict, every different document once. Throws when kubeconform
 * did not see every document that is not to be skipped, so that an empty input can't pass.
 */
export async function runKubeconform(
  texts: readonly string[],
  minor: string,
  { schemas, crds = [], skip = [] }: KubeconformOptions,
): Promise<readonly Problem[]> {
  const documents = new Set(texts.flatMap((text) => splitDocuments(text).map((part) => part.text)))
  const expected = [...documents].reduce((sum, text) => sum + countObjects(text), 0)
  if (documents.size === 0) throw new Error('kubeconform: there is no document to check')
  const file = '{{.ResourceKind}}{{.KindSuffix}}.json'
  const locations = [join(schemas, `v${minor}`, file), ...crds.map((dir) => join(dir, file))]
  const { path } = await resolveTool('kubeconform')
  const skipped = skip.length === 0 ? [] : ['-skip', skip.join(',')]
  const args = [...options, '-kubernetes-version', `${minor}.0`, ...skipped]
  const result = await runCommand(
    path,
    [...args, ...locations.flatMap((location) => ['-schema-location', location]), '-'],
    { input: [...documents].join('\n---\n'), env: { GOGC: '400' } },
  )
  return readReport(result.stdout, expected, {
    stderr: result.stderr,
    maySkip: skip.length > 0,
  })
}

/** How many objects kubeconform sees in a document: a List is its items. */
function countObjects(text: string): number {
  if (!/^kind: *["']?List\b/m.test(text)) return 1
  const value = parseOnce(text)
  return isRecord(value) && Array.isArray(value.items) ? value.items.length : 1
}

/** Kubeconform's JSON as problems; throws when the count is not `expected`, or a document was skipped that may not be. */
export function readReport(
  json: string,
  expected: number,
  { stderr = '', maySkip = false } = {},
): readonly Problem[] {
  const report: unknown = json === '' ? undefined : JSON.parse(json)
  if (!isRecord(report) || !isRecord(report.summary) || !Array.isArray(report.resources)) {
    throw new Error(`kubeconform gave no report: ${stderr.trim() || json.slice(0, 200)}`)
  }
  const count = (key: string): number => Number((report.summary as Record<string, unknown>)[key])
  const checked = count('valid') + count('invalid') + count('errors')
  const skipped = count('skipped')
  if (checked + skipped !== expected || (skipped !== 0 && !maySkip)) {
    throw new Error(
      `kubeconform checked ${checked} of ${expected} documents and skipped ${skipped}`,
    )
  }
  return report.resources.filter(isRecord).map((resource) => ({
    rule,
    object: `${String(resource.kind)}/${String(resource.name)}`,
    message: String(resource.msg),
  }))
}
