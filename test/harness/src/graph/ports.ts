import type { Container, Probe, ServicePort } from 'kubernetes-types/core/v1.d.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { ContainerView, Manifest, ObjectOf, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { selectedPods } from './selector-checks.ts'

const rule = 'port-exists'
type Port = string | number

/** Every port that is named or numbered somewhere is one that a container or Service declares. */
export function checkPorts(render: Render): Problem[] {
  return [
    ...podsOf(render.objects).flatMap(containersOf).flatMap(probePorts),
    ...render.objects.flatMap((object) => {
      if (object.kind === 'Service') return servicePorts(object as never, render)
      if (object.kind === 'Ingress') return ingressPorts(object as never, render)
      if (object.kind === 'NetworkPolicy') return policyPorts(object as never, render)
      if (object.kind === 'HTTPRoute') return routePorts(object, render)
      return []
    }),
  ]
}

function probePorts({ owner, container, path }: ContainerView): Problem[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container
  const handlers: Readonly<Record<string, Pick<Probe, 'httpGet' | 'tcpSocket'> | undefined>> = {
    livenessProbe,
    readinessProbe,
    startupProbe,
    'lifecycle.preStop': lifecycle?.preStop,
    'lifecycle.postStart': lifecycle?.postStart,
  }
  return Object.entries(handlers).flatMap(([name, handler]) => {
    const port = handler?.httpGet?.port ?? handler?.tcpSocket?.port
    if (port === undefined || declares(container, port)) return []
    const message = `container ${container.name} has no port ${port}. Its ports: ${portList([container])}.`
    return [{ rule, object: nameOf(owner), path: `${path}.${name}`, message }]
  })
}

function declares(container: Container, port: Port): boolean {
  return (container.ports ?? []).some(
    ({ name, containerPort }) => name === port || containerPort === port,
  )
}

function portList(containers: readonly Container[]): string {
  const ports = containers.flatMap(({ ports = [] }) => ports)
  return (
    ports
      .map(({ name, containerPort }) => (name ? `${name}=${containerPort}` : containerPort))
      .join(', ') || 'none'
  )
}

function podDeclares(pod: PodView, port: Port): boolean {
  return containersOf(pod).some(({ container }) => declares(container, port))
}

function servicePorts(service: ObjectOf<'Service'> & Manifest, render: Render): Problem[] {
  const selector = service.spec?.selector
  if (!selector || service.spec?.type === 'ExternalName') return []
  const pods = selectedPods(render, service, { matchLabels: selector })
  return (service.spec?.ports ?? []).flatMap(({ port, targetPort = port }, index) =>
    pods
      .filter((pod) => !podDeclares(pod, targetPort))
      .map((pod) => ({
        rule,
        object: nameOf(service),
        path: `spec.ports[${index}].targetPort`,
        message: `${nameOf(pod.owner)}, which it selects, has no port ${targetPort}. Its ports: ${portList(containersOf(pod).map(({ container }) => container))}.`,
      })),
  )
}

function policyPorts(policy: ObjectOf<'NetworkPolicy'> & Manifest, render: Render): Problem[] {
  const { podSelector, ingress = [] } = policy.spec ?? {}
  if (!podSelector) return []
  const pods = selectedPods(render, policy, podSelector)
  return ingress.flatMap(({ ports = [] }, entry) =>
    ports.flatMap(({ port, endPort }, index) => {
      if (port === undefined || endPort !== undefined) return []
      if (pods.length === 0 || pods.some((pod) => podDeclares(pod, port))) return []
      const message = `no pod that it selects has the port ${port}. Allow a port that exists.`
      return [
        { rule, object: nameOf(policy), path: `spec.ingress[${entry}].ports[${index}]`, message },
      ]
    }),
  )
}

interface BackendPort {
  readonly path: string
  readonly service: string
  readonly port: Port | undefined
}

function ingressPorts(ingress: ObjectOf<'Ingress'> & Manifest, render: Render): Problem[] {
  const backends = (ingress.spec?.rules ?? []).flatMap((host, hostIndex) =>
    (host.http?.paths ?? []).map(({ backend }, index) => ({
      path: `spec.rules[${hostIndex}].http.paths[${index}].backend`,
      backend,
    })),
  )
  const fallback = ingress.spec?.defaultBackend
  const all = fallback
    ? [...backends, { path: 'spec.defaultBackend', backend: fallback }]
    : backends
  return all.flatMap(({ path, backend }) => {
    const { name = '', port } = backend.service ?? {}
    return missingServicePort(ingress, render, {
      path,
      service: name,
      port: port?.name ?? port?.number,
    })
  })
}

function routePorts(route: Manifest, render: Render): Problem[] {
  const rules =
    isRecord(route.spec) && Array.isArray(route.spec.rules) ? route.spec.rules.filter(isRecord) : []
  return rules.flatMap((entry, ruleIndex) => {
    const backends = Array.isArray(entry.backendRefs) ? entry.backendRefs.filter(isRecord) : []
    return backends.flatMap(({ name, port }, index) =>
      missingServicePort(route, render, {
        path: `spec.rules[${ruleIndex}].backendRefs[${index}]`,
        service: String(name),
        port: typeof port === 'number' ? port : undefined,
      }),
    )
  })
}

function missingServicePort(from: Manifest, render: Render, wanted: BackendPort): Problem[] {
  const namespace = namespaceOf(from, render.namespace)
  const service = render.objects.find(
    (object) =>
      object.kind === 'Service' &&
      object.metadata.name === wanted.service &&
      namespaceOf(object, render.namespace) === namespace,
  ) as (ObjectOf<'Service'> & Manifest) | undefined
  if (!service) return [] // reference-exists says so
  const ports = service.spec?.ports ?? []
  if (ports.some(({ name, port }) => name === wanted.port || port === wanted.port)) return []
  const message = `Service/${wanted.service} has no port ${wanted.port}. Its ports: ${ports.map(describePort).join(', ')}.`
  return [{ rule, object: nameOf(from), path: wanted.path, message }]
}

function describePort({ name, port }: ServicePort): string {
  return name ? `${name}=${port}` : String(port)
}
