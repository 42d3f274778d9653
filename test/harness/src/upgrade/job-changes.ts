import { isRecord } from '../objects/manifests.ts'
import { at, type Finding, type Pair, refusal } from './finding.ts'
import { diffValues } from './value-diff.ts'

/** What may change in the template of a Job that is suspended and never ran. */
const schedulingFields = ['nodeSelector', 'schedulingGates', 'tolerations'] as const
const resourcesSince = 36

/** The changes to a Job's pods and their number that Kubernetes does not allow. */
export function jobChanges({ was, now }: Pair, minor: number): Finding[] {
  if (now.kind !== 'Job') return []
  const isSuspended = at(was, 'spec.suspend') === true
  const template = (job: unknown): unknown =>
    isSuspended ? fixedPart(at(job, 'spec.template'), minor) : at(job, 'spec.template')
  const [change] = diffValues(template(was), template(now), 'spec.template')
  return [
    ...(change ? [refusal(change.path, change.before, change.after)] : []),
    ...completions(was, now),
  ]
}

function fixedPart(template: unknown, minor: number): unknown {
  const { spec } = isRecord(template) ? template : {}
  if (!isRecord(spec)) return template
  const fixed: Record<string, unknown> = { ...spec }
  for (const field of schedulingFields) delete fixed[field]
  if (isRecord(fixed.affinity)) {
    const { nodeAffinity: _, ...others } = fixed.affinity
    fixed.affinity = Object.keys(others).length > 0 ? others : undefined
  }
  if (minor >= resourcesSince)
    for (const list of ['initContainers', 'containers'] as const)
      if (Array.isArray(fixed[list])) fixed[list] = fixed[list].map(withoutResources)
  return { spec: fixed }
}

function withoutResources(container: Record<string, unknown>): unknown {
  const { resources: _, ...rest } = container
  return rest
}

function completions(was: unknown, now: unknown): Finding[] {
  const path = 'spec.completions'
  const [before, after] = [at(was, path), at(now, path)]
  if (before === undefined && after === undefined) return []
  const [old, fresh] = [before ?? preset(was), after ?? preset(now)]
  if (old === fresh) return []
  const isIndexed = at(was, 'spec.completionMode') === 'Indexed'
  if (!isIndexed) return [refusal(path, old, fresh)]
  if (fresh === (at(now, 'spec.parallelism') ?? 1)) return []
  return [refusal(path, old, fresh, 'can only change together with parallelism')]
}

/** Without either number there is one pod; with parallelism alone the pods share a queue. */
function preset(job: unknown): unknown {
  return at(job, 'spec.parallelism') === undefined ? 1 : undefined
}
