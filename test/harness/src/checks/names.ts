import { nameOf } from '../objects/manifests.ts'
import { type FoundValue, findAll } from '../objects/paths.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { ContainerView, Manifest, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const labelFromLetter = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const qualified = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const variable = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/
const portOfContainer = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/
/** A DNS label with its length. */
const shortLabel = /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
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

/** Kubernetes accepts all names, labels, annotations, ports and variables; no variable occurs twice. */
export function checkNames(render: Render): Problem[] {
  return [
    ...render.objects.flatMap((object) => [
      ...objectName(object),
      ...metadataProblems(object, object.metadata, 'metadata'),
      ...servicePortNames(object),
    ]),
    ...podsOf(render.objects).flatMap((pod) => [
      ...templateProblems(pod),
      ...containerNames(pod),
      ...containersOf(pod).flatMap((view) => [...portsAndVariables(view), ...envOrder(view)]),
    ]),
  ]
}

function objectName(object: Manifest): Problem[] {
  const { name } = object.metadata
  const limit = lengths[object.kind] ?? 253
  const pattern = { Service: labelFromLetter, Namespace: label }[object.kind] ?? subdomain
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
  const annotations = Object.entries(metadata.annotations ?? {})
  const say = (rule: string, part: string, messages: readonly string[]): Problem[] =>
    messages.map((message) => ({ rule, object: nameOf(object), path: `${path}.${part}`, message }))
  const size = annotations.reduce((sum, [key, value]) => sum + key.length + String(value).length, 0)
  const tooLarge = size > maxAnnotations ? [`they have ${size} bytes; 262144 are allowed.`] : []
  const labels = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => [
    ...keyFaults(key),
    ...(isLabelValue(value)
      ? []
      : [
          `${key}: ${JSON.stringify(value)} is not a legal value (at most 63 letters, digits, - _ .).`,
        ]),
  ])
  const texts = annotations.flatMap(([key, value]) => [
    ...keyFaults(key),
    ...(typeof value === 'string'
      ? []
      : [`${key}: ${JSON.stringify(value)} is not a string. Quote it.`]),
  ])
  return [
    ...say('label-legal', 'labels', labels),
    ...say('annotation-legal', 'annotations', [...texts, ...tooLarge]),
  ]
}

function keyFaults(key: string): string[] {
  const [first = '', second, ...rest] = key.split('/')
  const name = second ?? first
  const prefixIsLegal = second === undefined || (first.length <= 253 && subdomain.test(first))
  const isLegal = rest.length === 0 && prefixIsLegal && name.length <= 63 && qualified.test(name)
  return isLegal ? [] : [`"${key}" is not a legal key.`]
}

function isLabelValue(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 63 && (value === '' || qualified.test(value))
}

function templateProblems(pod: PodView): Problem[] {
  if (pod.owner.kind === 'Pod') return []
  return metadataProblems(pod.owner, pod.metadata, pod.path.replace(/spec$/, 'metadata'))
}

interface NameRule {
  readonly owner: Manifest
  /** The path that the names' paths begin with. */
  readonly prefix?: string
  readonly rule: string
  /** The rule that a second one breaks; default: the same. */
  readonly unique?: string
  /** What has the name. */
  readonly what: string
  readonly pattern: RegExp
}

/** Each of the names is legal, and no two are equal. */
function checkEach(
  names: readonly FoundValue[],
  { owner, prefix = '', rule, unique = rule, what, pattern }: NameRule,
): Problem[] {
  return names.flatMap(({ path, value }, index) => {
    const at = { object: nameOf(owner), path: prefix + path }
    const isSecond = names.findIndex((other) => other.value === value) < index
    return [
      ...(pattern.test(String(value))
        ? []
        : [{ rule, ...at, message: `"${value}" is not a legal name of a ${what}.` }]),
      ...(isSecond
        ? [{ rule: unique, ...at, message: `"${value}" is the name of two ${what}s.` }]
        : []),
    ]
  })
}

function servicePortNames(owner: Manifest): Problem[] {
  if (owner.kind !== 'Service') return []
  const ports = findAll(owner, 'spec.ports.*')
  const names = findAll(owner, 'spec.ports.*.name')
  const rule = { rule: 'port-name-legal', owner, what: 'port', pattern: shortLabel }
  const isMissing = ports.length > 1 && names.length < ports.length
  const message = 'a name is missing; with several ports each needs one.'
  return [
    ...(isMissing ? [{ rule: rule.rule, object: nameOf(owner), path: 'spec.ports', message }] : []),
    ...checkEach(names, rule),
  ]
}

function containerNames({ owner, spec, path }: PodView): Problem[] {
  const names = findAll(spec, 'initContainers|containers.*.name')
  const pattern = shortLabel
  return checkEach(names, {
    rule: 'name-legal',
    owner,
    prefix: `${path}.`,
    what: 'container',
    pattern,
  })
}

function portsAndVariables({ owner, container, path }: ContainerView): Problem[] {
  const of = { owner, prefix: `${path}.` }
  const ports = { rule: 'port-name-legal', what: 'port', pattern: portOfContainer }
  const variables = { rule: 'env-legal', unique: 'env-unique', what: 'variable', pattern: variable }
  return [
    ...checkEach(findAll(container, 'ports.*.name'), { ...of, ...ports }),
    ...checkEach(findAll(container, 'env.*.name'), { ...of, ...variables }),
  ]
}

// `$(NAME)` in a variable's value is replaced only when NAME is defined before it.
function envOrder({ owner, container, path }: ContainerView): Problem[] {
  const env = container.env ?? []
  return env.flatMap(({ name, value }, index) =>
    // Not yet known to be a string; `$$(NAME)` is not a reference.
    [...String(value ?? '').matchAll(/\$?\$\(([^)]+)\)/g)]
      .filter(([text]) => !text.startsWith('$$'))
      .filter(([, used]) => env.findIndex((entry) => entry.name === used) >= index)
      .map(([, used]) => ({
        rule: 'env-order',
        object: nameOf(owner),
        path: `${path}.env[${index}].value`,
        message: `${name} uses ${used}, which is defined after it. Move ${used} up.`,
      })),
  )
}
