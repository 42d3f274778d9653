import { nameOf } from '../objects/manifests.ts'
import { findAll } from '../objects/paths.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { ContainerView, Manifest, Problem } from '../objects/types.ts'
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
      ...(pod.owner.kind === 'Pod'
        ? []
        : metadataProblems(pod.owner, pod.metadata, pod.path.replace(/spec$/, 'metadata'))),
      ...checkEach(pod.owner, pod.spec, inPods, `${pod.path}.`),
      ...containersOf(pod).flatMap((view) => [
        ...checkEach(view.owner, view.container, inContainers, `${view.path}.`),
        ...envOrder(view),
      ]),
    ]),
  ]
}

function* objectName(object: Manifest): Iterable<Problem> {
  if (object.apiVersion.startsWith('rbac.')) return
  const { name } = object.metadata
  const limit = lengths[object.kind] ?? 253
  const pattern = { Service: labelFromLetter, Namespace: label }[object.kind] ?? subdomain
  const at = { rule: 'name-legal', object: nameOf(object), path: 'metadata.name' }
  if (name.length > limit)
    yield { ...at, message: `has ${name.length} characters; ${object.kind} allows ${limit}.` }
  if (!pattern.test(name)) yield { ...at, message: `"${name}" is not a legal name.` }
}

interface Metadata {
  readonly labels?: Readonly<Record<string, unknown>>
  readonly annotations?: Readonly<Record<string, unknown>>
}

function* metadataProblems(object: Manifest, metadata: Metadata, path: string): Iterable<Problem> {
  const { labels = {}, annotations = {} } = metadata
  const label = { rule: 'label-legal', object: nameOf(object), path: `${path}.labels` }
  for (const [key, value] of Object.entries(labels)) {
    if (!isKey(key)) yield { ...label, message: `"${key}" is not a legal key.` }
    const message = `${key}: ${JSON.stringify(value)} is not a legal value (at most 63 letters, digits, - _ .).`
    if (!isLabelValue(value)) yield { ...label, message }
  }
  const annotation = { rule: 'annotation-legal', object: label.object, path: `${path}.annotations` }
  let size = 0
  for (const [key, value] of Object.entries(annotations)) {
    size += key.length + String(value).length
    if (!isKey(key)) yield { ...annotation, message: `"${key}" is not a legal key.` }
    const message = `${key}: ${JSON.stringify(value)} is not a string. Quote it.`
    if (typeof value !== 'string') yield { ...annotation, message }
  }
  if (size > maxAnnotations)
    yield { ...annotation, message: `they have ${size} bytes; 262144 are allowed.` }
}

function isKey(key: string): boolean {
  const [first = '', second, ...rest] = key.split('/')
  const name = second ?? first
  const prefixIsLegal = second === undefined || (first.length <= 253 && subdomain.test(first))
  return rest.length === 0 && prefixIsLegal && name.length <= 63 && qualified.test(name)
}

function isLabelValue(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 63 && (value === '' || qualified.test(value))
}

/** Names that must be legal, and that no two may share. */
interface NameRule {
  /** A pattern for `findAll`. */
  readonly at: string
  readonly rule: string
  /** The rule that a second one breaks; default: the same. */
  readonly unique?: string
  /** What has the name. */
  readonly what: string
  readonly pattern: RegExp
}

const inServices: readonly NameRule[] = [
  { at: 'spec.ports.*.name', rule: 'port-name-legal', what: 'port', pattern: shortLabel },
]
const containerName = 'initContainers|containers.*.name'
const inPods: readonly NameRule[] = [
  { at: containerName, rule: 'name-legal', what: 'container', pattern: shortLabel },
]
const env = { rule: 'env-legal', unique: 'env-unique' }
const inContainers: readonly NameRule[] = [
  { at: 'ports.*.name', rule: 'port-name-legal', what: 'port', pattern: portOfContainer },
  { at: 'env.*.name', ...env, what: 'variable', pattern: variable },
]

function* checkEach(
  owner: Manifest,
  root: object,
  rules: readonly NameRule[],
  prefix = '',
): Iterable<Problem> {
  for (const { at, rule, unique = rule, what, pattern } of rules) {
    const names = findAll(root, at)
    for (const [index, { path, value }] of names.entries()) {
      const place = { object: nameOf(owner), path: prefix + path }
      if (!pattern.test(String(value)))
        yield { rule, ...place, message: `"${value}" is not a legal name of a ${what}.` }
      if (names.findIndex((other) => other.value === value) < index)
        yield { rule: unique, ...place, message: `"${value}" is the name of two ${what}s.` }
    }
  }
}

function* servicePortNames(owner: Manifest): Iterable<Problem> {
  if (owner.kind !== 'Service') return
  const rule = 'port-name-legal'
  const ports = findAll(owner, 'spec.ports.*').length
  const message = 'a name is missing; with several ports each needs one.'
  if (ports > 1 && findAll(owner, 'spec.ports.*.name').length < ports)
    yield { rule, object: nameOf(owner), path: 'spec.ports', message }
  yield* checkEach(owner, owner, inServices)
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
