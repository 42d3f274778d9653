// What Kubernetes keeps of a manifest: empty fields are dropped, defaults are filled in, quantities have one spelling.
// Two manifests that are stored alike are the same object, however they were written. The defaults are those of
// pkg/apis/{core,apps,batch}/v1/defaults.go; `npm run verify:upgrades` asks an API server.

import { isRecord } from '../objects/manifests.ts'
import { findAll } from '../objects/paths.ts'
import { podOf } from '../objects/pods.ts'
import { quantity } from '../objects/quantity.ts'
import type { Manifest } from '../objects/types.ts'
import { asList } from './finding.ts'

type Fields = Record<string, unknown>

/** Maps that mean nothing when they are empty; other empty objects do, e.g. `emptyDir: {}`. */
const emptyMaps: ReadonlySet<string> = new Set([
  ...['annotations', 'binaryData', 'data', 'labels', 'limits', 'matchLabels', 'metadata'],
  ...['nodeSelector', 'parameters', 'requests', 'resources', 'stringData'],
])

const probe = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 }
const handler: Fields = { path: '/', scheme: 'HTTP' }
const probes = 'livenessProbe|readinessProbe|startupProbe'
const fieldVersion: Fields = { apiVersion: 'v1' }

/** What is filled in below a pod's spec, by patterns for `findAll`. */
const presets: readonly (readonly [path: string, presets: Fields])[] = [
  ['', { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', terminationGracePeriodSeconds: 30 }],
  ['', { schedulerName: 'default-scheduler' }],
  ['initContainers|containers.*', { terminationMessagePath: '/dev/termination-log' }],
  ['initContainers|containers.*', { terminationMessagePolicy: 'File' }],
  ['initContainers|containers.*.ports.*', { protocol: 'TCP' }],
  ['initContainers|containers.*.env.*.valueFrom.fieldRef', fieldVersion],
  [`initContainers|containers.*.${probes}`, probe],
  [`initContainers|containers.*.${probes}.httpGet`, handler],
  ['initContainers|containers.*.lifecycle.preStop|postStart.httpGet', handler],
  ['volumes.*.configMap|downwardAPI|projected|secret', { defaultMode: 0o644 }],
  ['volumes.*.hostPath', { type: '' }],
  ['volumes.*.downwardAPI.items.*.fieldRef', fieldVersion],
  ['volumes.*.projected.sources.*.downwardAPI.items.*.fieldRef', fieldVersion],
]

const storedObjects = new WeakMap<Manifest, Manifest>()

/** The object as Kubernetes keeps it, as far as its manifest shows. */
export function stored(object: Manifest): Manifest {
  const known = storedObjects.get(object)
  if (known) return known
  const kept = tidy(object) as Manifest
  if (object.kind === 'Secret') encode(kept)
  if (object.kind === 'StatefulSet' && isRecord(kept.spec)) fillClaims(kept.spec)
  const pod = podOf(kept)
  if (pod) fillPod(pod.spec as unknown as Fields, object.kind === 'Pod')
  storedObjects.set(object, kept)
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
function encode(secret: Fields): void {
  const { data, stringData } = secret
  if (!isRecord(stringData)) return
  delete secret.stringData
  const bytes: Fields = { ...(isRecord(data) ? data : {}) }
  for (const [key, text] of Object.entries(stringData))
    bytes[key] = Buffer.from(String(text)).toString('base64')
  secret.data = bytes
}

/** A claim template may have a kind and an apiVersion or leave them out. */
function fillClaims(spec: Fields): void {
  for (const template of asList(spec.volumeClaimTemplates).filter(isRecord)) {
    for (const key of ['apiVersion', 'kind', 'status']) delete template[key]
    template.spec = { volumeMode: 'Filesystem', ...(isRecord(template.spec) ? template.spec : {}) }
    unifyAmounts(template.spec)
  }
}

/** Fills in place; more in a bare Pod than in a template. */
function fillPod(pod: Fields, isBare: boolean): void {
  if (pod.serviceAccountName === '') delete pod.serviceAccountName
  if (isRecord(pod.securityContext) && Object.keys(pod.securityContext).length === 0)
    delete pod.securityContext
  if (isBare) fill(pod, { enableServiceLinks: true })
  for (const [path, fields] of presets) {
    for (const { value } of findAll(pod, path)) fill(value, fields)
  }
  for (const { value } of findAll(pod, 'initContainers|containers.*')) {
    const container = value as Fields
    const imagePullPolicy = isMoving(String(container.image)) ? 'Always' : 'IfNotPresent'
    fill(container, { imagePullPolicy })
    unifyAmounts(container)
  }
}

function fill(target: unknown, fields: Fields): void {
  if (isRecord(target)) Object.assign(target, { ...fields, ...target })
}

/** Gives every amount one spelling; 15 digits, so that 700m is 0.7. */
function unifyAmounts(owner: unknown): void {
  for (const { value } of findAll(owner, 'resources')) fill(value, { limits: {}, requests: {} })
  for (const { value } of findAll(owner, 'resources.limits|requests')) {
    const amounts = value as Fields
    for (const [key, amount] of Object.entries(amounts)) {
      const number = quantity(amount)
      if (number !== undefined) amounts[key] = Number(number.toPrecision(15))
    }
  }
}

function isMoving(image: string): boolean {
  const tag = /:([^/@:]+)$/.exec(image.split('@')[0] ?? '')?.[1]
  return tag === 'latest' || (tag === undefined && !image.includes('@'))
}
