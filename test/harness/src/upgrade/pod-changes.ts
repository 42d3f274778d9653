import { isRecord } from '../objects/manifests.ts'
import { at, type Finding, type Pair, refusal } from './finding.ts'
import { diffValues } from './value-diff.ts'

/** Of a bare Pod only images may change, and tolerations be added. */
export function podChanges({ was, now }: Pair): Finding[] {
  if (now.kind !== 'Pod') return []
  const changed = (['initContainers', 'containers'] as const).flatMap((list) => {
    const path = `spec.${list}`
    return diffValues(withoutImages(at(was, path)), withoutImages(at(now, path)), path).slice(0, 1)
  })
  const path = 'spec.tolerations'
  const [before, after] = [at(was, path), at(now, path)]
  const kept = asList(before).every((toleration) =>
    asList(after).some((other) => diffValues(toleration, other).length === 0),
  )
  return [
    ...changed.map((change) => refusal(change.path, change.before, change.after)),
    ...(kept ? [] : [refusal(path, before, after, 'can only be added to')]),
  ]
}

function withoutImages(containers: unknown): unknown {
  return asList(containers).map((container) => {
    if (!isRecord(container)) return container
    // The policy follows the image, where none is written.
    const { image: _image, imagePullPolicy: _policy, ...rest } = container
    return rest
  })
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
