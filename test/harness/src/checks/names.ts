import { isRecord, nameOf } from '../objects/manifests.ts'
import { podsOf } from '../objects/pods.ts'
import type { Manifest, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { checkContainerNames, label } from './container-names.ts'

const labelFromLetter = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const qualified = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const maxAnnotations = 256 * 1024

// The pods' names and the label that carries the name are made from these names, so they are shorter.
const lengths: Readonly<Record<string, number>> = {
  CronJob: 52,
  DaemonSet: 63,
  Deployment: 63,
  Job: 63,
  Namespace: 63,
  Pod: 63,
  Service: 63,
  StatefulSet: 52,
}

/** Names, labels, annotations, port names and variables are such as Kubernetes takes; no variable occurs twice. */
export function checkNames(render: Render): Problem[] {
  return [
    ...render.objects.flatMap((object) => [
      ...objectName(object),
      ...metadataProblems(object, object.metadata, 'metadata'),
    ]),
    ...render.objects.flatMap((object) => servicePortNames(object)),
    ...podsOf(render.objects).flatMap((pod) => [
      ...templateProblems(pod),
      ...checkContainerNames(pod),
    ]),
  ]
}

function objectName(object: Manifest): Problem[] {
  const { name } = object.metadata
  const limit = lengths[object.kind] ?? 253
  const pattern =
    object.kind === 'Service' ? labelFromLetter : object.kind === 'Namespace' ? label : subdomain
  const at = { rule: 'name-legal', object: nameOf(object), path: 'metadata.name' }
  if (object.apiVersion.startsWith('rbac.')) return []
  return [
    ...(name.length > limit
      ? [{ ...at, message: `has ${name.length} characters; ${object.kind} allows ${limit}.` }]
      : []),
    ...(pattern.test(name) ? [] : [{ ...at, message: `"${name}" is not a legal name.` }]),
  ]
}

interface Metadata {
  readonly labels?: Readonly<Record<string, unknown>>
  readonly annotations?: Readonly<Record<string, unknown>>
}

function metadataProblems(object: Manifest, metadata: Metadata, path: string): Problem[] {
  const labels = Object.entries(metadata.labels ?? {})
  const annotations = Object.entries(metadata.annotations ?? {})
  const say = (rule: string, part: string, messages: readonly string[]): Problem[] =>
    messages.map((message) => ({ rule, object: nameOf(object), path: `${path}.${part}`, message }))
  const size = annotations.reduce((sum, [key, value]) => sum + key.length + String(value).length, 0)
  const tooLarge = size > maxAnnotations ? [`they have ${size} bytes; 262144 are allowed.`] : []
  return [
    ...say('label-legal', 'labels', labels.flatMap(labelFaults)),
    ...say('annotation-legal', 'annotations', [
      ...annotations.flatMap(annotationFaults),
      ...tooLarge,
    ]),
  ]
}

function labelFaults([key, value]: readonly [string, unknown]): string[] {
  const rule = 'at most 63 letters, digits, - _ .'
  const written = JSON.stringify(value)
  return [
    ...(isKey(key) ? [] : [`"${key}" is not a legal key.`]),
    ...(isLabelValue(value) ? [] : [`${key}: ${written} is not a legal value (${rule}).`]),
  ]
}

function annotationFaults([key, value]: readonly [string, unknown]): string[] {
  const written = JSON.stringify(value)
  return [
    ...(isKey(key) ? [] : [`"${key}" is not a legal key.`]),
    ...(typeof value === 'string' ? [] : [`${key}: ${written} is not a string. Quote it.`]),
  ]
}

function isKey(key: string): boolean {
  const [first = '', second, ...rest] = key.split('/')
  if (rest.length > 0) return false
  const name = second ?? first
  const prefixIsLegal = second === undefined || (first.length <= 253 && subdomain.test(first))
  return prefixIsLegal && name.length <= 63 && qualified.test(name)
}

function isLabelValue(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 63 && (value === '' || qualified.test(value))
}

function templateProblems(pod: PodView): Problem[] {
  if (pod.owner.kind === 'Pod') return []
  return metadataProblems(pod.owner, pod.metadata, pod.path.replace(/spec$/, 'metadata'))
}

function servicePortNames(object: Manifest): Problem[] {
  const ports = object.kind === 'Service' && isRecord(object.spec) ? object.spec.ports : []
  const names = Array.isArray(ports) ? ports.map((port: { name?: string }) => port.name) : []
  return names.flatMap((name, index) => {
    const at = {
      rule: 'port-name-legal',
      object: nameOf(object),
      path: `spec.ports[${index}].name`,
    }
    if (name === undefined)
      return names.length > 1
        ? [{ ...at, message: 'is missing; with several ports each needs a name.' }]
        : []
    return [
      ...(name.length <= 63 && label.test(name)
        ? []
        : [{ ...at, message: `"${name}" is not a legal port name.` }]),
      ...(names.indexOf(name) === index
        ? []
        : [{ ...at, message: `two ports are called ${name}.` }]),
    ]
  })
}
