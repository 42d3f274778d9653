import { isRecord } from '../../objects/manifests.ts'
import { kept } from '../../objects/once.ts'
import { parseOnce, YamlError } from '../../objects/yaml.ts'

/** What the templates of a chart rendered for one value set: a text for each template. */
export type RenderedFiles = ReadonlyMap<string, string>

/**
 * The output of `helm template` for these files: documents split, sorted by kind, hooks behind, as
 * pkg/releaseutil of Helm 3.17 and pkg/release/v1/util of Helm 4.2 do. Undefined when Helm
 * itself must judge: a document that it may refuse.
 */
export function printAsHelm(files: RenderedFiles, helm: 3 | 4): string | undefined {
  const documents = [...files.keys()]
    .filter((name) => !name.endsWith('NOTES.txt'))
    .sort()
    .flatMap((name) => documentsOf(name, files.get(name) ?? '', helm))
  if (documents.some(({ head }) => head === undefined)) return undefined
  const order = helm === 3 ? installOrder : [...installOrder, ...lastInHelm4]
  const sorted = documents
    .map((document) => ({ ...document, rank: rankOf(document.head?.kind ?? '', order) }))
    .sort((a, b) => a.rank - b.rank || byUnknownKind(a.head, b.head, a.rank === order.length))
  const manifests = sorted.filter(({ head }) => head?.hook === undefined).map(print)
  const hooks = sorted.filter(({ head }) => head?.hook === 'known').map(print)
  return [`${manifests.join('').trim()}\n`, ...hooks].join('')
}

interface Head {
  readonly kind: string
  /** Helm drops an object whose hook annotation it does not know. */
  readonly hook?: 'known' | 'unknown'
}

interface Document {
  readonly name: string
  readonly text: string
  readonly head: Head | undefined
}

function print({ name, text }: Document): string {
  return `---\n# Source: ${name}\n${text}\n`
}

// Most value sets render most templates alike.
const documentsByText = new Map<string, readonly Omit<Document, 'name'>[]>()
const mostTexts = 20_000

function documentsOf(name: string, text: string, helm: 3 | 4): Document[] {
  const make = (): Omit<Document, 'name'>[] =>
    split(text, helm).map((part) => ({ text: part, head: headOf(part) }))
  const documents = kept(documentsByText, `${helm}${text}`, make, mostTexts)
  return documents.map((document) => ({ name, ...document }))
}

// Go's \s has no vertical tab and no Unicode blanks.
const separator = /(?:^|[\t\n\f\r ]*\n)---[\t\n\f\r ]*/

// Helm 4 leaves blanks at the end of a document.
function split(text: string, helm: 3 | 4): string[] {
  const trim = (part: string): string => (helm === 3 ? part.trim() : part.trimStart())
  return trim(text)
    .split(separator)
    .filter((part) => (helm === 3 ? part !== '' : part.trim() !== ''))
    .map(trim)
}

/** Undefined for what Helm refuses, or reads in another way than we do. */
function headOf(text: string): Head | undefined {
  const value = read(text)
  if (value === null) return { kind: '' }
  if (!isRecord(value)) return undefined
  const { apiVersion, kind, metadata } = value
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return undefined
  if (!isRecord(metadata) || typeof metadata.name !== 'string') return undefined
  const { annotations } = metadata
  if (annotations === undefined || annotations === null) return { kind }
  if (!isRecord(annotations)) return undefined
  if (Object.values(annotations).some((text) => typeof text !== 'string')) return undefined
  const hook = annotations['helm.sh/hook']
  if (typeof hook !== 'string') return { kind }
  const isKnown = hook.split(',').every((phase) => phases.has(phase.trim().toLowerCase()))
  return { kind, hook: isKnown ? 'known' : 'unknown' }
}

function read(text: string): unknown {
  try {
    return parseOnce(text)
  } catch (error) {
    if (error instanceof YamlError) return undefined
    throw error
  }
}

const phases: ReadonlySet<string> = new Set([
  ...['pre-install', 'post-install', 'pre-delete', 'post-delete', 'pre-upgrade', 'post-upgrade'],
  ...['pre-rollback', 'post-rollback', 'test', 'test-success'],
])

function rankOf(kind: string, order: readonly string[]): number {
  const rank = order.indexOf(kind)
  return rank < 0 ? order.length : rank
}

function byUnknownKind(a: Head | undefined, b: Head | undefined, unknown: boolean): number {
  const [first, second] = [a?.kind ?? '', b?.kind ?? '']
  if (!unknown || first === second) return 0
  return first < second ? -1 : 1
}

// https://helm.sh/docs/intro/using_helm/ lists the order in which kinds are installed.
const installOrder = [
  ...['PriorityClass', 'Namespace', 'NetworkPolicy', 'ResourceQuota', 'LimitRange'],
  ...['PodSecurityPolicy', 'PodDisruptionBudget', 'ServiceAccount', 'Secret', 'SecretList'],
  ...['ConfigMap', 'StorageClass', 'PersistentVolume', 'PersistentVolumeClaim'],
  ...['CustomResourceDefinition', 'ClusterRole', 'ClusterRoleList', 'ClusterRoleBinding'],
  ...['ClusterRoleBindingList', 'Role', 'RoleList', 'RoleBinding', 'RoleBindingList', 'Service'],
  ...['DaemonSet', 'Pod', 'ReplicationController', 'ReplicaSet', 'Deployment'],
  ...['HorizontalPodAutoscaler', 'StatefulSet', 'Job', 'CronJob', 'IngressClass', 'Ingress'],
  'APIService',
]
const lastInHelm4 = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']
