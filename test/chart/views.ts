// Look-ups that many tests need.
import type { Manifest, ObjectOf, Render } from 'chart-harness'
import { type Options, render, type Values } from './render.ts'

type Pod = ReturnType<Render['pods']>[number]
type Container = ReturnType<Render['containers']>[number]['container']

/** A workload of the render, with what belongs to its component. */
export interface View {
  readonly render: Render
  readonly component: string
  /** The Deployment, StatefulSet, Job or Pod. */
  readonly object: Manifest
  readonly pod: Pod['spec']
  readonly podMetadata: Pod['metadata']
  readonly main: Container
  /** The variables in `env` of the main container. */
  readonly env: Readonly<Record<string, unknown>>
  /** An init container by name. */
  init(name: string): Container
  /** The component's first object of a kind; throws if there is none. */
  own<K extends string>(kind: K): ObjectOf<K>
}

/** The label that names the component. */
export function componentOf({ labels }: Manifest['metadata']): string {
  return labels?.['app.kubernetes.io/component'] ?? ''
}

/** The components that run in pods. */
export function runningIn(chart: Render): string[] {
  return chart.pods().map(({ owner }) => componentOf(owner.metadata))
}

/** The one workload of a component, whatever its name. */
export function viewOf(chart: Render, component: string): View {
  const pods = chart.pods(({ owner }) => componentOf(owner.metadata) === component)
  const [pod, other] = pods
  if (!pod || other) throw new Error(`${component}: ${pods.length} workloads instead of one`)
  const { owner: object, spec, metadata: podMetadata } = pod
  const find = (kind: string, list: readonly Container[] | undefined, name: string) => {
    const found = list?.find((container) => container.name === name)
    if (!found) throw new Error(`${component}: no ${kind} "${name}"`)
    return found
  }
  const main = find('container', spec.containers, 'main')
  return {
    ...{ render: chart, component, object, pod: spec, podMetadata, main, env: envOf(main) },
    init: (name) => find('init container', spec.initContainers, name),
    own: (kind) => ownOf(chart, kind, component),
  }
}

/** The workload of a component, rendered with these values. */
export async function workload(
  component: string,
  values?: Values,
  options?: Options,
): Promise<View> {
  return viewOf(await render(values, options), component)
}

function ownOf<K extends string>(chart: Render, kind: K, component: string): ObjectOf<K> {
  const found = chart.all(kind).find(({ metadata }) => componentOf(metadata) === component)
  if (!found) throw new Error(`${component}: no ${kind}`)
  return found
}

/** The variables of `env` as a map: the value, or where it comes from. */
export function envOf(container: Container): Record<string, unknown> {
  return Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }) => [name, valueFrom ?? value]),
  )
}

/** A reference to a key of a Secret, as `env` has it. */
export function secret(name: string, key: string): object {
  return { secretKeyRef: { name, key } }
}

/** The data of a ConfigMap. */
export function dataOf(chart: Render, name = 'mastodon-env'): Record<string, string> {
  return chart.one('ConfigMap', name).data ?? {}
}

/** The values in a Secret of the chart's. */
export function secretsOf(chart: Render, name = 'mastodon-env'): Record<string, string> {
  return chart.one('Secret', name).stringData ?? {}
}
