// What a roll-out cuts off. While it lasts, old pods run next to new ones, but Services, budgets and policies are
// already the new ones.
import { selects } from '../graph/selectors.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { containersOf, podOf } from '../objects/pods.ts'
import type { Manifest, PodView } from '../objects/types.ts'
import { asList, at, type Finding, type Pair, type Upgrade, warning } from './finding.ts'

/** A workload's pods before and after, which run at the same time. */
interface RollOut {
  readonly name: string
  readonly old: PodView
  readonly fresh: PodView
}

const rolling: ReadonlySet<string> = new Set(['DaemonSet', 'Deployment', 'StatefulSet'])

/** The roll-outs in the namespace of the object. */
function* rollOuts(object: Manifest, { pairs, after: { namespace } }: Upgrade): Iterable<RollOut> {
  for (const { was, now } of pairs) {
    if (!rolling.has(now.kind) || at(now, 'spec.strategy.type') === 'Recreate') continue
    if (namespaceOf(now, namespace) !== namespaceOf(object, namespace)) continue
    const [old, fresh] = [podOf(was), podOf(now)]
    if (old && fresh) yield { name: nameOf(now), old, fresh }
  }
}

type Labels = Readonly<Record<string, string>>
/** A selector of an object, its path, and what it does for the pods that it selects. */
interface Choice {
  readonly path: string
  readonly verb: string
  readonly selects: (labels: Labels) => boolean
}

/** What selectors or labels that changed do while pods are replaced. */
export function* selectorChanges({ was, now }: Pair, upgrade: Upgrade): Iterable<Finding> {
  const before = new Map(choices(was).map((choice) => [choice.path, choice]))
  for (const choice of choices(now)) {
    const old = before.get(choice.path)
    if (!old) continue
    for (const out of rollOuts(now, upgrade)) {
      const message = drift(old, choice, out)
      if (message) yield warning('selector-drift', choice.path, message)
    }
  }
}

function drift(was: Choice, now: Choice, { name, old, fresh }: RollOut): string | undefined {
  const [oldLabels, freshLabels] = [old.metadata.labels ?? {}, fresh.metadata.labels ?? {}]
  const had = was.selects(oldLabels)
  const wants = now.selects(freshLabels)
  const hasOld = now.selects(oldLabels)
  if (had && !wants) return `no longer ${now.verb} pods of ${name}`
  if (had && !hasOld)
    return `no longer ${now.verb} the old pods of ${name}, while the new ones are not ready`
  if (!had && !wants && hasOld)
    return `also ${now.verb} the old pods of ${name} until they are replaced`
  return undefined
}

function choices(object: Manifest): Choice[] {
  const spec = isRecord(object.spec) ? object.spec : {}
  // With several selectors at one place, a pod is selected if any of them selects it.
  const any = (path: string, verb: string, ...selectors: readonly unknown[]): Choice[] => {
    const all = selectors.filter(isRecord)
    return all.length === 0
      ? []
      : [{ path, verb, selects: (labels) => all.some((one) => selects(one, labels)) }]
  }
  if (object.kind === 'Service' && isRecord(spec.selector))
    return any('spec.selector', 'reaches', { matchLabels: spec.selector })
  if (object.kind === 'PodDisruptionBudget') return any('spec.selector', 'protects', spec.selector)
  if (object.kind !== 'NetworkPolicy') return []
  return [
    ...any('spec.podSelector', 'covers', spec.podSelector ?? {}),
    ...any('spec.ingress', 'lets through', ...peers(spec.ingress, 'from')),
    ...any('spec.egress', 'lets through', ...peers(spec.egress, 'to')),
  ]
}

/** The pod selectors of one direction of a policy. */
function peers(rules: unknown, key: 'from' | 'to'): unknown[] {
  return asList(rules)
    .flatMap((rule) => asList(at(rule, key)))
    .filter((peer) => at(peer, 'namespaceSelector') === undefined)
    .map((peer) => at(peer, 'podSelector'))
}

type Port = Readonly<Record<string, unknown>>

/** What a Service's changed ports cut off: its clients, or the old pods that it selects. */
export function* portChanges(pair: Pair, upgrade: Upgrade): Iterable<Finding> {
  const { now } = pair
  if (at(now, 'spec.type') === 'ExternalName') return
  yield* lostPorts(pair)
  const [service] = choices(now)
  const own = [...rollOuts(now, upgrade)].filter(({ old, fresh }) =>
    [old, fresh].every(({ metadata }) => service?.selects(metadata.labels ?? {})),
  )
  for (const [index, { port, targetPort = port }] of portsOf(now).entries()) {
    for (const { name, old, fresh } of own) {
      // Old pods get requests at the new target until they are replaced.
      if (!listens(fresh, targetPort) || listens(old, targetPort)) continue
      const message =
        typeof targetPort === 'number'
          ? `the old pods of ${name} do not listen on ${targetPort}. Name the port in the pods, and use the name`
          : `the old pods of ${name} have no port that is called ${targetPort}. Keep the name`
      yield warning('target-port', `spec.ports[${index}].targetPort`, message)
    }
  }
}

function* lostPorts({ was, now }: Pair): Iterable<Finding> {
  for (const [index, { port, protocol = 'TCP', name, nodePort }] of portsOf(was).entries()) {
    const lost = (key: string, message: string): Finding =>
      warning('service-port', `spec.ports[${index}].${key}`, message)
    const same = portsOf(now).find(
      (other) => other.port === port && (other.protocol ?? 'TCP') === protocol,
    )
    if (!same) yield lost('port', `clients of port ${port} lose it`)
    else if (name !== undefined && same.name !== name)
      yield lost('name', `${name} → ${same.name ?? 'absent'}: what uses the name loses the port`)
    else if (nodePort && same.nodePort && same.nodePort !== nodePort)
      yield lost('nodePort', `${nodePort} → ${same.nodePort}: clients of the node port lose it`)
  }
}

/** Whether the pod says that it listens there; a pod that names no port at all says nothing. */
function listens(pod: PodView, target: unknown): boolean {
  const said = containersOf(pod).flatMap(({ container }) => container.ports ?? [])
  if (typeof target === 'string') return said.some((port) => port.name === target)
  return said.length === 0 || said.some((port) => port.containerPort === target)
}

function portsOf(service: Manifest): readonly Port[] {
  return asList(at(service, 'spec.ports')).filter(isRecord)
}
