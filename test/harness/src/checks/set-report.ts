// What checking a set of values finds out.
import type { Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

/** Where a finding comes from, in the order of the work. */
export type Stage =
  | 'file'
  | 'schema'
  | 'rule'
  | 'template'
  | 'manifest'
  | 'kubernetes'
  | 'kubeconform'
  | 'check'

/** One thing that is wrong. */
export interface SetFinding {
  readonly stage: Stage
  readonly message: string
  /** `file:line` of the value; of a render's problem, of every value that makes it. */
  readonly value?: string
  /** `file:line` of the template that wrote it, and of those that include it. */
  readonly template?: string
  /** The `helm template` command that shows it. */
  readonly command?: string
  /** The Helm that it was found with; absent when it concerns both or none. */
  readonly helm?: 3 | 4
}

/** Something that is wrong with a render, and can be explained. */
export interface RenderFinding extends SetFinding {
  readonly problem: Problem
  readonly render: Render
}

/** What one Helm made of a set of values. */
export interface HelmReport {
  readonly helm: 3 | 4
  readonly version: string
  readonly objects: number
  readonly images: readonly string[]
  /** Kubernetes minors, and whether every object is valid there. */
  readonly kubernetes: Readonly<Record<string, boolean>>
  readonly rulesPassed: number
  readonly rules: number
}

/** The result for one set of values. */
export interface SetReport {
  readonly name: string
  readonly files: readonly string[]
  readonly ok: boolean
  readonly helms: readonly HelmReport[]
  readonly findings: readonly SetFinding[]
  readonly warnings: readonly string[]
}

/** Both Helms mostly report the same: then it is reported once, without naming one. */
export function mergeHelms<T extends SetFinding>(
  findings: readonly T[],
  helms: number,
): (Omit<T, 'helm'> & Pick<SetFinding, 'helm'>)[] {
  const byMessage = new Map<string, T[]>()
  for (const finding of findings) {
    byMessage.set(finding.message, [...(byMessage.get(finding.message) ?? []), finding])
  }
  return [...byMessage.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const { helm, ...rest } = first
    const reporting = new Set(same.map((finding) => finding.helm))
    return reporting.size === helms || helm === undefined ? [rest] : [first]
  })
}
