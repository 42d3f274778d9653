import type { LabelSelector } from 'kubernetes-types/meta/v1.d.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { containersOf } from '../objects/pods.ts'
import type { Manifest, ObjectOf, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { selectedPods } from './selector-checks.ts'
import { describeSelector, selects } from './selectors.ts'

/** Every ServiceMonitor and PodMonitor finds what it scrapes, and each of its ports there. */
export function checkMonitors(render: Render): Problem[] {
  return render.objects.flatMap((object) => {
    const spec = isRecord(object.spec) ? object.spec : {}
    if (!isRecord(spec.selector) || spec.namespaceSelector !== undefined) return []
    if (object.kind === 'ServiceMonitor') {
      return [
        ...selectsService(object, spec.selector, render),
        ...missingPorts(object, 'endpoints', servicePorts(object, spec.selector, render)),
      ]
    }
    if (object.kind !== 'PodMonitor') return []
    return missingPorts(object, 'podMetricsEndpoints', podPorts(object, spec.selector, render))
  })
}

function selectedServices(from: Manifest, selector: LabelSelector, render: Render): Manifest[] {
  return render.objects.filter(
    (object) =>
      object.kind === 'Service' &&
      namespaceOf(object, render.namespace) === namespaceOf(from, render.namespace) &&
      selects(selector, object.metadata.labels ?? {}),
  )
}

function selectsService(from: Manifest, selector: LabelSelector, render: Render): Problem[] {
  if (selectedServices(from, selector, render).length > 0) return []
  const message = `selects no Service: ${describeSelector(selector)}. Fix the selector or the Service's labels.`
  return [{ rule: 'selector-selects', object: nameOf(from), path: 'spec.selector', message }]
}

function servicePorts(from: Manifest, selector: LabelSelector, render: Render): string[] {
  const services = selectedServices(from, selector, render) as (ObjectOf<'Service'> & Manifest)[]
  return services.flatMap(({ spec }) => (spec?.ports ?? []).map(({ name }) => name ?? ''))
}

function podPorts(from: Manifest, selector: LabelSelector, render: Render): string[] {
  const containers = selectedPods(render, from, selector).flatMap(containersOf)
  return containers.flatMap(({ container }) =>
    (container.ports ?? []).map(({ name }) => name ?? ''),
  )
}

function missingPorts(from: Manifest, list: string, ports: readonly string[]): Problem[] {
  const spec = isRecord(from.spec) ? from.spec : {}
  const endpoints = Array.isArray(spec[list]) ? spec[list].filter(isRecord) : []
  return endpoints.flatMap(({ port }, index) =>
    typeof port !== 'string' || ports.includes(port)
      ? []
      : [
          {
            rule: 'port-exists',
            object: nameOf(from),
            path: `spec.${list}[${index}].port`,
            message: `nothing that it selects has a port called ${port}. Named ports: ${ports.filter(Boolean).join(', ') || 'none'}.`,
          },
        ],
  )
}
