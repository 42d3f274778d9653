// What Kubernetes keeps of a manifest: empty fields go, defaults come, quantities have one spelling. Two manifests
// that are kept alike are the same object, however they were written. The defaults are those of
// pkg/apis/{core,apps,batch}/v1/defaults.go; `npm run verify:upgrades` asks an API server.
import { isRecord } from '../objects/manifests.ts'
import { podOf } from '../objects/pods.ts'
import type { Manifest } from '../objects/types.ts'
import { fillPod, fillResources } from './pod-defaults.ts'

/** Maps that mean nothing when they are empty; other empty objects do, e.g. `emptyDir: {}`. */
const emptyMaps: ReadonlySet<string> = new Set([
  'annotations',
  'binaryData',
  'data',
  'labels',
  'limits',
  'matchLabels',
  'metadata',
  'nodeSelector',
  'parameters',
  'requests',
  'resources',
  'stringData',
])

const keptByText = new WeakMap<Manifest, Manifest>()

/** The object as Kubernetes keeps it, as far as that can be told from its manifest. */
export function stored(object: Manifest): Manifest {
  const known = keptByText.get(object)
  if (known) return known
  const kept = tidy(object) as Manifest
  if (object.kind === 'Secret') encode(kept)
  if (object.kind === 'StatefulSet') fillClaims(kept.spec)
  const pod = podOf(kept)
  if (pod) fillPod(pod.spec as unknown as Record<string, unknown>, object.kind === 'Pod')
  keptByText.set(object, kept)
  return kept
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => tidy(item))
  if (!isRecord(value)) return value
  const kept = Object.entries(value)
    .map(([name, child]) => [name, tidy(child)] as const)
    .filter(([name, child]) => !isNothing(name, child))
  return Object.fromEntries(kept)
}

function isNothing(key: string, value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  return isRecord(value) && Object.keys(value).length === 0 && emptyMaps.has(key)
}

/** Text of a Secret is kept as its bytes, and wins over `data`. */
function encode(secret: Record<string, unknown>): void {
  const { data, stringData } = secret
  if (!isRecord(stringData)) return
  const bytes = mapValues(stringData, (text) => Buffer.from(String(text)).toString('base64'))
  delete secret.stringData
  secret.data = { ...(isRecord(data) ? data : {}), ...bytes }
}

/** A claim template may say what it is, or not. */
function fillClaims(spec: unknown): void {
  if (!isRecord(spec) || !Array.isArray(spec.volumeClaimTemplates)) return
  spec.volumeClaimTemplates = spec.volumeClaimTemplates.map((template) => {
    const { apiVersion: _version, kind: _kind, status: _status, spec: claim, ...rest } = template
    const { resources, ...others } = isRecord(claim) ? claim : {}
    return {
      ...rest,
      spec: { volumeMode: 'Filesystem', ...others, resources: fillResources(resources) },
    }
  })
}

function mapValues(map: object, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))
}
