import type { Render } from '../render/render.ts'
import { isClusterScoped } from './kinds.ts'
import { kept } from './once.ts'
import type { Hook, Manifest } from './types.ts'
import { deepFreeze, parseOnce, splitDocuments, YamlError } from './yaml.ts'

/** Rendered text that Kubernetes would not take as a set of objects. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  /** What printed the text, if Helm did. */
  command = ''
}

type Parsed = Omit<Manifest, 'source'>

// Similar renders share most objects, so checks can keep results by object.
const manifestsByText = new Map<string, readonly Manifest[]>()
const mostTexts = 20_000

/**
 * Reads a stream of manifests: every document must be an object with apiVersion, kind and a name,
 * and no object may occur twice. The result is frozen.
 */
export function loadManifests(text: string, namespace = 'default'): Manifest[] {
  const manifests = splitDocuments(text).flatMap(({ source, text: body }) =>
    manifestsOf(body, source),
  )
  refuseDuplicates(manifests, namespace)
  return manifests
}

function manifestsOf(body: string, source: string): readonly Manifest[] {
  const make = (): Manifest[] =>
    parseDocument(body, source).map((parsed) => withSource(parsed, source))
  return kept(manifestsByText, `${source}\n${body}`, make, mostTexts)
}

function parseDocument(body: string, source: string): Parsed[] {
  const value = parseAt(body, source)
  if (value === null) return []
  if (isRecord(value) && value.kind === 'List' && Array.isArray(value.items)) {
    return value.items.map((item) => deepFreeze(asManifest(item, body, source)))
  }
  return [deepFreeze(asManifest(value, body, source))]
}

function parseAt(body: string, source: string): unknown {
  try {
    return parseOnce(body, source || 'manifest')
  } catch (error) {
    if (error instanceof YamlError) throw new ManifestError(error.message, { cause: error })
    throw error
  }
}

function asManifest(value: unknown, body: string, source: string): Parsed {
  const where = `${source || 'manifest'}: the document that starts with "${body.split('\n')[0]}"`
  if (!isRecord(value)) throw new ManifestError(`${where} is not an object. Make it a manifest.`)
  const { apiVersion, kind, metadata } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw new ManifestError(`${where} lacks apiVersion or kind. Add both.`)
  }
  if (!isRecord(metadata) || typeof metadata.name !== 'string' || metadata.name === '') {
    throw new ManifestError(`${where} (${kind}) lacks metadata.name. Add it.`)
  }
  return { ...value, apiVersion, kind, metadata: { ...metadata, name: metadata.name } }
}

function withSource(parsed: Parsed, source: string): Manifest {
  const copy: Parsed = { ...parsed }
  Object.defineProperty(copy, 'source', { value: source, enumerable: false })
  return Object.freeze(copy) as Manifest
}

function refuseDuplicates(manifests: readonly Manifest[], namespace: string): void {
  const seen = new Map<string, Manifest>()
  for (const manifest of manifests) {
    const key = identity(manifest, namespace)
    const other = seen.get(key)
    if (other) {
      throw new ManifestError(
        `${key} is rendered twice (${other.source}, ${manifest.source}). Rename or drop one.`,
      )
    }
    seen.set(key, manifest)
  }
}

/** `Kind/name`, as problems name an object. */
export function nameOf(manifest: Pick<Manifest, 'kind' | 'metadata'>): string {
  return `${manifest.kind}/${manifest.metadata.name}`
}

/** The object of this `Kind/name`; the first one when several namespaces have one. */
export function objectOf(objects: readonly Manifest[], name: string): Manifest | undefined {
  return objects.find((object) => nameOf(object) === name)
}

/** The namespace that the object goes to; undefined for cluster-wide kinds. */
export function namespaceOf(
  manifest: Pick<Manifest, 'kind' | 'metadata'>,
  releaseNamespace: string,
): string | undefined {
  if (isClusterScoped(manifest.kind)) return undefined
  return manifest.metadata.namespace ?? releaseNamespace
}

/** The object of this kind and name; the namespace does not matter for cluster-wide kinds. */
export function findObject(
  { objects, namespace: own }: Pick<Render, 'objects' | 'namespace'>,
  kind: string,
  name: string,
  namespace: string | undefined = own,
): Manifest | undefined {
  return objects.find(
    (object) =>
      object.kind === kind &&
      object.metadata.name === name &&
      (isClusterScoped(kind) || namespaceOf(object, own) === namespace),
  )
}

/** Group, kind, namespace and name: what makes an object itself. */
export function identity(manifest: Manifest, releaseNamespace: string): string {
  const group = manifest.apiVersion.includes('/') ? `${manifest.apiVersion.split('/')[0]}/` : ''
  const namespace = namespaceOf(manifest, releaseNamespace)
  return [`${group}${manifest.kind}`, namespace, manifest.metadata.name]
    .filter((part) => part !== undefined)
    .join('/')
}

/** The object's hook annotations; undefined for an ordinary object. */
export function hookOf(manifest: Pick<Manifest, 'metadata'>): Hook | undefined {
  const annotations = manifest.metadata.annotations ?? {}
  const phases = list(annotations['helm.sh/hook'])
  if (phases.length === 0) return undefined
  const deletePolicies = list(annotations['helm.sh/hook-delete-policy'])
  return {
    phases,
    weight: Number(annotations['helm.sh/hook-weight'] ?? 0),
    deletePolicies: deletePolicies.length > 0 ? deletePolicies : ['before-hook-creation'],
  }
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** A plain object, not an array and not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
