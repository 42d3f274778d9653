import type { SchemaChecker } from '../checks/kubernetes-schemas.ts'
import { checkNames } from '../checks/names.ts'
import { checkPodSecurity } from '../checks/pod-security.ts'
import { type Rule, runRules } from '../checks/rules.ts'
import { checkReferences } from '../graph/check-references.ts'
import type { Externals } from '../graph/references.ts'
import type { Problem } from '../objects/types.ts'
import type { Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import type { Render } from '../render/render.ts'

/** What is wrong with an outcome; `signature` is the same for defects that are one. */
export interface Finding {
  readonly signature: string
  readonly message: string
  /** Shows it; to paste into a shell: Helm with the values on standard input. */
  readonly command: string
}

/** What must hold for whatever values render. */
export interface Oracle {
  /** Checks each object against Kubernetes' schemas of these minors. */
  readonly schemas?: { readonly check: SchemaChecker; readonly minors: readonly string[] }
  /** What exists outside the chart; without it references are not followed. */
  readonly externals?: (render: Render) => Externals
  /** Whether pods must be admitted as "restricted". */
  readonly restricted?: boolean
  /** Facts of the caller. */
  readonly rules?: readonly Rule[]
  /** Problems that users cause on purpose, e.g. a privilege that they asked for. */
  readonly allows?: (problem: Problem, values: object) => boolean
}

/** A chart may refuse values by schema or by a rule; a panic and text that is not YAML are defects. */
export function judgeOutcome(outcome: Outcome, values: object, oracle: Oracle): Finding[] {
  const { render, failure } = outcome
  if (failure) {
    const { kind, template = '', line = '', cause } = failure
    if (kind === 'schema' || (kind === 'fail' && cause !== '')) return []
    const signature = `${kind} ${template} ${line} ${masked(cause)}`
    return [findingIn(outcome, signature, `${kind}: ${describeFailure(failure)}`)]
  }
  if (render.objects.length === 0) return [findingIn(outcome, 'nothing', 'renders no object')]
  const problems = problemsOf(render, oracle)
  const found = problems.filter((problem) => !oracle.allows?.(problem, values))
  return found.map(({ rule, object, path = '', message }) => {
    const signature = `${rule} ${masked(path.split('.').at(-1) ?? '')} ${masked(message)}`
    return findingIn(outcome, signature, `${rule}: ${object} ${path}: ${message}`)
  })
}

/** A finding with the command that reproduces the outcome. */
export function findingIn(outcome: Outcome, signature: string, message: string): Finding {
  return { signature, message, command: (outcome.render ?? outcome.failure).command }
}

function problemsOf(render: Render, oracle: Oracle): Problem[] {
  const { schemas, externals, restricted = false, rules = [] } = oracle
  const misshapen = schemas?.minors.flatMap((minor) =>
    render.objects.flatMap((object) => schemas.check(object, minor)),
  )
  // What follows reads objects of the right shape.
  if (misshapen && misshapen.length > 0) return misshapen
  return [
    ...checkNames(render),
    ...(restricted ? checkPodSecurity(render) : []),
    ...(externals ? checkReferences(render, { external: externals(render) }) : []),
    ...runRules(render, rules).problems,
  ]
}

/** The text without what differs from case to case: names, numbers, quoted values. */
export function masked(text: string): string {
  return text
    .replaceAll(/"[^"]*"|'[^']*'/g, '…')
    .replaceAll(/\(container \S+\)|^container \S+|^Kubernetes \S+/g, '…')
    .replaceAll(/\d+/g, '0')
    .slice(0, 120)
}
