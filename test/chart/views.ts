// Look-ups that many tests need.
import type { Manifest, ObjectOf, Render } from 'chart-harness'

type Pod = ReturnType<Render['pods']>[number]
type Container = ReturnType<Render['containers']>[number]['container']

/** An object that runs pods, seen from the component that it belongs to. */
export interface ComponentView {
  readonly object: Manifest
  readonly pod: Pod['spec']
  readonly podMetadata: Pod['metadata']
  readonly main: Container
  readonly render: Render
  readonly component: string
}

/** The label that names the component. */
const componentLabel = 'app.kubernetes.io/component'

/** The one workload of a component, whatever its name. */
export function viewOf(render: Render, component: string): ComponentView {
  const pods = render.pods(({ owner }) => owner.metadata.labels?.[componentLabel] === component)
  const [pod, other] = pods
  if (!pod || other) throw new Error(`${component}: ${pods.length} workloads instead of one`)
  const main = pod.spec.containers.find(({ name }) => name === 'main')
  if (!main) throw new Error(`${component}: no container "main"`)
  const { owner: object, spec, metadata: podMetadata } = pod
  return { object, pod: spec, podMetadata, main, render, component }
}

/** The component's object of a kind besides its workload; the first if there are several. */
export function besides<K extends string>(view: ComponentView, kind: K): ObjectOf<K> {
  const { render, component } = view
  const found = render
    .all(kind)
    .find(({ metadata }) => metadata.labels?.[componentLabel] === component)
  if (!found) throw new Error(`${component}: no ${kind}`)
  return found
}

/** The variables of `env` as a map: the value, or where it comes from. */
export function envOf(container: Container): Record<string, unknown> {
  return Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }) => [name, valueFrom ?? value]),
  )
}

/** An init container by name. */
export function initOf({ pod, component }: ComponentView, name: string): Container {
  const found = pod.initContainers?.find((container) => container.name === name)
  if (!found) throw new Error(`${component}: no init container "${name}"`)
  return found
}

/** The Job of a component, whatever the hash at its end. */
export function jobOf(render: Render, component: string): ObjectOf<'Job'> {
  const found = render
    .all('Job')
    .find(({ metadata }) => metadata.labels?.[componentLabel] === component)
  if (!found) throw new Error(`no Job ${component}`)
  return found
}

/** The data of a ConfigMap. */
export function dataOf(render: Render, name: string): Record<string, string> {
  return render.one('ConfigMap', name).data ?? {}
}

/** The values of a Secret in the values. */
export function secretsOf(render: Render, name: string): Record<string, string> {
  return render.one('Secret', name).stringData ?? {}
}
