// The rules of ValidateServiceUpdate (pkg/apis/core/validation), and what the registry keeps of a Service whose
// manifest leaves a field out (pkg/registry/core/service/storage: patchAllocatedValues).
import { asList, at, both, type Finding, type Pair, refusal, warning } from './finding.ts'

/** What changes a Service in a way that Kubernetes does not allow, and what takes its address away. */
export function* serviceChanges(pair: Pair): Iterable<Finding> {
  if (![pair.was, pair.now].some((service) => typeOf(service) === 'ExternalName')) {
    yield* clusterAddress(pair)
    yield* families(pair)
    yield* balancer(pair)
  }
  yield* lostAddress(pair)
}

function typeOf(service: unknown): string {
  return String(at(service, 'spec.type') ?? 'ClusterIP')
}

function* clusterAddress(pair: Pair): Iterable<Finding> {
  const { was, now } = pair
  const path = 'spec.clusterIP'
  const [before, after] = both(pair, path)
  // What is left out stays as it is.
  if (after !== undefined && after !== before) yield refusal(path, before, after)
  else if (before !== 'None') yield* firstOther(pair, 'spec.clusterIPs')
  else if (typeOf(now) !== 'ClusterIP')
    yield refusal('spec.type', typeOf(was), typeOf(now), 'is not possible for a headless Service')
  else if (after === undefined) {
    const message = 'has no effect: the Service stays headless. Give the new one another name'
    yield warning('service-headless', path, message)
  }
}

/** The first item of a list that changes; items may be added and removed at its end. */
function* firstOther(pair: Pair, path: string, preset: readonly unknown[] = []): Iterable<Finding> {
  const [before = [], after = []] = both(pair, path).map(asList)
  const old = before.length > 0 ? before : preset
  const index = after.findIndex((item, i) => i < old.length && item !== old[i])
  if (index >= 0) yield refusal(`${path}[${index}]`, before[index], after[index])
}

function* families(pair: Pair): Iterable<Finding> {
  const path = 'spec.ipFamilies'
  if (at(pair.was, 'spec.clusterIP') === 'None') return
  // A cluster assigns IPv4 first, unless it only has IPv6.
  const others = [...firstOther(pair, path, ['IPv4'])]
  yield* others
  const [before = 0, after = 0] = both(pair, path).map((list) => asList(list).length)
  const policy = 'spec.ipFamilyPolicy'
  const [oldPolicy, newPolicy] = both(pair, policy)
  if (others.length > 0 || after === 0 || after >= before || newPolicy === 'SingleStack') return
  yield refusal(policy, oldPolicy, newPolicy, 'must be SingleStack when a family is removed')
}

function* balancer(pair: Pair): Iterable<Finding> {
  const { was, now } = pair
  if (typeOf(was) !== 'LoadBalancer' || typeOf(now) !== 'LoadBalancer') return
  const [oldClass, newClass] = both(pair, 'spec.loadBalancerClass')
  if (oldClass !== newClass) yield refusal('spec.loadBalancerClass', oldClass, newClass)
  const path = 'spec.healthCheckNodePort'
  const [before, after] = both(pair, path)
  const isLocal = both(pair, 'spec.externalTrafficPolicy').every((policy) => policy === 'Local')
  if (isLocal && after !== undefined && before !== after) yield refusal(path, before, after)
}

function* lostAddress(pair: Pair): Iterable<Finding> {
  const [before, after] = [typeOf(pair.was), typeOf(pair.now)]
  const lost = (path: string, what: string): Finding =>
    warning('service-address', path, `${what}. Tell its users`)
  const change = `${before} → ${after}`
  if (before === 'LoadBalancer' && after !== before)
    yield lost('spec.type', `${change}: the load balancer and its address go away`)
  else if (before === 'NodePort' && (after === 'ClusterIP' || after === 'ExternalName'))
    yield lost('spec.type', `${change}: the node ports go away`)
  else if (before !== 'ExternalName' && after === 'ExternalName')
    yield lost('spec.type', `${change}: the cluster address goes away`)
  const path = 'spec.loadBalancerIP'
  const [old, fresh] = both(pair, path)
  if (after !== 'LoadBalancer' || old === undefined || old === fresh) return
  yield lost(path, `${old} → ${fresh ?? 'any'}: the address changes`)
}
