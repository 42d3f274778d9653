// The rules of ValidateServiceUpdate (pkg/apis/core/validation) and of what the registry keeps of a Service whose
// manifest leaves a field out (pkg/registry/core/service/storage: patchAllocatedValues).
import { at, type Finding, type Pair, refusal } from './finding.ts'

/** What changes a Service that Kubernetes does not allow, and what takes its address away. */
export function serviceChanges(pair: Pair): Finding[] {
  if (pair.now.kind !== 'Service') return []
  const lost = lostAddress(pair)
  if (isExternal(pair.was) || isExternal(pair.now)) return lost
  return [
    ...clusterAddress(pair),
    ...families(pair),
    ...(['loadBalancerClass', 'healthCheckNodePort'] as const).flatMap((name) => fixed(pair, name)),
    ...lost,
  ]
}

const type = (service: unknown): string => String(at(service, 'spec.type') ?? 'ClusterIP')
const isExternal = (service: unknown): boolean => type(service) === 'ExternalName'
const none = 'None'

function clusterAddress({ was, now }: Pair): Finding[] {
  const path = 'spec.clusterIP'
  const [before, after] = [at(was, path), at(now, path)]
  // What is left out stays as it is.
  if (after !== undefined && after !== before) return [refusal(path, before, after)]
  if (before !== none) return secondAddress({ was, now })
  if (type(now) !== 'ClusterIP')
    return [refusal('spec.type', type(was), type(now), 'cannot be had by a headless Service')]
  if (after === none) return []
  const message = 'has no effect: the Service stays headless. Give the new one another name'
  return [{ effect: 'warning', rule: 'service-headless', path, message }]
}

function secondAddress({ was, now }: Pair): Finding[] {
  const path = 'spec.clusterIPs'
  const [before, after] = [list(was, path), list(now, path)]
  const index = after.findIndex((ip, i) => i < before.length && ip !== before[i])
  if (index < 0) return []
  return [refusal(`${path}[${index}]`, before[index], after[index])]
}

function families({ was, now }: Pair): Finding[] {
  const path = 'spec.ipFamilies'
  if (at(was, 'spec.clusterIP') === none) return []
  const [before, after] = [list(was, path), list(now, path)]
  if (after.length === 0) return []
  // A cluster gives IPv4 first, unless it is one of IPv6.
  const old = before.length > 0 ? before : ['IPv4']
  const index = after.findIndex((family, i) => i < old.length && family !== old[i])
  if (index >= 0) return [refusal(`${path}[${index}]`, before[index], after[index])]
  const policy = 'spec.ipFamilyPolicy'
  if (after.length >= before.length || at(now, policy) === 'SingleStack') return []
  const why = 'must be SingleStack when a family goes'
  return [refusal(policy, at(was, policy), at(now, policy), why)]
}

function fixed({ was, now }: Pair, name: 'loadBalancerClass' | 'healthCheckNodePort'): Finding[] {
  if (type(was) !== 'LoadBalancer' || type(now) !== 'LoadBalancer') return []
  const path = `spec.${name}`
  const [before, after] = [at(was, path), at(now, path)]
  const isLocal = [was, now].every((one) => at(one, 'spec.externalTrafficPolicy') === 'Local')
  if (name === 'healthCheckNodePort' && (!isLocal || after === undefined)) return []
  return before === after ? [] : [refusal(path, before, after)]
}

function lostAddress({ was, now }: Pair): Finding[] {
  const [before, after] = [type(was), type(now)]
  const lost = (path: string, what: string): Finding[] => [
    { effect: 'warning', rule: 'service-address', path, message: `${what}. Tell who uses it` },
  ]
  if (before === 'LoadBalancer' && after !== before)
    return lost('spec.type', `${before} → ${after}: the load balancer and its address go`)
  if (before === 'NodePort' && (after === 'ClusterIP' || after === 'ExternalName'))
    return lost('spec.type', `${before} → ${after}: the node ports go`)
  if (before !== 'ExternalName' && after === 'ExternalName')
    return lost('spec.type', `${before} → ${after}: the cluster address goes`)
  const path = 'spec.loadBalancerIP'
  const address = [at(was, path), at(now, path)]
  if (after !== 'LoadBalancer' || address[0] === undefined || address[0] === address[1]) return []
  return lost(path, `${String(address[0])} → ${String(address[1] ?? 'any')}: the address changes`)
}

function list(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path)
  return Array.isArray(found) ? found : []
}
