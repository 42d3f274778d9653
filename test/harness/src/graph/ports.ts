import { findObject, isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { findAll } from '../objects/paths.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { Manifest, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { selectedPods, selectedServices } from './selectors.ts'

const rule = 'port-exists'

/** The rules for objects of these kinds. */
const checks: Readonly<Record<string, (object: Manifest, render: Render) => Iterable<Problem>>> = {
  HTTPRoute: backendPorts,
  Ingress: backendPorts,
  NetworkPolicy: policyPorts,
  PodMonitor: monitorPorts,
  Service: servicePorts,
  ServiceMonitor: monitorPorts,
}

/** Every port that is named or numbered somewhere is one that a container or Service declares. */
export function* checkPorts(render: Render): Iterable<Problem> {
  for (const pod of podsOf(render.objects)) yield* probePorts(pod)
  for (const object of render.objects) yield* checks[object.kind]?.(object, render) ?? []
}

/** The names and numbers of the ports at these places. */
function portsAt(root: object, pattern: string): unknown[] {
  return findAll(root, pattern).map(({ value }) => value)
}

function portsOfPod({ spec }: PodView): unknown[] {
  return portsAt(spec, 'initContainers|containers.*.ports.*.name|containerPort')
}

function portsOfService(service: Manifest): unknown[] {
  return portsAt(service, 'spec.ports.*.name|port')
}

function listed(ports: readonly unknown[]): string {
  return ports.join(', ') || 'none'
}

function* probePorts(pod: PodView): Iterable<Problem> {
  const handlers = [
    'livenessProbe|readinessProbe|startupProbe.httpGet|tcpSocket.port',
    'lifecycle.preStop|postStart.httpGet|tcpSocket.port',
  ]
  for (const { owner, container, path } of containersOf(pod)) {
    const ports = portsAt(container, 'ports.*.name|containerPort')
    for (const place of handlers.flatMap((handler) => findAll(container, handler))) {
      if (ports.includes(place.value)) continue
      const message = `container ${container.name} has no port ${place.value}. Its ports: ${listed(ports)}.`
      yield { rule, object: nameOf(owner), path: `${path}.${place.path}`, message }
    }
  }
}

function* servicePorts(service: Manifest, render: Render): Iterable<Problem> {
  const { selector, type } = isRecord(service.spec) ? service.spec : {}
  if (!isRecord(selector) || type === 'ExternalName') return
  const matchLabels = selector as Record<string, string>
  const pods = selectedPods(render, service, { matchLabels })
  for (const { path, value } of findAll(service, 'spec.ports.*')) {
    const { port, targetPort = port } = value as Record<string, unknown>
    for (const pod of pods) {
      const ports = portsOfPod(pod)
      if (ports.includes(targetPort)) continue
      const message = `${nameOf(pod.owner)}, which it selects, has no port ${targetPort}. Its ports: ${listed(ports)}.`
      yield { rule, object: nameOf(service), path: `${path}.targetPort`, message }
    }
  }
}

function* policyPorts(policy: Manifest, render: Render): Iterable<Problem> {
  const { podSelector } = isRecord(policy.spec) ? policy.spec : {}
  if (!isRecord(podSelector)) return
  const pods = selectedPods(render, policy, podSelector)
  for (const { path, value } of findAll(policy, 'spec.ingress.*.ports.*')) {
    const { port, endPort } = value as Record<string, unknown>
    if (port === undefined || endPort !== undefined || pods.length === 0) continue
    if (pods.some((pod) => portsOfPod(pod).includes(port))) continue
    const message = `no pod that it selects has the port ${port}. Allow a port that exists.`
    yield { rule, object: nameOf(policy), path, message }
  }
}

const backends = [
  ...['spec.rules.*.http.paths.*.backend.service', 'spec.defaultBackend.service'],
  'spec.rules.*.backendRefs.*',
]

function* backendPorts(from: Manifest, render: Render): Iterable<Problem> {
  for (const { path, value } of backends.flatMap((pattern) => findAll(from, pattern))) {
    const { name, port } = value as Record<string, unknown>
    const wanted = isRecord(port) ? (port.name ?? port.number) : port
    const namespace = namespaceOf(from, render.namespace)
    const service = findObject(render, 'Service', String(name), namespace)
    if (!service) continue // reference-exists says so
    const ports = portsOfService(service)
    if (ports.includes(wanted)) continue
    const message = `${nameOf(service)} has no port ${wanted}. Its ports: ${listed(ports)}.`
    yield { rule, object: nameOf(from), path, message }
  }
}

function* monitorPorts(monitor: Manifest, render: Render): Iterable<Problem> {
  const { selector, namespaceSelector } = isRecord(monitor.spec) ? monitor.spec : {}
  if (!isRecord(selector) || namespaceSelector !== undefined) return
  const [list, ports] =
    monitor.kind === 'PodMonitor'
      ? ['podMetricsEndpoints', selectedPods(render, monitor, selector).flatMap(portsOfPod)]
      : ['endpoints', selectedServices(render, monitor, selector).flatMap(portsOfService)]
  const names = ports.filter((port) => typeof port === 'string')
  for (const { path, value } of findAll(monitor, `spec.${list}.*.port`)) {
    if (typeof value !== 'string' || names.includes(value)) continue
    const message = `nothing that it selects has a port called ${value}. Named ports: ${listed(names)}.`
    yield { rule, object: nameOf(monitor), path, message }
  }
}
