// What check-values finds out, for people and for machines.
import type { Problem, Render } from 'chart-harness'
import type { Need } from '../../test/rules/external.ts'

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
export interface Finding {
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
export interface RenderFinding extends Finding {
  readonly problem: Problem
  readonly render: Render
}

/** What one Helm made of a set of values. */
export interface HelmReport {
  readonly helm: 3 | 4
  readonly version: string
  readonly objects: number
  readonly images: readonly string[]
  /** Kubernetes minors, and whether ajv and kubeconform took every object. */
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
  readonly findings: readonly Finding[]
  readonly warnings: readonly string[]
  /** What must exist before the install. */
  readonly needs: readonly Need[]
  /** The folder with the rendered files. */
  readonly rendered?: string
}
