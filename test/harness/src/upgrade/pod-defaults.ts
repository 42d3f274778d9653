import { isRecord } from '../objects/manifests.ts'
import { quantity } from '../objects/quantity.ts'

type Fields = Record<string, unknown>

const ofPod: Fields = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
}

const ofContainer: Fields = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
}

const ofProbe: Fields = {
  failureThreshold: 3,
  periodSeconds: 10,
  successThreshold: 1,
  timeoutSeconds: 1,
}

/** Volumes whose files get this mode. */
const fileVolumes = ['configMap', 'downwardAPI', 'projected', 'secret'] as const
const fieldVersion: Fields = { apiVersion: 'v1' }
const fileMode: Fields = { defaultMode: 0o644 }

/** Fills in what Kubernetes fills in, in place; more in a bare Pod than in a template. */
export function fillPod(pod: Fields, isBare: boolean): void {
  if (pod.serviceAccountName === '') delete pod.serviceAccountName
  if (isRecord(pod.securityContext) && Object.keys(pod.securityContext).length === 0)
    delete pod.securityContext
  fill(pod, isBare ? { ...ofPod, enableServiceLinks: true } : ofPod)
  for (const list of ['initContainers', 'containers'] as const)
    for (const container of records(pod[list])) fillContainer(container)
  for (const volume of records(pod.volumes)) {
    for (const type of fileVolumes) fill(volume[type], fileMode)
    fill(volume.hostPath, { type: '' })
    fillItems(volume.downwardAPI)
    for (const { downwardAPI } of records(isRecord(volume.projected) && volume.projected.sources))
      fillItems(downwardAPI)
  }
}

function fillContainer(container: Fields): void {
  fill(container, ofContainer)
  fill(container, {
    imagePullPolicy: isMoving(String(container.image)) ? 'Always' : 'IfNotPresent',
  })
  for (const port of records(container.ports)) fill(port, { protocol: 'TCP' })
  for (const { valueFrom } of records(container.env))
    if (isRecord(valueFrom)) fill(valueFrom.fieldRef, fieldVersion)
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    fill(container[probe], ofProbe)
    fillHandler(container[probe])
  }
  if (isRecord(container.lifecycle)) Object.values(container.lifecycle).forEach(fillHandler)
  container.resources = fillResources(container.resources)
}

function fillHandler(handler: unknown): void {
  if (isRecord(handler)) fill(handler.httpGet, { path: '/', scheme: 'HTTP' })
}

function fillItems(downwardApi: unknown): void {
  for (const { fieldRef } of records(isRecord(downwardApi) && downwardApi.items))
    fill(fieldRef, fieldVersion)
}

/** Every amount in one spelling. */
export function fillResources(resources: unknown): unknown {
  if (!isRecord(resources)) return resources
  const { limits, requests, ...rest } = resources
  return { ...rest, limits: amounts(limits), requests: amounts(requests) }
}

function amounts(map: unknown): Fields {
  if (!isRecord(map)) return {}
  const entries = Object.entries(map).map(([key, amount]) => [key, spelled(amount)])
  return Object.fromEntries(entries)
}

/** 15 digits, so that 700m is 0.7. */
function spelled(amount: unknown): unknown {
  const number = quantity(amount)
  return number === undefined ? amount : Number(number.toPrecision(15))
}

function isMoving(image: string): boolean {
  const tag = /:([^/@:]+)$/.exec(image.split('@')[0] ?? '')?.[1]
  return tag === 'latest' || (tag === undefined && !image.includes('@'))
}

function fill(target: unknown, presets: Fields): void {
  if (isRecord(target)) Object.assign(target, { ...presets, ...target })
}

function records(list: unknown): Fields[] {
  return Array.isArray(list) ? list.filter(isRecord) : []
}
