// What a roll-out cuts off. For its duration old pods run beside new ones, while Services, budgets and policies are
// already the new ones.
import { selects } from '../graph/selectors.ts'
import { isRecord, nameOf, namespaceOf } from '../objects/manifests.ts'
import { podOf } from '../objects/pods.ts'
import type { Manifest, PodView } from '../objects/types.ts'
import { at, type Finding, type Pair } from './finding.ts'

/** A workload's pods before and after; both run at once. */
export interface RollOut {
  readonly name: string
  readonly namespace: string | undefined
  readonly old: PodView
  readonly fresh: PodView
}

const rolling: ReadonlySet<string> = new Set(['DaemonSet', 'Deployment', 'StatefulSet'])

/** The workloads of the pairs whose old pods run beside new ones. */
export function rollOuts(pairs: readonly Pair[], namespace: string): RollOut[] {
  return pairs.flatMap(({ was, now }) => {
    const [old, fresh] = [podOf(was), podOf(now)]
    const isRolling = rolling.has(now.kind) && at(now, 'spec.strategy.type') !== 'Recreate'
    if (!isRolling || !old || !fresh) return []
    return [{ name: nameOf(now), namespace: namespaceOf(now, namespace), old, fresh }]
  })
}

type Labels = Readonly<Record<string, string>>
/** A selector of the object, where it stands, and what it does for the pods that it selects. */
interface Choice {
  readonly path: string
  readonly verb: string
  readonly selects: (labels: Labels) => boolean
}

/** What selectors that changed, or labels that did, do while pods are replaced. */
export function selectorChanges(pair: Pair, outs: readonly RollOut[]): Finding[] {
  const before = new Map(choices(pair.was).map((choice) => [choice.path, choice]))
  return choices(pair.now).flatMap((now) => {
    const was = before.get(now.path)
    return was ? outs.flatMap((out) => drift(was, now, out)) : []
  })
}

function drift(was: Choice, now: Choice, { name, old, fresh }: RollOut): Finding[] {
  const [oldLabels, freshLabels] = [old.metadata.labels ?? {}, fresh.metadata.labels ?? {}]
  const had = was.selects(oldLabels)
  const wants = now.selects(freshLabels)
  const hasOld = now.selects(oldLabels)
  const found = (message: string): Finding[] => [
    { effect: 'warning', rule: 'selector-drift', path: now.path, message },
  ]
  if (had && !wants) return found(`no longer ${now.verb} pods of ${name}`)
  if (had && !hasOld)
    return found(`${now.verb} the old pods of ${name} no longer, while the new ones are not ready`)
  if (!had && !wants && hasOld)
    return found(`${now.verb} the old pods of ${name}, too, until they are replaced`)
  return []
}

function choices(object: Manifest): Choice[] {
  const spec = isRecord(object.spec) ? object.spec : {}
  const one = (path: string, verb: string, selector: unknown): Choice[] =>
    isRecord(selector) ? [{ path, verb, selects: (labels) => selects(selector, labels) }] : []
  if (object.kind === 'Service')
    return isRecord(spec.selector)
      ? one('spec.selector', 'reaches', { matchLabels: spec.selector })
      : []
  if (object.kind === 'PodDisruptionBudget') return one('spec.selector', 'protects', spec.selector)
  if (object.kind !== 'NetworkPolicy') return []
  return [
    ...one('spec.podSelector', 'covers', spec.podSelector ?? {}),
    ...peers(spec, 'ingress', 'from'),
    ...peers(spec, 'egress', 'to'),
  ]
}

/** All peers of one direction together: whether a pod is let through at all. */
function peers(
  spec: Record<string, unknown>,
  direction: 'ingress' | 'egress',
  key: string,
): Choice[] {
  const rules = Array.isArray(spec[direction]) ? spec[direction].filter(isRecord) : []
  const selectors = rules
    .flatMap((rule) => (Array.isArray(rule[key]) ? rule[key].filter(isRecord) : []))
    .filter((peer) => isRecord(peer.podSelector) && peer.namespaceSelector === undefined)
    .map((peer) => peer.podSelector as object)
  if (selectors.length === 0) return []
  const isChosen = (labels: Labels): boolean => selectors.some((one) => selects(one, labels))
  return [{ path: `spec.${direction}`, verb: 'lets through', selects: isChosen }]
}
