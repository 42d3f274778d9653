import { selects } from '../graph/selectors.ts'
import { isRecord } from '../objects/manifests.ts'
import { containersOf } from '../objects/pods.ts'
import type { Manifest, PodView } from '../objects/types.ts'
import { at, type Finding, type Pair } from './finding.ts'
import type { RollOut } from './traffic.ts'

type Port = Readonly<Record<string, unknown>>

/** What a Service's changed ports cut off: its clients, or the old pods behind it. */
export function portChanges({ was, now }: Pair, outs: readonly RollOut[]): Finding[] {
  if (now.kind !== 'Service' || at(now, 'spec.type') === 'ExternalName') return []
  const own = outs.filter(({ old, fresh }) => reaches(now, old) && reaches(now, fresh))
  return [
    ...lostPorts(was, now),
    ...ports(now).flatMap((port, index) => own.flatMap((out) => unheard(port, index, out))),
  ]
}

function reaches(service: Manifest, pod: PodView): boolean {
  const matchLabels = at(service, 'spec.selector')
  return isRecord(matchLabels)
    ? selects({ matchLabels: matchLabels as Record<string, string> }, pod.metadata.labels ?? {})
    : false
}

function lostPorts(was: Manifest, now: Manifest): Finding[] {
  const kept = ports(now)
  return ports(was).flatMap((port, index) => {
    const same = kept.find(
      (other) => other.port === port.port && protocol(other) === protocol(port),
    )
    const found = (path: string, message: string): Finding[] => [
      { effect: 'warning', rule: 'service-port', path, message },
    ]
    if (!same) return found(`spec.ports[${index}].port`, `clients of port ${port.port} lose it`)
    if (port.name !== undefined && same.name !== port.name)
      return found(
        `spec.ports[${index}].name`,
        `${port.name} → ${String(same.name ?? 'absent')}: who names the port loses it`,
      )
    if (
      port.nodePort === undefined ||
      same.nodePort === undefined ||
      same.nodePort === port.nodePort
    )
      return []
    return found(
      `spec.ports[${index}].nodePort`,
      `${port.nodePort} → ${same.nodePort}: clients of the node port lose it`,
    )
  })
}

/** Old pods get requests at the new target until they are replaced. */
function unheard(port: Port, index: number, { name, old, fresh }: RollOut): Finding[] {
  const target = port.targetPort ?? port.port
  if (!listens(fresh, target) || listens(old, target)) return []
  const path = `spec.ports[${index}].targetPort`
  const message =
    typeof target === 'number'
      ? `the old pods of ${name} do not listen on ${target}. Name the port in the pods, and aim at the name`
      : `the old pods of ${name} have no port that is called ${target}. Keep the name`
  return [{ effect: 'warning', rule: 'target-port', path, message }]
}

/** Whether the pod says that it listens there; a pod that names no port at all says nothing. */
function listens(pod: PodView, target: unknown): boolean {
  const said = containersOf(pod).flatMap(({ container }) => container.ports ?? [])
  if (typeof target === 'string') return said.some((port) => port.name === target)
  return said.length === 0 || said.some((port) => port.containerPort === target)
}

function ports(service: Manifest): readonly Port[] {
  const list = at(service, 'spec.ports')
  return Array.isArray(list) ? list.filter(isRecord) : []
}

function protocol(port: Port): unknown {
  return port.protocol ?? 'TCP'
}
