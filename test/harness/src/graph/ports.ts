import type { Container } from 'kubernetes-types/core/v1.d.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { findAll } from '../objects/paths.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { Manifest, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { selectedPods, selectedServices } from './selectors.ts'

const rule = 'port-exists'

/** A port of a container or Service, as far as others refer to it. */
interface Port {
  readonly name?: string
  readonly number: number
}

/** The rules for objects of these kinds. */
const checks: Readonly<Record<string, (object: Manifest, render: Render) => Iterable<Problem>>> = {
  HTTPRoute: (route, render) => backendPorts(route, 'spec.rules.*.backendRefs.*', render),
  *Ingress(ingress, render) {
    yield* backendPorts(ingress, 'spec.rules.*.http.paths.*.backend.service', render)
    yield* backendPorts(ingress, 'spec.defaultBackend.service', render)
  },
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

function portsOf(containers: readonly Container[]): Port[] {
  return containers
    .flatMap(({ ports = [] }) => ports)
    .map(({ name, containerPort: number }) => ({ number, ...(name ? { name } : {}) }))
}

function portsOfPod(pod: PodView): Port[] {
  return portsOf(containersOf(pod).map(({ container }) => container))
}

function portsOfService(service: Manifest): Port[] {
  return findAll(service, 'spec.ports.*').map(({ value }) => {
    const { name, port } = value as { name?: string; port: number }
    return { number: port, ...(name ? { name } : {}) }
  })
}

function declares(ports: readonly Port[], wanted: unknown): boolean {
  return ports.some(({ name, number }) => name === wanted || number === wanted)
}

function listed(ports: readonly Port[]): string {
  return ports.map(({ name, number }) => (name ? `${name}=${number}` : number)).join(', ') || 'none'
}

function* probePorts(pod: PodView): Iterable<Problem> {
  const handlers = [
    'livenessProbe|readinessProbe|startupProbe.httpGet|tcpSocket.port',
    'lifecycle.preStop|postStart.httpGet|tcpSocket.port',
  ]
  for (const { owner, container, path } of containersOf(pod)) {
    const ports = portsOf([container])
    for (const place of handlers.flatMap((handler) => findAll(container, handler))) {
      if (declares(ports, place.value)) continue
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
      if (declares(ports, targetPort)) continue
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
    if (pods.some((pod) => declares(portsOfPod(pod), port))) continue
    const message = `no pod that it selects has the port ${port}. Allow a port that exists.`
    yield { rule, object: nameOf(policy), path, message }
  }
}

function* backendPorts(from: Manifest, pattern: string, render: Render): Iterable<Problem> {
  for (const { path, value } of findAll(from, pattern)) {
    const { name, port } = value as Record<string, unknown>
    const wanted = isRecord(port) ? (port.name ?? port.number) : port
    const service = render.objects.find(
      (object) =>
        object.kind === 'Service' &&
        object.metadata.name === name &&
        namespaceOf(object, render.namespace) === namespaceOf(from, render.namespace),
    )
    if (!service) continue // reference-exists says so
    const ports = portsOfService(service)
    if (declares(ports, wanted)) continue
    const message = `${nameOf(service)} has no port ${wanted}. Its ports: ${listed(ports)}.`
    yield { rule, object: nameOf(from), path, message }
  }
}

function* monitorPorts(monitor: Manifest, render: Render): Iterable<Problem> {
  const { selector, namespaceSelector } = isRecord(monitor.spec) ? monitor.spec : {}
  if (!isRecord(selector) || namespaceSelector !== undefined) return
  const ports =
    monitor.kind === 'PodMonitor'
      ? selectedPods(render, monitor, selector).flatMap(portsOfPod)
      : selectedServices(render, monitor, selector).flatMap(portsOfService)
  const list = monitor.kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints'
  for (const { path, value } of findAll(monitor, `spec.${list}.*.port`)) {
    if (typeof value !== 'string' || ports.some(({ name }) => name === value)) continue
    const names = ports.flatMap(({ name }) => name ?? []).join(', ') || 'none'
    const message = `nothing that it selects has a port called ${value}. Named ports: ${names}.`
    yield { rule, object: nameOf(monitor), path, message }
  }
}
