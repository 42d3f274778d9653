import type { Container, PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1.d.ts'
import { hookOf, isRecord } from './manifests.ts'
import { valueAt } from './paths.ts'
import type { ContainerRole, ContainerView, Manifest, PodView } from './types.ts'

const templatePaths: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  Job: ['spec', 'template'],
  Pod: [],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
}

/** Whether objects of this kind run pods. */
export function isWorkload(manifest: Manifest): boolean {
  return manifest.kind in templatePaths
}

/** The pod that the object runs; undefined when its kind runs none. */
export function podOf(owner: Manifest): PodView | undefined {
  const steps = templatePaths[owner.kind]
  if (!steps) return undefined
  const template = valueAt(owner, steps)
  if (!isRecord(template) || !isRecord(template.spec)) return undefined
  const hook = hookOf(owner)
  return {
    owner,
    spec: template.spec as unknown as PodSpec,
    metadata: (template.metadata ?? {}) as NonNullable<PodTemplateSpec['metadata']>,
    path: [...steps, 'spec'].join('.'),
    ...(hook ? { hook } : {}),
  }
}

/** Every pod template of the objects. */
export function podsOf(objects: readonly Manifest[]): PodView[] {
  return objects.flatMap((object) => podOf(object) ?? [])
}

/** Every container of the pod, in the order in which they start. */
export function containersOf(pod: PodView): ContainerView[] {
  const view = (list: 'initContainers' | 'containers'): ContainerView[] =>
    (pod.spec[list] ?? []).map((container, index) => ({
      owner: pod.owner,
      pod,
      container,
      role: list === 'containers' ? 'main' : roleOf(container),
      path: `${pod.path}.${list}[${index}]`,
    }))
  return [...view('initContainers'), ...view('containers')]
}

function roleOf(initContainer: Container): ContainerRole {
  return initContainer.restartPolicy === 'Always' ? 'sidecar' : 'init'
}
